// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "webhook/engine/loaded_policies.h"
#include "webhook/serve/watch.h"

namespace tegata::webhook {

inline constexpr std::chrono::milliseconds kLookForChanges{2000};
/// Even where the file system shows no change, everything is read anew after this long.
inline constexpr std::chrono::seconds kLookInside{30};

/// Notices that policies, or keys, certificates and roots that they name, are others than those that are
/// served, loads them, and hands them over. What is broken is logged once, and never handed over: what is
/// served stays. Call look() from one thread at a time.
class Reload {
 public:
  using Clock = std::chrono::steady_clock;
  using Load = std::function<LoadedPolicies()>;
  using Serve = std::function<void(LoadedPolicies)>;

  /// `path`: where the policies stand. `served`: what is served already. `load` loads anew; `serve` is
  /// given what is to be served from now on.
  Reload(std::string path, const LoadedPolicies& served, Load load, Serve serve);

  /// Where nothing seems to have changed since the last look, reads only every kLookInside; always where
  /// it was asked to.
  void look(Watch::Look why, Clock::time_point now);

  [[nodiscard]] std::uint64_t good() const noexcept { return good_; }      ///< sets that were handed over
  [[nodiscard]] std::uint64_t broken() const noexcept { return broken_; }  ///< sets that were not, each once
  /// Whether what stands there now could not be loaded.
  [[nodiscard]] bool is_broken() const noexcept { return is_broken_; }

 private:
  void take(LoadedPolicies loaded);
  void refuse(const LoadedPolicies& loaded);

  std::string path_;
  std::vector<std::string> files_;  ///< all that was read the last time
  std::string hash_;                ///< of what is served
  Load load_;
  Serve serve_;
  std::string stamps_;
  Clock::time_point looked_inside_;
  int torn_ = 0;                   ///< looks in a row during which files were written
  std::vector<std::string> told_;  ///< errors of the last broken set
  std::atomic<std::uint64_t> good_{0};
  std::atomic<std::uint64_t> broken_{0};
  std::atomic<bool> is_broken_{false};
};

}  // namespace tegata::webhook
