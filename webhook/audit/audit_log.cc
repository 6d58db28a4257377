// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_log.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <limits>
#include <new>
#include <utility>

#include "verifier/evidence/fact_record.h"
#include "webhook/audit/record_json.h"

namespace tegata::webhook {
namespace {

/// Starts a thread with all signals blocked: SIGTERM is for the main thread.
template <typename Work>
std::thread thread_without_signals(Work work) {
  sigset_t every, before;
  sigfillset(&every);
  pthread_sigmask(SIG_SETMASK, &every, &before);
  std::thread thread(std::move(work));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

/// Bytes for the end of a line, and for a number of losses in it.
constexpr std::size_t kRoomForEnds = 64;

/// Pauses while another thread writes: together some microseconds, about as long as a write takes.
constexpr int kSpins = 200;

void pause_briefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

ContentLine facts_content_line(const ImageFacts& facts, const std::string& hash) {
  return {hash, facts_line({hash, verifier::facts_text(facts)})};
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
  // A write beyond a limit or to a closed pipe must fail with an error instead of ending the process.
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
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

std::vector<bool> AuditLog::are_missing(const std::vector<std::string_view>& hashes,
                                        std::uint64_t& generation) const {
  std::vector<bool> missing;
  missing.reserve(hashes.size());
  const std::lock_guard lock(mutex_);
  generation = generation_;
  for (const auto hash : hashes) missing.push_back(!in_file_.contains(hash));
  return missing;
}

/// Converts the record to lines, on the caller's thread. Contents are never removed from the file, so those
/// that are in it now need not be written again.
std::shared_ptr<PendingRecord> AuditLog::prepared(const DecisionRecord& record) const {
  auto pending = std::make_shared<PendingRecord>();
  pending->id = record.id;
  std::vector<std::string> fact_hashes;
  for (const auto& image : record.facts.images) fact_hashes.push_back(facts_hashes_.hash_of(image));
  auto request = request_facts_content(record.facts);
  std::vector<std::string_view> hashes;
  for_each_evidence(record.facts,
                    [&](const std::string& hash, const std::string&) { hashes.push_back(hash); });
  for (const auto& hash : fact_hashes) hashes.push_back(hash);
  if (request) hashes.push_back(request->hash);
  const auto missing = are_missing(hashes, pending->generation);
  auto is_missing = missing.begin();
  for_each_evidence(record.facts, [&](const std::string& hash, const std::string& text) {
    if (*is_missing++) pending->contents.push_back({hash, evidence_line(hash, text)});
  });
  for (std::size_t i = 0; i < fact_hashes.size(); ++i)
    if (*is_missing++)
      pending->contents.push_back(facts_content_line(record.facts.images[i], fact_hashes[i]));
  if (request) {
    if (*is_missing) pending->contents.push_back({request->hash, facts_line(*request)});
    fact_hashes.push_back(std::move(request->hash));
  }
  pending->unfinished_line = unfinished_record_line(record, fact_hashes);
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
  if (!writing_ && queue_.size() == 1 && opened_ == generation_)
    write_at_once(lock, *pending);
  else if (!writing_)
    work_.notify_one();
  if (!wait_for(*pending, lock, deadline)) return give_up(pending);
  if (pending->state == PendingRecord::State::Failed) return failed(*pending->error);
  return done();
}

void AuditLog::end_by(Deadline deadline) {
  const std::lock_guard lock(mutex_);
  end_ = deadline;
}

bool AuditLog::wait_for(PendingRecord& record, std::unique_lock<std::mutex>& lock, Deadline deadline) const {
  if (record.is_settled) return true;
  // Another thread writes, which takes less time than to fall asleep and to be woken up.
  lock.unlock();
  for (int i = 0; i < kSpins && !record.is_settled; ++i) pause_briefly();
  lock.lock();
  const auto settled = [&] { return record.is_settled.load(); };
  const auto at_least = Deadline::after(limits::kRecordMargin);
  while (true) {
    const auto until = deadline.earlier_of(Deadline::at(std::max(end_.time(), at_least.time())));
    if (until.passed()) return settled();
    // In slices: end_by() wakes no one up, and waiting until the maximum time point overflows.
    const auto slice = until.earlier_of(Deadline::after(limits::kRecordMargin));
    if (record.settled.wait_until(lock, slice.time(), settled)) return true;
  }
}

/// Locked again, and without `writing_`, however `use` ends: without memory, for example.
template <typename Use>
void AuditLog::with_file(std::unique_lock<std::mutex>& lock, Use use) {
  writing_ = true;
  try {
    use();
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    writing_ = false;
    work_.notify_one();
    throw;
  }
  writing_ = false;
}

void AuditLog::write_at_once(std::unique_lock<std::mutex>& lock, const PendingRecord& record) {
  const auto bytes = record.bytes() + kRoomForEnds * (1 + record.contents.size());
  with_file(lock, [&] {
    if (!unconfirmed_.empty()) return;
    lock.unlock();
    const auto room = file_.room();
    lock.lock();
    if (bytes <= room) write_batch(lock, room - kRoomForEnds);
    // What has come meanwhile expects to be written by this thread.
    const bool regular = room == std::numeric_limits<std::size_t>::max();
    if (regular && !queue_.empty() && opened_ == generation_) write_batch(lock, limits::kAuditBatchBytes);
  });
  if (closing_ || has_work()) work_.notify_one();
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
  writing_ = true;
  lock.unlock();
  const auto opened = file_.reopen();
  if (report) report(opened);
  lock.lock();
  writing_ = false;
  opened_ = generation;
}

void AuditLog::write_batch(std::unique_lock<std::mutex>& lock, std::size_t max_bytes) {
  auto records = queue_.take(std::min(max_bytes, limits::kAuditBatchBytes));
  for (auto& record : records)
    std::erase_if(record->contents, [this](const auto& content) { return in_file_.contains(content.hash); });
  const auto losses = records.empty() ? 0 : std::exchange(unreported_losses_, 0);
  auto unconfirmed = std::exchange(unconfirmed_, {});
  lock.unlock();
  const auto batch = AuditBatch::of(std::move(records), losses, std::move(unconfirmed));
  const auto appended = file_.append(batch.text);
  const auto kept = batch.whole_lines(appended.bytes);
  file_.take_back(appended.bytes - kept);
  lock.lock();
  settle(batch, kept, appended.error);
}

void AuditLog::write_until_closed() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return !writing_ && (closing_ || has_work()); });
    if (queue_.generation(generation_) > opened_) {
      change_file(lock);
      continue;
    }
    if (queue_.empty() && unconfirmed_.empty()) break;
    const bool last_batch = queue_.empty();
    try {
      with_file(lock, [&] { write_batch(lock, limits::kAuditBatchBytes); });
    } catch (const std::bad_alloc&) {  // its callers wait until their deadlines
    }
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
    line.record->is_settled = true;
    line.record->settled.notify_one();
  }
}

AuditCounts AuditLog::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace tegata::webhook
