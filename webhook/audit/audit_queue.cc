// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_queue.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "webhook/audit/record_json.h"

namespace tegata::webhook {

bool AuditQueue::push(std::shared_ptr<PendingRecord> record) {
  const auto bytes = record->bytes();
  if (records_.size() >= max_entries_ || bytes > max_bytes_ || bytes_ > max_bytes_ - bytes) return false;
  bytes_ += bytes;
  records_.push_back(std::move(record));
  return true;
}

void AuditQueue::remove(const std::shared_ptr<PendingRecord>& record) {
  const auto found = std::find(records_.begin(), records_.end(), record);
  if (found == records_.end()) return;
  bytes_ -= record->bytes();
  records_.erase(found);
}

std::vector<std::shared_ptr<PendingRecord>> AuditQueue::take(std::size_t max_bytes) {
  std::vector<std::shared_ptr<PendingRecord>> taken;
  std::size_t total = 0;
  const auto generation = this->generation(0);
  while (!records_.empty() && records_.front()->generation == generation) {
    const auto bytes = records_.front()->bytes();
    if (!taken.empty() && (bytes > max_bytes || total > max_bytes - bytes)) break;
    total += bytes;
    bytes_ -= bytes;
    records_.front()->state = PendingRecord::State::Writing;
    taken.push_back(std::move(records_.front()));
    records_.pop_front();
  }
  return taken;
}

void AuditBatch::add(std::string_view line, std::string hash, std::shared_ptr<PendingRecord> record) {
  text.append(line).push_back('\n');
  lines.push_back({text.size(), std::move(hash), std::move(record)});
}

AuditBatch AuditBatch::of(std::vector<std::shared_ptr<PendingRecord>> records, std::uint64_t losses,
                          std::vector<std::string> unconfirmed) {
  AuditBatch batch;
  batch.losses_reported = losses;
  batch.unconfirmed = std::move(unconfirmed);
  if (!batch.unconfirmed.empty()) batch.add(unconfirmed_line(batch.unconfirmed), {}, nullptr);
  std::unordered_set<std::string> in_batch;
  for (auto& record : records) {
    for (const auto& content : record->contents)
      if (in_batch.insert(content.hash).second) batch.add(content.line, content.hash, nullptr);
    const auto line = finished_record_line(std::move(record->unfinished_line), std::exchange(losses, 0));
    batch.add(line, {}, std::move(record));
  }
  return batch;
}

std::size_t AuditBatch::whole_lines(std::size_t bytes) const {
  std::size_t whole = 0;
  for (const auto& line : lines)
    if (line.end <= bytes) whole = line.end;
  return whole;
}

}  // namespace tegata::webhook
