// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "policy/model/result.h"

namespace tegata::verifier {

/// The work that may still be done on one image, in units of about 0.1 ms of a 2.5 GHz core. Every costly
/// operation on bytes from outside takes its units before it starts. Weights depend only on the kind of key
/// and on the number of bytes, never on time, so that a replay stops at the same place.
///
/// A budget applies to what its Scope's thread does; outside of a Scope nothing is bounded. An operation that
/// does not get its units is refused undone: a signature is not good, a certificate is not parsed. The owner
/// of the budget discards the result if exceeded().
class WorkBudget {
 public:
  explicit WorkBudget(std::uint64_t units) noexcept : left_(units) {}

  /// Whether an operation was refused. From then on every one is.
  [[nodiscard]] bool exceeded() const noexcept { return exceeded_; }
  [[nodiscard]] std::uint64_t left() const noexcept { return left_; }

  /// Applies a budget to this thread, until the end of the scope. Scopes do not nest.
  class Scope {
   public:
    explicit Scope(WorkBudget& budget) noexcept;
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };

  /// Takes the units from this thread's budget. False: the operation must not be done.
  [[nodiscard]] static bool take(std::uint64_t units) noexcept;

 private:
  std::uint64_t left_;
  bool exceeded_ = false;
};

/// The weights. Measured, and rounded up where runs differ.
namespace work {

inline constexpr std::uint64_t kP256 = 1;
inline constexpr std::uint64_t kP384 = 12;
inline constexpr std::uint64_t kP521 = 8;
inline constexpr std::uint64_t kRsa = 2;
inline constexpr std::uint64_t kEd25519 = 2;
inline constexpr std::uint64_t kParseKey = 4;
inline constexpr std::uint64_t kParseCertificate = 3;
inline constexpr std::uint64_t kParseTimestamp = 7;
inline constexpr std::uint64_t kTimestampSignature = 20;  ///< its key is not known before
inline constexpr std::uint64_t kCandidate = 1;            ///< each, and each with each authority

constexpr std::uint64_t of_hash(std::size_t bytes) { return bytes / (32 * 1024); }
constexpr std::uint64_t of_json(std::size_t bytes) { return bytes / (4 * 1024); }

}  // namespace work

/// What an operation that did not get its units returns as its error.
[[nodiscard]] inline Error beyond_the_work_budget() {
  return {ErrorCode::LimitExceeded, "more work than is done for one image"};
}

}  // namespace tegata::verifier
