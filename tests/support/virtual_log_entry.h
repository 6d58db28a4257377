// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/virtual_breaks.h"
#include "tests/support/virtual_merkle_tree.h"

namespace tegata::testing {

/// A TransparencyLogEntry (protobuf-specs, sigstore_rekor.proto) that a virtual log gives out.
struct VirtualLogEntry {
  std::string kind = {};
  std::string version = {};
  std::string body = {};    ///< canonicalized
  std::string key_id = {};  ///< raw bytes
  std::int64_t log_index = 0;
  std::optional<std::int64_t> integrated_time = {};
  std::optional<std::string> promise = {};  ///< the SET

  std::int64_t proof_index = 0;
  std::int64_t tree_size = 0;
  std::string root_hash = {};
  std::vector<std::string> hashes = {};
  std::string checkpoint = {};
};

/// Fills in the inclusion proof of the leaf at `index`, all but its checkpoint.
void prove(const VirtualMerkleTree& tree, std::size_t index, const LogBreaks& breaks, VirtualLogEntry& entry);

/// An element of a bundle's tlogEntries, with all that the entry has.
[[nodiscard]] nlohmann::json bundle_form(const VirtualLogEntry& entry);
/// The text of cosign's annotation `dev.sigstore.cosign/bundle`. Only entries of Rekor v1 have one.
[[nodiscard]] std::string annotation_form(const VirtualLogEntry& entry);

}  // namespace tegata::testing
