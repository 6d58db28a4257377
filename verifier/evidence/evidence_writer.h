// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "policy/model/limits.h"
#include "verifier/evidence/evidence_pruner.h"

namespace tegata::verifier {

struct EvidenceQueue {
  std::size_t entries = limits::kEvidenceQueueEntries;
  std::size_t bytes = limits::kEvidenceQueueBytes;  ///< that wait to be written
};

/// Writes evidence on a thread of its own, so that no check waits for the disk; in between, that thread
/// prunes the store, at the start and every limits::kEvidencePruneEvery. Thread-safe.
class EvidenceWriter {
 public:
  /// `write` is called on the writer's thread only, and must not throw.
  using Write = std::function<void(const std::string& bytes)>;
  EvidenceWriter(Write write, EvidencePruner pruner, EvidenceQueue queue);
  /// Writes what waits for at most limits::kEvidenceDrain; the rest is lost.
  ~EvidenceWriter();
  EvidenceWriter(const EvidenceWriter&) = delete;
  EvidenceWriter& operator=(const EvidenceWriter&) = delete;

  /// Never blocks: if the queue is full, the bytes are lost and counted.
  void add(std::string_view bytes);
  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_.load(); }

 private:
  using Clock = std::chrono::steady_clock;
  void run();
  [[nodiscard]] bool write_next(std::unique_lock<std::mutex>& lock);

  const Write write_;
  EvidencePruner pruner_;
  const EvidenceQueue bounds_;
  std::atomic<std::uint64_t> lost_{0};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::string> queue_;
  std::size_t bytes_ = 0;  ///< of the queue, and of what is being written
  bool ended_ = false;
  Clock::time_point drain_until_;
  std::thread thread_;  ///< last: it uses the others
};

}  // namespace tegata::verifier
