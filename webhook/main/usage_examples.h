// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The text below the --help of each command.
namespace tegata::webhook {

inline constexpr const char* kExamples =
    "Examples:\n"
    "  tegata check -f deploy.yaml --policy policy.yaml       the verdict on this manifest\n"
    "  tegata policy lint policies/                           errors and warnings of these policies\n"
    "  tegata verify --key ci.pub --insecure-ignore-tlog registry.example/shop@sha256:...\n"
    "Exit codes: 0 nothing denied, 1 denied, 2 could not be checked, 64 usage or policy, 65 invalid input.";

inline constexpr const char* kServeExamples =
    "Every option is also an environment variable (TEGATA_AUDIT_LOG for --audit-log) and a line of the\n"
    "--config file (audit-log = \"/var/log/tegata.jsonl\"). The command line takes precedence over the\n"
    "environment, and the environment over the file.\n"
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
    "The options are those of cosign. Unless an --insecure-ignore option is given, a transparency log entry\n"
    "is required, and an embedded timestamp (SCT) in every certificate.\n"
    "Exit codes: 0 verified, 1 rejected or missing, 2 could not be checked, 64 usage.\n"
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

inline constexpr const char* kScanExamples =
    "Reports in files are read as they are; those in attestations of the type vuln count if they are by the\n"
    "signer that the options name, which are those of verify.\n"
    "Exit codes: 0 scanned, 1 not scanned, 2 could not be checked, 64 usage, or a report about another "
    "image.\n"
    "Examples:\n"
    "  tegata scan --scan-report trivy.json registry.example/shop@sha256:...\n"
    "  tegata scan --key scanner.pub --insecure-ignore-tlog -o json registry.example/shop:3f2a91c";

inline constexpr const char* kVerifyBundleExamples =
    "The interface of the conformance suite of the Sigstore clients. With --key, the transparency log is\n"
    "required if a trusted root is given or is the default, and not checked otherwise.\n"
    "Exit codes: 0 verified, 1 rejected, 2 a file cannot be read, 64 usage.\n"
    "Examples:\n"
    "  tegata verify-bundle --bundle shop.tar.sigstore.json --certificate-identity release@acme.example \\\n"
    "      --certificate-oidc-issuer https://accounts.google.com --trusted-root trusted_root.json shop.tar\n"
    "  tegata verify-bundle --bundle shop.tar.sigstore.json --key ci.pub sha256:...";

inline constexpr const char* kVerifyBlobExamples =
    "A bare signature contains neither log entry nor certificate: with --key, no log entry is required, and\n"
    "a certificate is given as --certificate. With --bundle, the log is required unless\n"
    "--insecure-ignore-tlog is given.\n"
    "Exit codes: 0 verified, 1 rejected, 2 a file cannot be read, 64 usage.\n"
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
    "A record of the same policy must give the same verdict, byte for byte; otherwise the exit code is 1.\n"
    "Examples:\n"
    "  tegata replay --policy new.yaml --evidence-dir evidence/ audit.jsonl\n"
    "  zcat audit.*.gz | tegata replay --policy new.yaml --jobs 2 -";

inline constexpr const char* kVersionExamples =
    "Examples:\n"
    "  tegata version -o json";

inline constexpr const char* kCompletionExamples =
    "Examples:\n"
    "  source <(tegata completion bash)\n"
    "  tegata completion fish | source";

}  // namespace tegata::webhook
