// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/limits.h"
#include "policy/model/result.h"
#include "policy/model/turn.h"

namespace tegata::verifier {

/// An item that waits in a queue (turn_queue.h).
class WaitingItem {
 public:
  virtual ~WaitingItem() = default;
  /// Makes it wait in this turn too. Thread-safe.
  virtual void wait_also(const Turn& turn) = 0;
};

/// Those for whom one piece of work is done. Several requests may wait for one fetch: its items wait in the
/// turns of all of them, so that a request is not delayed because another user asked for the same first. At
/// most limits::kTurnsOfAUser requests of one user count. Thread-safe.
class Askers {
 public:
  /// One request and one of its images.
  [[nodiscard]] static std::shared_ptr<Askers> of(Turn turn);
  /// All askers of `first`, and those who join it later. Null if `first` is null.
  [[nodiscard]] static std::shared_ptr<Askers> shared(const std::shared_ptr<Askers>& first);

  /// `child` is now done for these askers too, and for those who join later. Null: no effect.
  static void join(const std::shared_ptr<Askers>& child, const std::shared_ptr<Askers>& joining);
  /// The first asker's; empty if none waits.
  [[nodiscard]] std::string user() const;
  /// The askers that of() made here wait no longer.
  void leave();
  /// No asker waits for the result any more.
  [[nodiscard]] bool abandoned() const;
  /// The turns in which `item` waits. Turns of later askers are added with wait_also().
  [[nodiscard]] std::vector<Turn> enter(std::weak_ptr<WaitingItem> item);

  /// A request that was sent for this work has failed, and the failure may be softened (may_be_softened()).
  void note_failure(const Error& error);
  /// This work takes so many requests that they may be the reason for their failures: from now on,
  /// failure() gives none of this work.
  void ignore_failures();
  /// The first such failure; of shared work too.
  [[nodiscard]] std::optional<Error> failure() const;

  /// From begin_delay() to end_delay() the work is delayed by Tegata itself: it waits for its turn, or
  /// computes. The pairs may overlap.
  void begin_delay();
  void end_delay();
  /// Whether Tegata itself delays this work now, or has delayed it for limits::kOwnDelay in total; this
  /// includes work that is shared with others. If so, the registry is not to blame for a deadline that
  /// passes.
  [[nodiscard]] bool delayed() const;

 private:
  struct Asker;
  using Clock = Deadline::Clock;
  void add(const std::shared_ptr<Asker>& asker);
  [[nodiscard]] bool delayed_now() const;
  [[nodiscard]] Clock::duration delay() const;
  [[nodiscard]] bool counts(const Asker& asker) const;

  mutable std::mutex mutex_;
  mutable std::vector<std::shared_ptr<Asker>> askers_;  ///< those who still wait, except for a moment
  std::vector<std::weak_ptr<WaitingItem>> items_;
  std::size_t prune_at_ = 16;  ///< size of items_ at which expired ones are removed
  std::vector<std::shared_ptr<Askers>> children_;
  std::size_t delays_ = 0;  ///< begun and not ended
  Clock::time_point delayed_since_{};
  Clock::duration delay_{};
  std::optional<Error> failure_;
  bool failures_ignored_ = false;
  Clock::duration inherited_{};  ///< delay of the first asker before this work began
};

/// On what terms a piece of work is done: until when, and for whom; null: for an unknown user.
struct Terms {
  Terms(Deadline until, std::shared_ptr<Askers> whom = nullptr)  // NOLINT: a Deadline alone is enough
      : deadline(until), askers(std::move(whom)) {}
  Deadline deadline;
  std::shared_ptr<Askers> askers;
};

}  // namespace tegata::verifier
