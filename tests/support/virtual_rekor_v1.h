// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/deadline.h"
#include "tests/support/virtual_key.h"
#include "tests/support/virtual_log_body.h"
#include "tests/support/virtual_log_entry.h"

namespace tegata::testing {

/// Rekor of the first generation: signs times (SET), and proofs with the same P-256 key.
class VirtualRekorV1 {
 public:
  /// A log with a few entries of others.
  VirtualRekorV1();

  /// Takes the entry in at `at`, a few others after it, and proves it.
  [[nodiscard]] VirtualLogEntry log(const VirtualLogBody& body, Time at, const LogBreaks& breaks = {});

  [[nodiscard]] static std::string base_url() { return "https://rekor.virtual"; }
  [[nodiscard]] std::string public_key_der() const { return key_.public_key_der(); }
  [[nodiscard]] std::string details() const { return key_.details(); }
  [[nodiscard]] std::string key_id() const;

 private:
  VirtualKey key_, other_key_;
  VirtualMerkleTree tree_;
};

}  // namespace tegata::testing
