// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "policy/model/result.h"

namespace tegata::webhook {

/// A line that is written once to a file; other lines refer to it by hash.
struct ContentLine {
  std::string hash;
  std::string line;
};

/// A record to be written. All members except the lines are guarded by the log's mutex.
struct PendingRecord {
  enum class State { Waiting, Writing, Written, Failed };

  std::string id;
  std::vector<ContentLine> contents;  ///< referred to by the record, and perhaps not in the file yet
  std::string unfinished_line;
  std::uint64_t generation = 0;  ///< of the file for which `contents` is complete

  State state = State::Waiting;
  std::atomic<bool> is_settled = false;  ///< Written or Failed
  bool abandoned = false;                ///< its caller got an error
  std::optional<Error> error;            ///< with Failed
  std::condition_variable settled;

  [[nodiscard]] std::size_t bytes() const {
    std::size_t total = unfinished_line.size();
    for (const auto& content : contents) total += content.line.size();
    return total;
  }
};

/// The records waiting for the writer, bounded in entries and bytes. Not thread-safe.
class AuditQueue {
 public:
  AuditQueue(std::size_t max_entries, std::size_t max_bytes)
      : max_entries_(max_entries), max_bytes_(max_bytes) {}

  [[nodiscard]] bool empty() const noexcept { return records_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return records_.size(); }
  /// False: full.
  [[nodiscard]] bool push(std::shared_ptr<PendingRecord> record);
  /// Removes a record whose caller no longer waits.
  void remove(const std::shared_ptr<PendingRecord>& record);
  /// The generation of the oldest record; `otherwise` if there is none.
  [[nodiscard]] std::uint64_t generation(std::uint64_t otherwise) const {
    return records_.empty() ? otherwise : records_.front()->generation;
  }
  /// Takes the oldest records of one generation, of at most `max_bytes` in total but at least one, and sets
  /// them to Writing.
  [[nodiscard]] std::vector<std::shared_ptr<PendingRecord>> take(std::size_t max_bytes);

 private:
  std::size_t max_entries_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::list<std::shared_ptr<PendingRecord>> records_;
};

/// The text of several records, and the end of each line.
struct AuditBatch {
  struct Line {
    std::size_t end;                        ///< one past its line feed, in `text`
    std::string hash;                       ///< of a content; empty for other lines
    std::shared_ptr<PendingRecord> record;  ///< null for other lines
  };
  std::string text;
  std::vector<Line> lines;
  std::uint64_t losses_reported = 0;     ///< in its first record
  std::vector<std::string> unconfirmed;  ///< ids reported by its first line

  /// Contents of several records are written once.
  [[nodiscard]] static AuditBatch of(std::vector<std::shared_ptr<PendingRecord>> records,
                                     std::uint64_t losses, std::vector<std::string> unconfirmed);
  /// How many of the first `bytes` bytes are complete lines.
  [[nodiscard]] std::size_t whole_lines(std::size_t bytes) const;

 private:
  void add(std::string_view line, std::string hash, std::shared_ptr<PendingRecord> record);
};

/// The last `bound` hashes that were added; older ones are dropped.
class RememberedHashes {
 public:
  explicit RememberedHashes(std::size_t bound) : bound_(bound) {}

  [[nodiscard]] bool contains(std::string_view hash) const { return known_.find(hash) != known_.end(); }
  void add(const std::string& hash) {
    if (!known_.insert(hash).second) return;
    order_.push_back(hash);
    if (order_.size() <= bound_) return;
    known_.erase(order_.front());
    order_.pop_front();
  }

 private:
  std::size_t bound_;
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_set<std::string, Hash, std::equal_to<>> known_;
  std::deque<std::string> order_;  ///< oldest first
};

}  // namespace tegata::webhook
