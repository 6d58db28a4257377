// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/root_warnings.h"

#include <limits>
#include <utility>

#include "policy/model/limits.h"
#include "webhook/clock.h"
#include "webhook/log/log.h"

namespace tegata::webhook {
namespace {

std::string sentence(const RootExpiry& expiry, Time now) {
  if (expiry.end == Time{}) return "a trusted root that policies need holds no " + expiry.part;
  const auto days = std::chrono::duration_cast<std::chrono::hours>(expiry.end - now).count() / 24;
  if (expiry.end < now)
    return "the last " + expiry.part + " of a trusted root has ended: nothing new can be proven";
  return "the last " + expiry.part + " of a trusted root ends in " + std::to_string(days) +
         " days: serve a newer root before that";
}

}  // namespace

void RootWarnings::replace(std::vector<RootExpiry> expiries) {
  const std::lock_guard lock(mutex_);
  expiries_ = std::move(expiries);
  warned_.reset();
}

void RootWarnings::warn(Time now) {
  const std::lock_guard lock(mutex_);
  if (warned_ && now - *warned_ < std::chrono::hours(24)) return;
  warned_ = now;
  for (const auto& expiry : expiries_)
    if (expiry.end - now < limits::kCertificateWarning)
      log(LogLevel::Warning, sentence(expiry, now),
          {{"root", expiry.root.text()}, {"end", rfc3339(expiry.end)}});
}

double RootWarnings::seconds_left(Time now) const {
  const std::lock_guard lock(mutex_);
  if (expiries_.empty()) return std::numeric_limits<double>::infinity();
  return std::chrono::duration<double>(expiries_.front().end - now).count();
}

}  // namespace tegata::webhook
