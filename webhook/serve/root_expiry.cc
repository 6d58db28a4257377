// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/root_expiry.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "policy/model/limits.h"
#include "webhook/clock.h"
#include "webhook/log/log.h"

namespace tegata::webhook {
namespace {

using verifier::TrustedRoot;
/// Expiry; none: never.
using End = std::optional<Time>;

End earlier(End a, Time b) { return a ? std::min(*a, b) : b; }

/// The latest expiry; never if one of the parts never expires.
template <typename Parts, typename EndOf>
End last_end(const Parts& parts, EndOf end_of) {
  Time last{};
  for (const auto& part : parts) {
    const End end = end_of(part);
    if (!end) return std::nullopt;
    last = std::max(last, *end);
  }
  return last;
}

End end_of_log(const verifier::LogKey& log) {
  return log.valid.start ? log.valid.end : End(Time{});  // without a start it is never trusted
}

End end_of_authority(const verifier::TrustedCertificateAuthority& one) {
  End end = one.valid.end;
  for (const auto& certificate : one.authority.chain()) end = earlier(end, certificate.not_after());
  return end;
}

class Needs {
 public:
  void add(const TrustedRoot& root, const std::string& part, const End& end) {
    if (end) ends_.insert_or_assign(std::pair(root.id, part), *end);
  }
  void add_for(const Authority& authority, const TrustedRoot& root) {
    const auto& proof = authority.proof;
    if (std::holds_alternative<CertificateSigner>(authority.signer))
      add(root, "certificate authority", last_end(root.certificate_authorities, end_of_authority));
    if (proof.transparency_log == Demand::Required)
      add(root, "transparency log", last_end(root.transparency_logs, end_of_log));
    if (proof.certificate_timestamp == Demand::Required)
      add(root, "certificate transparency log", last_end(root.certificate_timestamp_logs, end_of_log));
    if (proof.signed_timestamp == Demand::Required)
      add(root, "timestamp authority",
          last_end(root.timestamp_authorities, [](const auto& one) { return one.valid.end; }));
  }
  [[nodiscard]] std::vector<RootExpiry> sorted() const {
    std::vector<RootExpiry> all;
    for (const auto& [what, end] : ends_) all.push_back({what.first, what.second, end});
    std::ranges::stable_sort(all, {}, &RootExpiry::end);
    return all;
  }

 private:
  std::map<std::pair<TrustedRootId, std::string>, Time> ends_;
};

std::string sentence(const RootExpiry& expiry, Time now) {
  if (expiry.end == Time{}) return "a trusted root that policies need has no " + expiry.part;
  const auto days = std::chrono::duration_cast<std::chrono::hours>(expiry.end - now).count() / 24;
  if (expiry.end < now)
    return "the last " + expiry.part +
           " of a trusted root has expired: new signatures cannot be verified with it";
  return "the last " + expiry.part + " of a trusted root expires in " + std::to_string(days) +
         " days; install a newer root before then";
}

}  // namespace

std::vector<RootExpiry> root_expiries(const policy::PolicySet& policies,
                                      const verifier::TrustMaterial& trust) {
  Needs needs;
  for (const auto& authority : policies.authorities) {
    const auto* root = authority.proof.root ? trust.find_root(*authority.proof.root) : nullptr;
    if (root != nullptr) needs.add_for(authority, *root);
  }
  return needs.sorted();
}

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
