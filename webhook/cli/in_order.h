// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace tegata::webhook::cli {

/// Does jobs on several threads and passes on their results in the order of the jobs. add() and finish() are
/// for one thread, and `take` is called on it.
template <typename Job, typename Result>
class InOrder {
 public:
  using Work = std::function<Result(Job)>;
  using Take = std::function<void(Result)>;

  /// `ahead`: the size of all jobs that are not passed on is at most this, or that of one job. `work` is
  /// called on `threads` threads; what it throws is thrown by add() or finish().
  InOrder(std::size_t threads, std::size_t ahead, Work work, Take take)
      : ahead_(ahead), work_(std::move(work)), take_(std::move(take)) {
    for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i)
      threads_.emplace_back([this] { do_jobs(); });
  }
  ~InOrder() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    waits_for_job_.notify_all();
    for (auto& thread : threads_) thread.join();
  }
  InOrder(const InOrder&) = delete;
  InOrder& operator=(const InOrder&) = delete;

  /// Waits while there is no room for the job.
  void add(Job job, std::size_t size) {
    while (!order_.empty() && size_ + size > ahead_) take_first();
    auto place = std::make_shared<Place>(std::move(job), size);
    order_.push_back(place);
    size_ += size;
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(place));
    }
    waits_for_job_.notify_one();
    while (!order_.empty() && is_done(*order_.front())) take_first();
  }
  /// Waits for all jobs.
  void finish() {
    while (!order_.empty()) take_first();
  }

 private:
  struct Place {
    Place(Job of, std::size_t bytes) : job(std::move(of)), size(bytes) {}
    Job job;
    const std::size_t size;
    bool done = false;  ///< guarded by mutex_
    std::optional<Result> result = std::nullopt;
    std::exception_ptr thrown = nullptr;
  };

  void do_jobs() {
    std::unique_lock lock(mutex_);
    while (true) {
      waits_for_job_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
      if (ended_) return;
      const auto place = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      try {
        place->result.emplace(work_(std::move(place->job)));
      } catch (...) {
        place->thrown = std::current_exception();
      }
      lock.lock();
      place->done = true;
      waits_for_result_.notify_one();
    }
  }
  bool is_done(const Place& place) {
    const std::lock_guard lock(mutex_);
    return place.done;
  }
  void take_first() {
    const auto place = std::move(order_.front());
    order_.pop_front();
    {
      std::unique_lock lock(mutex_);
      waits_for_result_.wait(lock, [&] { return place->done; });
    }
    size_ -= place->size;
    if (place->thrown) std::rethrow_exception(place->thrown);
    take_(*std::move(place->result));
  }

  const std::size_t ahead_;
  const Work work_;
  const Take take_;
  std::deque<std::shared_ptr<Place>> order_;  ///< not passed on, the oldest first
  std::size_t size_ = 0;                      ///< of those
  std::mutex mutex_;
  std::condition_variable waits_for_job_;
  std::condition_variable waits_for_result_;
  std::deque<std::shared_ptr<Place>> waiting_;  ///< guarded by mutex_
  bool ended_ = false;                          ///< guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace tegata::webhook::cli
