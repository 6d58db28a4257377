// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/limits.h"
#include "policy/model/result.h"

namespace tegata::verifier {

/// A value and until when it is used.
template <typename T>
struct Lease {
  std::shared_ptr<const T> value;
  Time renew_soon;  ///< from here on it is renewed, while it is still handed out
  Time renew_now;   ///< from here on its renewal is awaited
  Time end;         ///< from here on it is not handed out
};

/// A value that is fetched when it is needed and again before it expires: one fetch at a time for all who
/// wait. If a fetch fails, the value is used until its end; what failed is not tried again for
/// limits::kAwsFailureKept. Thread-safe.
template <typename T>
class Renewed {
 public:
  using Value = std::shared_ptr<const T>;
  using Done = std::function<void(Result<Value>)>;
  using Fetched = std::function<void(Result<Lease<T>>)>;
  /// Calls its argument once, on any thread; it may do so after this Renewed is gone.
  using Fetch = std::function<void(Fetched)>;

  Renewed(Fetch fetch, std::function<Time()> now)
      : fetch_(std::move(fetch)), state_(std::make_shared<State>(std::move(now))) {}

  /// Calls `done` once, on any thread, possibly before this returns.
  void get(Done done) {
    auto answer = state_->take(done);
    if (answer.fetch) start();
    if (answer.now) done(*std::move(answer.now));
  }

  /// Whether there is a value.
  [[nodiscard]] bool held() const {
    const std::lock_guard lock(state_->mutex);
    return state_->lease.has_value();
  }

  /// The service refused this value: it is not handed out again, unless it was fetched within kLeastUse, so
  /// that a service that refuses everything does not cause a fetch for each request.
  void refuse(const Value& value) {
    const std::lock_guard lock(state_->mutex);
    if (state_->lease && state_->lease->value == value && state_->now() >= state_->fetched_at + kLeastUse)
      state_->lease.reset();
  }
  static constexpr std::chrono::seconds kLeastUse{10};

 private:
  struct Answer {
    std::optional<Result<Value>> now;
    bool fetch = false;
  };
  struct State {
    explicit State(std::function<Time()> clock) : now(std::move(clock)) {}

    /// Puts `done` among those who wait if there is no answer now.
    Answer take(Done& done) {
      const std::lock_guard lock(mutex);
      const auto time = now();
      if (lease && time >= lease->end) lease.reset();
      const bool may_fetch = !fetching && time >= retry_at;
      Answer answer;
      if (lease && (time < lease->renew_now || (!fetching && !may_fetch)))
        answer.now = lease->value;
      else if (!lease && failure && !fetching && !may_fetch)
        answer.now = *failure;
      else
        waiting.push_back(std::move(done));
      answer.fetch = may_fetch && !(lease && time < lease->renew_soon);
      fetching = fetching || answer.fetch;
      return answer;
    }

    void settle(Result<Lease<T>> fetched) {
      std::vector<Done> all;
      std::optional<Result<Value>> answer;
      {
        const std::lock_guard lock(mutex);
        fetching = false;
        failure.reset();
        if (fetched.ok()) {
          lease = *std::move(fetched);
          retry_at = Time::min();
          fetched_at = now();
        } else {
          failure = std::move(fetched).error();
          retry_at = now() + limits::kAwsFailureKept;
          if (lease && now() >= lease->end) lease.reset();
        }
        answer = lease ? Result<Value>(lease->value) : Result<Value>(*failure);
        all.swap(waiting);
      }
      std::exception_ptr thrown;
      for (const auto& done : all) try {
          done(*answer);
        } catch (...) {
          thrown = std::current_exception();  // the others must still be answered
        }
      if (thrown) std::rethrow_exception(thrown);
    }

    const std::function<Time()> now;
    std::mutex mutex;  // guards all below
    std::optional<Lease<T>> lease;
    std::optional<Error> failure;
    Time retry_at = Time::min();
    Time fetched_at = Time::min();
    bool fetching = false;
    std::vector<Done> waiting;
  };

  void start() {
    try {
      fetch_([state = state_](Result<Lease<T>> fetched) { state->settle(std::move(fetched)); });
    } catch (const std::exception& failure) {
      state_->settle(Error{ErrorCode::Internal, failure.what()});
    }
  }

  const Fetch fetch_;
  const std::shared_ptr<State> state_;
};

}  // namespace tegata::verifier
