// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/evidence_writer.h"

#include <utility>

namespace tegata::verifier {

EvidenceWriter::EvidenceWriter(Write write, EvidencePruner pruner, EvidenceQueue queue)
    : write_(std::move(write)), pruner_(std::move(pruner)), bounds_(queue), thread_([this] { run(); }) {}

EvidenceWriter::~EvidenceWriter() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    drain_until_ = Clock::now() + limits::kEvidenceDrain;
  }
  wake_.notify_all();
  thread_.join();
}

void EvidenceWriter::add(std::string_view bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || queue_.size() >= bounds_.entries || bytes.size() > bounds_.bytes - bytes_) {
      ++lost_;
      return;
    }
    queue_.emplace_back(bytes);
    bytes_ += bytes.size();
  }
  wake_.notify_one();
}

/// False if nothing waits.
bool EvidenceWriter::write_next(std::unique_lock<std::mutex>& lock) {
  if (queue_.empty()) return false;
  auto bytes = std::move(queue_.front());
  queue_.pop_front();
  lock.unlock();
  write_(bytes);
  const auto size = bytes.size();
  bytes = {};
  lock.lock();
  bytes_ -= size;
  return true;
}

void EvidenceWriter::run() {
  auto next_prune = Clock::now();
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait_until(lock, next_prune, [this] { return ended_ || !queue_.empty(); });
    if (ended_ && Clock::now() >= drain_until_) {
      lost_ += queue_.size();
      return;
    }
    if (write_next(lock)) continue;
    if (ended_) return;
    lock.unlock();
    const bool more = pruner_.step(std::time(nullptr));
    lock.lock();
    if (!more) next_prune = Clock::now() + limits::kEvidencePruneEvery;
  }
}

}  // namespace tegata::verifier
