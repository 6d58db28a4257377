// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/deadline.h"
#include "tests/support/virtual_key.h"
#include "tests/support/virtual_log_body.h"
#include "tests/support/virtual_log_entry.h"

namespace tegata::testing {

/// Rekor of the second generation: knows no time; its checkpoints are signed by a key of any kind, and
/// by a witness.
class VirtualRekorV2 {
 public:
  /// A log with a few entries of others.
  explicit VirtualRekorV2(KeyKind kind = KeyKind::Ed25519);

  /// Takes the entry in, a few others after it, and proves it. `at`: when the witness signed.
  [[nodiscard]] VirtualLogEntry log(const VirtualLogBody& body, Time at, const LogBreaks& breaks = {});

  [[nodiscard]] static std::string base_url() { return "https://log2.virtual"; }
  [[nodiscard]] std::string public_key_der() const { return key_.public_key_der(); }
  [[nodiscard]] std::string details() const { return key_.details(); }
  [[nodiscard]] std::string key_id() const;

 private:
  VirtualKey key_, other_key_;
  VirtualKey witness_key_{KeyKind::Ed25519};
  VirtualMerkleTree tree_;
};

}  // namespace tegata::testing
