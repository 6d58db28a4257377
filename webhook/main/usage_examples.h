// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What stands below each command's --help.
namespace tegata::webhook {

inline constexpr const char* kExamples =
    "Examples:\n"
    "  tegata check -f deploy.yaml --policy policy.yaml       what would happen to this manifest\n"
    "  tegata policy lint policies/                           what is wrong with these policies\n"
    "  tegata verify --key ci.pub --insecure-ignore-tlog registry.example/shop@sha256:...\n"
    "Exit codes: 0 nothing denied, 1 denied, 2 could not be checked, 64 usage or policy, 65 invalid input.";

inline constexpr const char* kServeExamples =
    "Every option is also a variable (TEGATA_AUDIT_LOG for --audit-log) and a line of the file given as "
    "--config\n"
    "(audit-log = \"/var/log/tegata.jsonl\"). The command line counts before the variable, that before the "
    "file.\n"
    "Examples:\n"
    "  tegata serve --policy /etc/tegata/policies --tls-cert-file tls.crt --tls-private-key-file tls.key \\\n"
    "      --audit-log /var/log/tegata/audit.jsonl --dry-run";

inline constexpr const char* kCheckExamples =
    "Examples:\n"
    "  tegata check -f deploy.yaml --policy policy.yaml -n prod\n"
    "  tegata check -f manifests/ --policy policies/ --as system:serviceaccount:argocd:deployer -o json\n"
    "  tegata check -f taskdef.json --policy policy.yaml --account 111122223333 --cluster prod \\\n"
    "      --as arn:aws:iam::111122223333:role/deploy/shop\n"
    "  tegata check -f event.json --task-definitions taskdefs/ --policy policy.yaml\n"
    "  helm template shop | tegata check -f - --policy policy.yaml --fail-on warn";

inline constexpr const char* kVerifyExamples =
    "The options are cosign's. What is not ignored by name is required: a transparency log always, an\n"
    "embedded certificate timestamp of every certificate.\n"
    "Ends with 0: verified; 1: rejected or missing; 2: could not be checked.\n"
    "Examples:\n"
    "  tegata verify --certificate-identity "
    "https://github.com/acme/shop/.github/workflows/release.yml@refs/heads/main \\\n"
    "      --certificate-oidc-issuer https://token.actions.githubusercontent.com --trusted-root "
    "trusted_root.json \\\n"
    "      registry.example/shop:3f2a91c\n"
    "  tegata verify --key ci.pub -a stage=prod --insecure-ignore-tlog registry.example/shop@sha256:...\n"
    "  tegata verify --key scanner.pub --type vuln --insecure-ignore-tlog registry.example/shop:3f2a91c\n"
    "  tegata verify --certificate-identity ci@corp.example --certificate-oidc-issuer \"\" --ca-roots "
    "root.pem \\\n"
    "      --ca-intermediates intermediate.pem --insecure-ignore-sct --insecure-ignore-tlog "
    "registry.example/shop:3f2a91c";

inline constexpr const char* kVerifyBundleExamples =
    "As the conformance suite of the Sigstore clients calls it. With --key the transparency log is required\n"
    "where a trusted root is given or is the default, and not looked at where there is none.\n"
    "Ends with 0: verified; 1: rejected; 2: a file cannot be read.\n"
    "Examples:\n"
    "  tegata verify-bundle --bundle shop.tar.sigstore.json --certificate-identity release@acme.example \\\n"
    "      --certificate-oidc-issuer https://accounts.google.com --trusted-root trusted_root.json shop.tar\n"
    "  tegata verify-bundle --bundle shop.tar.sigstore.json --key ci.pub sha256:...";

inline constexpr const char* kVerifyBlobExamples =
    "A bare signature brings neither log entry nor certificate along: with --key none is asked for, and a\n"
    "certificate is given as --certificate. With --bundle the log is required unless "
    "--insecure-ignore-tlog.\n"
    "Ends with 0: verified; 1: rejected; 2: a file cannot be read.\n"
    "Examples:\n"
    "  tegata verify-blob shop.tar --key ci.pub --signature shop.tar.sig\n"
    "  tegata verify-blob shop.tar --bundle shop.tar.sigstore.json --certificate-identity "
    "release@acme.example \\\n"
    "      --certificate-oidc-issuer https://accounts.google.com --trusted-root trusted_root.json";

inline constexpr const char* kPolicyExamples =
    "Examples:\n"
    "  tegata policy lint --strict policies/\n"
    "  tegata policy schema > policy.schema.json\n"
    "  tegata policy explain spec.rules.signature";

inline constexpr const char* kReplayExamples =
    "A record of the same policy must give the same verdict, byte for byte; otherwise it ends with 1.\n"
    "Examples:\n"
    "  tegata replay --policy new.yaml --evidence-dir evidence/ audit.jsonl";

inline constexpr const char* kVersionExamples =
    "Examples:\n"
    "  tegata version -o json";

inline constexpr const char* kCompletionExamples =
    "Examples:\n"
    "  source <(tegata completion bash)\n"
    "  tegata completion fish | source";

}  // namespace tegata::webhook
