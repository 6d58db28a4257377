// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "testdata_folder.h"
#include "verifier/evidence/trace.h"
#include "verifier/net/turn_queue.h"
#include "verifier/oci/recorded_layout.h"

namespace tegata::verifier {

/// A registry that does what a test says: serves recorded cases, counts what it is asked, answers
/// late, or with an error. Thread-safe.
class ScriptedSource final : public ContentSource {
 public:
  /// Serves tests/testdata/sigstore/cases/`name` at `path`, and on every host.
  void serve(const std::string& path, const std::string& name) {
    auto layout = RecordedLayout::open(std::filesystem::path(TEGATA_TESTDATA) / "sigstore/cases" / name);
    if (!layout.ok()) throw std::runtime_error(layout.error().message);
    layouts_.insert_or_assign(path, *std::move(layout));
  }
  [[nodiscard]] const RecordedLayout& layout(const std::string& path) const { return layouts_.at(path); }

  /// From now on this request is answered so.
  void answer(const ContentRequest& request, ContentAnswer answer) {
    const std::lock_guard lock(mutex_);
    scripted_.insert_or_assign(request_key(request), std::move(answer));
  }
  /// From now on this request is answered as recorded again.
  void forget(const ContentRequest& request) {
    const std::lock_guard lock(mutex_);
    scripted_.erase(request_key(request));
  }

  /// From now on nothing is answered, until release() answers all of it on the caller's thread.
  void hold() {
    const std::lock_guard lock(mutex_);
    holds_ = true;
  }
  void release() {
    std::vector<std::function<void()>> held;
    {
      const std::lock_guard lock(mutex_);
      holds_ = false;
      held.swap(held_);
    }
    for (const auto& answer : held) answer();
  }
  /// Drops without an answer what is held, as a source may that is shut down.
  void drop() {
    std::vector<std::function<void()>> dropped;
    const std::lock_guard lock(mutex_);
    dropped.swap(held_);
  }

  [[nodiscard]] int asked() const {
    const std::lock_guard lock(mutex_);
    int sum = 0;
    for (const auto& [key, count] : asked_) sum += count;
    return sum;
  }
  [[nodiscard]] int asked(const ContentRequest& request) const {
    const std::lock_guard lock(mutex_);
    const auto found = asked_.find(request_key(request));
    return found == asked_.end() ? 0 : found->second;
  }
  /// The most often that any one request was asked.
  [[nodiscard]] int asked_most() const {
    const std::lock_guard lock(mutex_);
    int most = 0;
    for (const auto& [key, count] : asked_) most = std::max(most, count);
    return most;
  }

  /// From now on requests wait in `queue`, and are answered when the test calls what it pops.
  void queue_in(TurnQueue<std::function<void()>>& queue) { queue_ = &queue; }

  void fetch(std::vector<ContentRequest> requests, Terms terms, Done done) override {
    if (auto* queue = queue_) {
      queue->push(terms.askers, [this, requests, done = std::move(done)] { answer_now(requests, done); });
      return;
    }
    answer_now(std::move(requests), std::move(done));
  }

 private:
  void answer_now(std::vector<ContentRequest> requests, Done done) {
    auto answer_all = [this, requests, done = std::move(done)] {
      std::vector<ContentAnswer> answers;
      for (const auto& request : requests) answers.push_back(answer_of(request));
      done(std::move(answers));
    };
    {
      const std::lock_guard lock(mutex_);
      for (const auto& request : requests) ++asked_[request_key(request)];
      if (holds_) return held_.push_back(std::move(answer_all));
    }
    answer_all();
  }

  ContentAnswer answer_of(ContentRequest request) const {
    {
      const std::lock_guard lock(mutex_);
      const auto found = scripted_.find(request_key(request));
      if (found != scripted_.end()) return found->second;
    }
    auto& repository = std::visit([](auto& asked) -> Repository& { return asked.repository; }, request);
    const auto layout = layouts_.find(repository.path);
    if (layout == layouts_.end()) return Error{ErrorCode::NotFound, "no such repository"};
    repository = layout->second.repository();
    return layout->second.answer(request);
  }

  mutable std::mutex mutex_;
  std::map<std::string, RecordedLayout> layouts_;
  std::map<std::string, ContentAnswer> scripted_;
  std::map<std::string, int> asked_;
  std::vector<std::function<void()>> held_;
  bool holds_ = false;
  TurnQueue<std::function<void()>>* queue_ = nullptr;
};

}  // namespace tegata::verifier
