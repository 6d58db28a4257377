// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "policy/model/limits.h"
#include "policy/model/result.h"
#include "verifier/net/askers.h"

namespace tegata::verifier {

/// Where long computations are done: in slices of limits::kWorkSlice, so that other work gets its turn in
/// between.
class Workshop {
 public:
  /// Runs a slice later, in the turn of its askers.
  using Post = std::function<void(const std::shared_ptr<Askers>&, std::function<void()> slice)>;

  /// Does everything at once, on the caller's thread.
  Workshop() = default;
  /// `post` may be empty: all slices run on the caller's thread. `closed`: whether all work must end.
  Workshop(Post post, std::function<bool()> closed) : post_(std::move(post)), closed_(std::move(closed)) {}

  /// Calls `step` until it returns false, then `done` once; the first slice on this thread. CutShort: the
  /// deadline passed before, or the work must end. Internal: a step has thrown; then the exception also ends
  /// the call, or the posted slice.
  void run(Terms terms, std::function<bool()> step, std::function<void(Status)> done) const;

 private:
  struct Job;
  static void slice(const std::shared_ptr<Job>& job);

  Post post_;
  std::function<bool()> closed_;
};

}  // namespace tegata::verifier
