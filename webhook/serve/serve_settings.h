// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "policy/engine/engine.h"
#include "policy/model/limits.h"
#include "policy/model/result.h"
#include "webhook/engine/engine.h"

namespace tegata::webhook {

/// All options of `tegata serve` (docs/commands.md). Paths and addresses are as the user wrote them; an empty
/// string is an option that was not given.
struct ServeSettings {
  std::string policy;                           ///< --policy: a file, or a folder of files
  std::string trusted_root;                     ///< --trusted-root: for policies that name none; empty: none
  std::string listen = "0.0.0.0:8443";          ///< --listen HOST:PORT, TLS
  std::string metrics_listen = "0.0.0.0:8080";  ///< --metrics-listen HOST:PORT, plain HTTP
  std::string tls_cert_file;                    ///< --tls-cert-file: PEM, leaf first, then intermediates
  std::string tls_private_key_file;             ///< --tls-private-key-file: PEM
  std::string client_ca_file;             ///< --client-ca-file: PEM; empty: callers are not authenticated
  std::vector<std::string> client_names;  ///< --client-name NAME
  std::string audit_log;                  ///< --audit-log FILE, or `-` for standard output
  std::string evidence_dir;               ///< --evidence-dir; empty: no evidence is stored
  std::chrono::milliseconds evidence_max_age = limits::kEvidenceAge;  ///< --evidence-max-age; 0: no bound
  std::uint64_t evidence_max_size = limits::kEvidenceSize;  ///< --evidence-max-size, in bytes; 0: no bound
  std::uint64_t memory_limit = 0;             ///< --memory-limit, in bytes; 0: that of the cgroup
  std::string state_dir;                      ///< --state-dir; empty: no state is stored
  policy::Mode mode = policy::Mode::Enforce;  ///< --dry-run
  std::optional<Observe> observe;             ///< --observe; none: on in dry-run, else off
  policy::Unmatched unmatched = policy::Unmatched::Allow;  ///< --unmatched
  OnAuditFailure on_audit_failure = OnAuditFailure::Deny;  ///< --on-audit-failure
  std::chrono::milliseconds min_budget{5000};              ///< --min-budget
  std::chrono::milliseconds drain_grace{5000};             ///< --drain-grace: see docs/operations.md
  std::vector<std::string> insecure_plain_http;            ///< --insecure-plain-http HOST[:PORT]
  std::string registry_ca;                                 ///< --registry-ca FILE
  std::vector<std::string> aws_roles;                      ///< --aws-role ARN
  std::vector<std::string> aws_external_ids;               ///< --aws-external-id ACCOUNT=ID
};

/// Serves until SIGTERM or SIGINT, drains, and returns done(). An Error (code Misconfigured, except for
/// internal errors) means that it could not start: its message is one sentence, and details (every error of
/// the policies) have been written to stderr. The command line returns exit code 64.
[[nodiscard]] Status run_serve(const ServeSettings& settings);

}  // namespace tegata::webhook
