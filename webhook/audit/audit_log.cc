// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_log.h"

#include <pthread.h>

#include <csignal>
#include <utility>

#include "webhook/audit/record_json.h"

namespace tegata::webhook {
namespace {

/// Starts a thread with all signals blocked: SIGTERM is for the main thread, and a write beyond a limit or to
/// a closed pipe must fail with an error instead of ending the process.
template <typename Work>
std::thread thread_without_signals(Work work) {
  sigset_t every, before;
  sigfillset(&every);
  pthread_sigmask(SIG_SETMASK, &every, &before);
  std::thread thread(std::move(work));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

/// Calls `each` with hash and text of the evidence behind a record's facts.
template <typename Each>
void for_each_evidence(const GatheredFacts& gathered, Each each) {
  const auto add = [&](const Facts& facts) {
    for (const auto& entry : facts.all())
      if (entry.answer->evidence.text != nullptr)
        each(entry.answer->evidence.hash, *entry.answer->evidence.text);
  };
  for (const auto& image : gathered.images) add(image.facts);
  add(gathered.request);
}

}  // namespace

Result<std::unique_ptr<AuditLog>> AuditLog::open(const std::string& path, AuditBounds bounds) {
  TEGATA_TRY(auto file, AuditFile::open(path));
  return std::unique_ptr<AuditLog>(new AuditLog(std::move(file), bounds));
}

AuditLog::AuditLog(AuditFile file, AuditBounds bounds)
    : bounds_(bounds), file_(std::move(file)), queue_(bounds.queue_entries, bounds.queue_bytes) {
  writer_ = thread_without_signals([this] { write_until_closed(); });
}

AuditLog::~AuditLog() {
  {
    std::unique_lock lock(mutex_);
    closing_ = true;
    work_.notify_one();
    ended_.wait_for(lock, bounds_.drain, [this] { return writer_ended_; });
  }
  file_.interrupt();
  writer_.join();
}

std::uint64_t AuditLog::generation() const {
  const std::lock_guard lock(mutex_);
  return generation_;
}

bool AuditLog::is_in_file(const std::string& hash) const {
  const std::lock_guard lock(mutex_);
  return in_file_.contains(hash);
}

/// Converts the record to lines, on the caller's thread. Contents are never removed from the file, so those
/// that are in it now need not be written again.
std::shared_ptr<PendingRecord> AuditLog::prepared(const DecisionRecord& record) const {
  auto pending = std::make_shared<PendingRecord>();
  pending->generation = generation();
  pending->id = record.id;
  for_each_evidence(record.facts, [&](const std::string& hash, const std::string& text) {
    if (!is_in_file(hash)) pending->contents.push_back({hash, evidence_line(hash, text)});
  });
  std::vector<std::string> hashes;
  for (auto& facts : facts_contents(record.facts)) {
    if (!is_in_file(facts.hash)) pending->contents.push_back({facts.hash, facts_line(facts)});
    hashes.push_back(std::move(facts.hash));
  }
  pending->unfinished_line = unfinished_record_line(record, hashes);
  return pending;
}

Status AuditLog::failed(Error error) {
  ++counts_.failed;
  return error;
}

Status AuditLog::record(const DecisionRecord& record, Deadline deadline) {
  auto pending = prepared(record);
  std::unique_lock lock(mutex_);
  while (pending->generation != generation_) {  // reopened meanwhile: the new file needs all contents
    lock.unlock();
    pending = prepared(record);
    lock.lock();
  }
  if (!queue_.push(pending)) {
    ++counts_.lost;
    ++unreported_losses_;
    return failed({ErrorCode::LimitExceeded, "the queue of records is full: the audit log is too slow"});
  }
  work_.notify_one();
  const auto settled = [&] {
    return pending->state == PendingRecord::State::Written || pending->state == PendingRecord::State::Failed;
  };
  // Waiting until the maximum time point overflows with some clocks.
  if (deadline.time() == Deadline::never().time())
    pending->settled.wait(lock, settled);
  else if (!pending->settled.wait_until(lock, deadline.time(), settled))
    return give_up(pending);
  if (pending->state == PendingRecord::State::Failed) return failed(*pending->error);
  return done();
}

Status AuditLog::give_up(const std::shared_ptr<PendingRecord>& pending) {
  pending->abandoned = true;
  if (pending->state == PendingRecord::State::Waiting) {
    queue_.remove(pending);
    ++counts_.lost;
    ++unreported_losses_;
  }
  return failed(
      {ErrorCode::DeadlineExceeded, "the audit log did not confirm the record before the caller's deadline"});
}

void AuditLog::reopen(OnReopened done) {
  const std::lock_guard lock(mutex_);
  ++generation_;
  in_file_ = RememberedHashes(limits::kAuditRemembered);
  on_reopened_ = std::move(done);
  work_.notify_one();
}

/// After the last record of the earlier generations has been written.
void AuditLog::change_file(std::unique_lock<std::mutex>& lock) {
  const auto generation = generation_;
  const auto report = std::exchange(on_reopened_, nullptr);
  lock.unlock();
  const auto opened = file_.reopen();
  if (report) report(opened);
  lock.lock();
  opened_ = generation;
}

void AuditLog::write_until_closed() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return closing_ || !queue_.empty() || opened_ < generation_; });
    if (queue_.generation(generation_) > opened_) {
      change_file(lock);
      continue;
    }
    if (queue_.empty() && unconfirmed_.empty()) break;
    const bool last_batch = queue_.empty();
    auto records = queue_.take(limits::kAuditBatchBytes);
    const auto losses = records.empty() ? 0 : std::exchange(unreported_losses_, 0);
    const auto batch = AuditBatch::of(std::move(records), losses, std::exchange(unconfirmed_, {}),
                                      [this](const std::string& hash) { return in_file_.contains(hash); });
    lock.unlock();
    const auto appended = file_.append(batch.text);
    const auto kept = batch.whole_lines(appended.bytes);
    file_.take_back(appended.bytes - kept);
    lock.lock();
    settle(batch, kept, appended.error);
    if (last_batch) break;
  }
  writer_ended_ = true;
  ended_.notify_all();
}

/// Updates the state of each line of a batch of which the first `kept` bytes are in the file.
void AuditLog::settle(const AuditBatch& batch, std::size_t kept, const std::optional<Error>& error) {
  if (kept == 0) unconfirmed_ = batch.unconfirmed;
  bool report_losses = batch.losses_reported > 0;
  for (const auto& line : batch.lines) {
    const bool written = line.end <= kept;
    if (!line.hash.empty() && written && opened_ == generation_) in_file_.add(line.hash);
    if (line.record == nullptr) continue;
    if (std::exchange(report_losses, false) && !written) unreported_losses_ += batch.losses_reported;
    line.record->state = written ? PendingRecord::State::Written : PendingRecord::State::Failed;
    if (written) {
      ++counts_.written;
      if (line.record->abandoned) unconfirmed_.push_back(line.record->id);
    } else {
      ++counts_.lost;
      ++unreported_losses_;
      line.record->error = error;
    }
    line.record->settled.notify_one();
  }
}

AuditCounts AuditLog::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace tegata::webhook
