// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/signed_entry_timestamp.h"

#include "verifier/crypto/base64.h"

namespace tegata::verifier {
namespace {

constexpr std::int64_t kLatestSecond = 253'402'300'799;  // the last one of the year 9999

}  // namespace

OrRejection<std::string> signed_entry_text(const LogEntry& entry) {
  if (!entry.integrated_time)
    return reject(RejectionReason::LogEntryMalformed, "the log entry has a promise and no integrated time");
  return R"({"body":")" + encode_base64(entry.canonicalized_body) + R"(","integratedTime":)" +
         std::to_string(*entry.integrated_time) + R"(,"logID":")" + encode_hex(entry.key_id) +
         R"(","logIndex":)" + std::to_string(entry.log_index) + "}";
}

OrRejection<Time> verified_integrated_time(const LogEntry& entry, const LogKey& log) {
  if (!entry.promise) return reject(RejectionReason::LogEntryMalformed, "the log entry has no promise");
  const auto text = signed_entry_text(entry);
  if (const auto* rejection = std::get_if<Rejection>(&text)) return *rejection;
  if (*entry.integrated_time < 0 || *entry.integrated_time > kLatestSecond)
    return reject(RejectionReason::LogEntryMalformed, "the log entry's integrated time is none");
  const Time time{std::chrono::seconds(*entry.integrated_time)};
  if (!log.valid.start || !log.valid.holds(time))
    return reject(RejectionReason::LogEntryUntrusted, "the log's key was not in use at the integrated time");
  if (log.key.check_log(std::get<std::string>(text), *entry.promise) != SignatureCheck::Good)
    return reject(RejectionReason::LogEntryUntrusted, "the log did not sign the entry's timestamp");
  return time;
}

}  // namespace tegata::verifier
