// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "policy/model/limits.h"
#include "webhook/audit/audit_file.h"
#include "webhook/audit/audit_queue.h"
#include "webhook/audit/decision_record.h"
#include "webhook/audit/facts_hashes.h"

namespace tegata::webhook {

struct AuditBounds {
  std::size_t queue_entries = limits::kAuditQueueEntries;
  std::size_t queue_bytes = limits::kAuditQueueBytes;
  std::chrono::milliseconds drain = limits::kAuditDrain;
};

/// Counts of records so far.
struct AuditCounts {
  std::uint64_t written = 0;  ///< in the file
  std::uint64_t failed = 0;   ///< reported to the caller as failed
  std::uint64_t lost = 0;     ///< of these: will never be in the file
};

/// Appends one line per decision to a file, by one thread at a time (docs/records.md).
///
/// A record is confirmed when write(2) has succeeded; it is not synced. Callers convert records to JSON on
/// their own threads. If no other thread writes and the file takes the record at once, the caller writes it:
/// handing it to the writer's thread and back costs more than the record. Else the caller waits, and records
/// that wait are written together. If the queue is full, the file cannot be written, or the deadline passes,
/// the caller gets an Error (LimitExceeded, Unavailable, DeadlineExceeded), the record is counted, and the
/// next record that is written says how many were lost before it.
class AuditLog final : public AuditSink {
 public:
  /// `path` as for AuditFile::open(). Ignores SIGXFSZ and SIGPIPE for the whole process.
  [[nodiscard]] static Result<std::unique_ptr<AuditLog>> open(const std::string& path,
                                                              AuditBounds bounds = {});
  /// Writes queued records for at most the bounds' `drain`. No thread may be in record().
  ~AuditLog() override;

  [[nodiscard]] Status record(const DecisionRecord& record, Deadline deadline) override;

  /// Callers wait no longer than this, or than limits::kRecordMargin if that is later. Thread-safe.
  void end_by(Deadline deadline);

  using OnReopened = std::function<void(const Result<bool>&)>;
  /// Later records go to the file that the path names now; earlier ones to the current file. `done` gets the
  /// result of AuditFile::reopen() on the writer's thread, once the earlier records are written. A call
  /// before an earlier one is done replaces its `done`.
  void reopen(OnReopened done);
  [[nodiscard]] AuditCounts counts() const;

 private:
  AuditLog(AuditFile file, AuditBounds bounds);
  [[nodiscard]] std::shared_ptr<PendingRecord> prepared(const DecisionRecord& record) const;
  /// For each hash, whether its content must be written before a record that refers to it; and for which
  /// generation that is so.
  [[nodiscard]] std::vector<bool> are_missing(const std::vector<std::string_view>& hashes,
                                              std::uint64_t& generation) const;
  template <typename Use>
  void with_file(std::unique_lock<std::mutex>& lock, Use use);
  /// Writes the caller's record, which is the only one that waits, if the file takes it at once.
  void write_at_once(std::unique_lock<std::mutex>& lock, const PendingRecord& record);
  /// Writes records that wait, of `max_bytes` or one, without the lock.
  void write_batch(std::unique_lock<std::mutex>& lock, std::size_t max_bytes);
  /// Waits until the record is written or has failed; false: not until the deadline.
  [[nodiscard]] bool wait_for(PendingRecord& record, std::unique_lock<std::mutex>& lock,
                              Deadline deadline) const;
  [[nodiscard]] bool has_work() const { return !queue_.empty() || opened_ < generation_; }
  [[nodiscard]] Status give_up(const std::shared_ptr<PendingRecord>& pending);
  [[nodiscard]] Status failed(Error error);
  void write_until_closed();
  void change_file(std::unique_lock<std::mutex>& lock);
  void settle(const AuditBatch& batch, std::size_t kept, const std::optional<Error>& error);

  const AuditBounds bounds_;
  AuditFile file_;  ///< used by the thread that has set `writing_`, except interrupt()

  mutable std::mutex mutex_;
  std::condition_variable work_;   ///< for the writer: has_work() while no thread writes, or closing_
  std::condition_variable ended_;  ///< the writer has finished
  AuditQueue queue_;
  mutable FactsHashes facts_hashes_{limits::kAuditRemembered / 16};
  RememberedHashes in_file_{limits::kAuditRemembered};
  Deadline end_ = Deadline::never();
  std::uint64_t generation_ = 0;  ///< counts calls of reopen(); `in_file_` is about this one's file
  std::uint64_t opened_ = 0;      ///< the generation of file_; records of a later one wait for its file
  OnReopened on_reopened_;
  std::vector<std::string> unconfirmed_;  ///< ids that the next batch reports
  AuditCounts counts_;
  std::uint64_t unreported_losses_ = 0;
  bool writing_ = false;  ///< a thread uses the file
  bool closing_ = false;
  bool writer_ended_ = false;

  std::thread writer_;
};

}  // namespace tegata::webhook
