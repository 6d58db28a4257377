// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/documents.h"

#define HEAD                          \
  "apiVersion: tegata.dev/v1alpha1\n" \
  "kind: DeploymentPolicy\n"          \
  "metadata: {name: production}\n"    \
  "spec:\n"

namespace tegata::policy::testing {
namespace {

constexpr ValidDocument kValid[] = {
    {"the least", HEAD "  rules: [{name: pinned, digest: required}]\n"},
    {"everything at once", HEAD R"(  enforcement: warn
  onMissing: dryrun
  onUnknown: allow
  match:
    kubernetes: {namespaces: ["prod-*", web], excludeNamespaces: [prod-sandbox]}
    ecs: {accounts: ["111122223333"], clusters: ["prod-*", Main_2]}
  rules:
    - name: our-registries
      allowedRegistries: ["111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/**"]
    - name: commit-id-tags
      enforcement: deny
      onMissing: warn
      onUnknown: dryrun
      images: ["registry.example.com/**"]
      tag: {format: commitId, minLength: 40, pattern: "[0-9a-f]+", digestOnly: allow}
    - name: pinned
      digest: required
    - name: signed-by-ci
      images: ["111122223333.dkr.ecr.*.amazonaws.com/**", "docker.io/library/nginx"]
      signature:
        anyOf:
          - key: {file: /etc/tegata/keys/ci.pub}
          - key: {file: keys/qa.pub, transparencyLog: notRequired}
        annotations: {team: pay, "env": "prod"}
        identity: "registry.example.com/**"
        repository: registry.example.com/signatures
    - name: pipelines-only
      deployers:
        kubernetes:
          serviceAccounts: ["argocd/argocd-*"]
          users: ["alice@example.com", "system:serviceaccount:flux-system:flux"]
          groups: ["system:masters"]
        ecs:
          roles: ["arn:aws:iam::111122223333:role/deploy/*"]
          services: [states.amazonaws.com]
          users: ["arn:aws-cn:iam::111122223333:user/ci"]
          manual: allow
  exemptions:
    - {rules: [pinned, signed-by-ci], images: ["registry.example.com/legacy/**"], reason: "vendor fix due", owner: team-pay, expires: 2027-01-31}
    - rules: [pinned]
      digests: ["sha256:0000000000000000000000000000000000000000000000000000000000000000"]
      reason: "until #12 is done"
      owner: team-web
      expires: "2028-02-29"
)",
     true},
    {"scans", HEAD R"(  rules:
    - name: scanned
      attestation: {type: vuln, anyOf: [{key: {file: keys/ci.pub}}]}
    - name: no-known-holes
      vulnerabilities:
        failAt: HIGH
        minScore: 7.5
        unknownSeverity: allow
        fixableOnly: true
        exploitable: false
        grace: 168h
        maxScanAge: 3d
        sources: [ecr, {attestation: scanned}]
        require: any
        honorSuppressions: true
  exemptions:
    - rules: [no-known-holes]
      vulnerabilities: [CVE-2026-11111, "GHSA-aaaa-bbbb-cccc", "ELSA-2026:1234"]
      images: ["registry.example.com/shop/**"]
      reason: not reachable
      owner: team-pay
      expires: 2027-01-31
)",
     true},
    {"a key in a log", HEAD R"(  rules:
    - name: signed
      signature:
        anyOf:
          - key:
              file: keys/ci.pub
              transparencyLog: required
              trustedRoot: {transparencyLogs: [rekor.pub]}
)",
     true},
    {"keyless by subject glob and extensions", HEAD R"(  rules:
    - name: signed
      signature:
        anyOf:
          - keyless:
              issuer: https://token.actions.githubusercontent.com
              subjectGlob: "https://github.com/acme/*/.github/workflows/release.yml@refs/heads/main"
              extensions: {runnerEnvironment: github-hosted, sourceRepositoryOwnerIdentifier: "1234"}
              trustedRoot: {file: trusted_root.json}
)",
     true},
    {"keyless by patterns and timestamp", HEAD R"(  rules:
    - name: signed
      signature:
        anyOf:
          - keyless:
              issuerRegExp: "https://(accounts|login)[.]acme[.]com"
              subjectRegExp: "[a-z]+@acme[.]com"
              transparencyLog: notRequired
              signedTimestamp: required
              signedCertificateTimestamp: notRequired
              trustedRoot:
                certificateAuthorities: [ca.pem]
                certificateTransparencyLogs: [ctfe.pub]
                timestampAuthorities: [tsa.pem]
)",
     true},
    {"keyless by a person, or a workflow of GitHub", HEAD R"(  rules:
    - name: signed
      signature:
        anyOf:
          - keyless: {issuer: https://issuer, subject: alice@acme.com}
          - keyless: {github: {repository: acme/shop, workflow: release.yml, ref: refs/heads/main}}
)",
     true},
    {"certificates of an own authority", HEAD R"(  rules:
    - name: signed
      signature:
        anyOf:
          - certificate: {file: leaf.pem, roots: [ca.pem], issuer: "", subject: ci@acme.com}
          - certificate:
              issuer: ""
              subjectGlob: "*@acme.com"
              trustedRoot: {file: trusted_root.json}
              transparencyLog: required
              signedTimestamp: required
              signedCertificateTimestamp: required
)",
     true},
    {"provenance, and a tag that is bound to it", HEAD R"(  rules:
    - name: built-here
      attestation:
        type: slsaprovenance1
        anyOf: [{key: {file: keys/ci.pub}}]
        provenance:
          builder: "https://github.com/actions/runner/*"
          sourceRepository: https://github.com/acme/shop
          buildType: https://actions.github.io/buildtypes/workflow/v1
          baseImages: ["sha256:0000000000000000000000000000000000000000000000000000000000000000"]
        repository: registry.example.com/attestations
    - name: tags
      tag: {format: commitId, matchesProvenance: built-here}
)",
     true},
    {"tags that the registry holds", HEAD R"(  rules:
    - name: tags
      tag: {immutable: registry, digestOnly: allow}
)",
     true},
    {"what images say of themselves", HEAD R"(  rules:
    - name: tags
      tag: {format: commitId, commitFrom: label}
    - name: base
      baseImage:
        digests:
          - "sha256:0000000000000000000000000000000000000000000000000000000000000000"
          - "sha256:1111111111111111111111111111111111111111111111111111111111111111"
        from: label
    - name: more-tags
      tag: {format: commitId, matchesProvenance: signed, commitFrom: provenance}
    - name: signed
      signature: {anyOf: [{key: {file: keys/ci.pub}}]}
)",
     true},
    {"withdrawn images", HEAD R"(  rules:
    - name: withdrawn
      denied: {file: denied.txt}
)",
     true},
    {"image configs", HEAD R"(  rules:
    - name: hardened
      imageConfig: {user: nonRoot, secrets: deny, healthcheck: required, addFromUrl: deny}
)",
     true},
    {"the age of images", HEAD R"(  rules:
    - name: recent
      age: {maxSinceBuild: 2160h}
)",
     true},
    {"conditions on values", HEAD R"(  rules:
    - name: tested
      attestation:
        type: https://acme.com/results/v1
        threshold: 2
        of: [{key: {file: keys/ci.pub}}, {key: {file: keys/qa.pub}}]
        where:
          - {path: status, equals: passed}
          - {path: "runs[0][\"a key\"]", in: [1, -2, 2.5, true, x, "7"]}
          - {path: tool, matches: "unit|lint"}
          - {path: waived, exists: false}
)",
     true},
    {"conditions on numbers", HEAD R"(  rules:
    - name: tested
      attestation:
        type: https://acme.com/results/v1
        threshold: 2
        of: [{key: {file: keys/ci.pub}}, {key: {file: keys/qa.pub}}]
        where:
          - {path: a, lessThan: 10}
          - {path: a, atMost: 9.5}
          - {path: a, greaterThan: -1}
          - {path: a, atLeast: 0}
)",
     true},
    {"conditions on times", HEAD R"(  rules:
    - name: tested
      attestation:
        type: https://acme.com/results/v1
        threshold: 2
        of: [{key: {file: keys/ci.pub}}, {key: {file: keys/qa.pub}}]
        where:
          - {path: made, before: now}
          - {path: made, notAfter: "2030-01-01T00:00:00Z"}
          - {path: expires, after: now}
          - {path: made, notBefore: now-168h}
)",
     true},
    {"conditions on lists", HEAD R"(  rules:
    - name: tested
      attestation:
        type: https://acme.com/results/v1
        threshold: 2
        of: [{key: {file: keys/ci.pub}}, {key: {file: keys/qa.pub}}]
        where:
          - path: results
            any:
              - {path: ., exists: true}
              - {path: checks, all: [{path: name, equals: lint}]}
          - {path: results, all: [{path: checks, any: [{path: name, equals: lint}]}]}
)",
     true},
    {"JSON", R"({"apiVersion": "tegata.dev/v1alpha1", "kind": "DeploymentPolicy",
 "metadata": {"name": "production"},
 "spec": {"rules":[{"name":"tags","tag":{"format":"commitId","minLength":12}}], "exemptions": []}})"},
    {"JSON with tabs and escapes",
     "{\n\t\"apiVersion\":\"tegata.dev\\/v1alpha1\",\"kind\":\"DeploymentPolicy\",\n"
     "\t\"metadata\":{\"name\":\"p\"},\"spec\":{\"rules\":[{\"name\":\"pinn\\u0065d\","
     "\"digest\":\"required\"}]}}"},
    {"a byte order mark", "\xEF\xBB\xBF" HEAD "  rules: [{name: pinned, digest: required}]\n"},
    {"CR LF line ends",
     "apiVersion: tegata.dev/v1alpha1\r\nkind: DeploymentPolicy\r\nmetadata:\r\n  name: p\r\nspec:\r\n"
     "  rules:\r\n    - name: pinned\r\n      digest: required\r\n"},
    {"comments and a document start",
     "# ours\n---\n" HEAD "  rules: # one\n  - {name: pinned, digest: required}\n"},
    {"two documents",
     HEAD "  rules: [{name: pinned, digest: required}]\n---\n"
          "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: other}\n"
          "spec: {rules: [{name: pinned, digest: required}]}\n"},
    {"a match with one platform, all of it",
     HEAD "  match: {kubernetes: {}}\n  rules: [{name: a, digest: required}]\n", true},
    {"a match with ECS only",
     HEAD "  match: {ecs: {clusters: [\"*\"]}}\n  rules: [{name: a, digest: required}]\n"},
    {"every image", HEAD "  rules: [{name: a, images: [\"**\"], allowedRegistries: [\"**\"]}]\n"},
    {"a registry with a port", HEAD "  rules: [{name: a, allowedRegistries: [\"localhost:5000/team/*\"]}]\n"},
    {"a tag pattern alone",
     HEAD "  rules: [{name: a, tag: {pattern: \"v[0-9]+-(?P<commit>[0-9a-f]{7,40})\"}}]\n"},
    {"minLength at 7", HEAD "  rules: [{name: a, tag: {format: commitId, minLength: 7}}]\n"},
    {"minLength at 64", HEAD "  rules: [{name: a, tag: {format: commitId, minLength: 64}}]\n"},
    {"digestOnly deny", HEAD "  rules: [{name: a, tag: {format: commitId, digestOnly: deny}}]\n"},
    {"allOf",
     HEAD
     "  rules: [{name: a, signature: {allOf: [{key: {file: keys/ci.pub}}, {key: {file: keys/qa.pub}}]}}]\n",
     true},
    {"a threshold of all",
     HEAD "  rules: [{name: a, signature: {threshold: 2, of: [{key: {file: "
          "keys/ci.pub}}, {key: {file: keys/qa.pub}}]}}]\n",
     true},
    {"one key twice in anyOf", HEAD "  rules: [{name: a, signature: {anyOf: [{key: {file: keys/ci.pub}}, "
                                    "{key: {file: keys/ci-again.pub}}]}}]\n"},
    {"deployers on ECS only, people too", HEAD "  rules: [{name: a, deployers: {ecs: {manual: allow}}}]\n"},
    {"deployers by group",
     HEAD "  rules: [{name: a, deployers: {kubernetes: {groups: [\"system:masters\"]}}}]\n"},
    {"a service of China",
     HEAD "  rules: [{name: a, deployers: {ecs: {services: [ecs.amazonaws.com.cn]}}}]\n"},
    {"an exemption that is over",
     HEAD "  rules: [{name: a, digest: required}]\n"
          "  exemptions: [{rules: [a], images: [\"**\"], reason: r, owner: o, expires: 2001-01-01}]\n"},
    {"an exemption of a deployers rule",
     HEAD "  rules: [{name: a, deployers: {ecs: {manual: deny}}}]\n"
          "  exemptions: [{rules: [a], images: [\"docker.io/library/*\"], reason: r, owner: o, expires: "
          "2030-12-31}]\n"},
    {"a rule with help",
     HEAD "  rules: [{name: a, digest: required, help: \"https://wiki.example/pin 手形\"}]\n"},
    {"quoted words", HEAD
     "  \"enforcement\": \"dryrun\"\n  'onMissing': 'allow'\n  rules: [{name: \"a\", digest: 'required'}]\n"},
    {"a folded reason without a line end",
     HEAD "  rules: [{name: a, digest: required}]\n  exemptions:\n    - rules: [a]\n      images: [\"**\"]\n"
          "      reason: >-\n        two\n        lines\n      owner: o\n      expires: 2030-12-31\n"},
    {"numbers in quotes are text", HEAD "  rules: [{name: \"007\", digest: required}]\n"},
    {"a name that only looks like a truth value",
     HEAD "  rules: [{name: \"on\", digest: required}, {name: yes-we-do, digest: required}]\n"},
};

}  // namespace

std::span<const ValidDocument> valid_documents() { return kValid; }

}  // namespace tegata::policy::testing
