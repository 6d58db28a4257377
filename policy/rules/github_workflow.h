// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/rules/identity_match.h"

namespace tegata::policy {

/// Why an identity is not that of the workflow; none: it is.
///
/// The issuer is GitHub's. The repository is `sourceRepositoryURI` (`https://github.com/OWNER/NAME`),
/// the ref `sourceRepositoryRef`; the older `githubWorkflowRepository` and `githubWorkflowRef` count
/// only where the newer extension is absent. The workflow is that which the event started:
/// `buildConfigURI`, and the subject only where that is absent; it is taken apart, never compared by
/// prefix, and must be of that very repository and of such a ref. A reusable workflow of another
/// repository shows in the subject alone, which is not looked at then.
[[nodiscard]] std::optional<std::string> workflow_mismatch(const GitHubWorkflow& wanted,
                                                           const CertificateIdentity& identity);

/// The extension `newer`; the one called `older` only where that is absent.
[[nodiscard]] std::optional<std::string> extension_or(const CertificateIdentity& identity,
                                                      const std::string& newer, const std::string& older);

}  // namespace tegata::policy
