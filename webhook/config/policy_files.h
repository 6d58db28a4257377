// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/document/load.h"
#include "policy/model/result.h"
#include "policy/model/trust_settings.h"

namespace tegata::webhook {

/// The policy documents at `path`: one file, or a folder whose *.yaml, *.yml and *.json files are
/// taken by name. Folders below it and names that start with a dot are left out, so that a mounted
/// ConfigMap (whose files are links into `..data`) is read once. At most limits::kPolicyFiles files
/// of limits::kPolicyFile bytes. NotFound, LimitExceeded, or Misconfigured (nothing there to read).
[[nodiscard]] Result<std::vector<policy::Document>> read_policy_files(const std::string& path);

/// Reads and loads them as one set; `trust` is asked for everything that they name by path. An Error is about
/// the files; what is wrong in the documents is in the LoadResult. The set's hash is SHA-256 over
/// the documents' bytes in their order and the ids of their authorities, so the same words with another
/// key have another hash, and the same words in another folder have not.
[[nodiscard]] Result<policy::LoadResult> load_policy_files(const std::string& path, TrustResolver& trust);

/// As load_policy_files, for who needs one Error: every error of the documents, one a line, as
/// Misconfigured.
[[nodiscard]] Result<policy::PolicySet> load_policies(const std::string& path, TrustResolver& trust);

}  // namespace tegata::webhook
