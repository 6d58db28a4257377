// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/recent_authorities.h"

namespace tegata::verifier {

std::optional<Certificate> RecentAuthorities::find(std::string_view der) const {
  for (const auto& certificate : kept_)
    if (certificate && certificate->der() == der) return certificate;
  return std::nullopt;
}

void RecentAuthorities::keep(const Certificate& certificate) {
  if (!certificate.is_authority()) return;
  kept_[next_] = certificate;
  next_ = (next_ + 1) % kept_.size();
}

}  // namespace tegata::verifier
