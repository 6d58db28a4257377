// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/document/load.h"
#include "policy/model/result.h"
#include "policy/model/trust_settings.h"
#include "verifier/file/read_content.h"

namespace tegata::webhook {

/// The policy documents at `path`: one file, or the *.yaml, *.yml and *.json files of a folder in the order
/// of their names. Subfolders and names that start with a dot are skipped, so that a mounted ConfigMap (whose
/// files are links into `..data`) is read once. At most limits::kPolicyFiles files of limits::kPolicyFile
/// bytes. NotFound, LimitExceeded, or Misconfigured (no policy file).
[[nodiscard]] Result<std::vector<policy::Document>> read_policy_files(
    const std::string& path, verifier::Pipes pipes = verifier::Pipes::Refused);

/// Reads and loads them as one set; `trust` resolves everything that they name by path. An Error is about the
/// files; errors in the documents are in the LoadResult. The set's hash is SHA-256 over the documents' bytes
/// in their order, the ids of their authorities and the digests on the lists of `denied` rules: the same
/// documents with another key or another list have another hash; in another folder they have the same hash.
[[nodiscard]] Result<policy::LoadResult> load_policy_files(const std::string& path, TrustResolver& trust,
                                                           verifier::Pipes pipes = verifier::Pipes::Refused);

/// As load_policy_files, with all errors of the documents in one Error (Misconfigured), one per line.
[[nodiscard]] Result<policy::PolicySet> load_policies(const std::string& path, TrustResolver& trust);

}  // namespace tegata::webhook
