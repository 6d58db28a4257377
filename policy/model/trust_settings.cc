// SPDX-License-Identifier: Apache-2.0
#include "policy/model/trust_settings.h"

#include <algorithm>

#include "policy/model/signature_facts.h"

namespace tegata {

std::shared_ptr<const TrustSettings> TrustSettings::of(std::vector<Authority> authorities,
                                                       Sufficiency sufficiency) {
  std::stable_sort(authorities.begin(), authorities.end(),
                   [](const Authority& a, const Authority& b) { return a.key < b.key; });
  authorities.erase(std::unique(authorities.begin(), authorities.end(),
                                [](const Authority& a, const Authority& b) { return a.key == b.key; }),
                    authorities.end());
  auto settings = std::make_shared<TrustSettings>();
  for (const auto& authority : authorities) settings->id += authority.key.hex();
  settings->id += sufficiency.text;
  settings->authorities = std::move(authorities);
  settings->sufficiency = std::move(sufficiency);
  return settings;
}

std::shared_ptr<const TrustSettings> TrustSettings::both(const TrustSettings& a, const TrustSettings& b) {
  auto authorities = a.authorities;
  authorities.insert(authorities.end(), b.authorities.begin(), b.authorities.end());
  return of(std::move(authorities),
            {"(" + a.id + ")(" + b.id + ")", [a, b](const Digest& image, const SignatureFacts& facts) {
               return a.suffices(image, facts) && b.suffices(image, facts);
             }});
}

bool TrustSettings::suffices(const Digest& image, const SignatureFacts& facts) const {
  if (facts.unknown || facts.too_many || authorities.empty()) return false;
  if (sufficiency.holds) return sufficiency.holds(image, facts);
  return std::all_of(authorities.begin(), authorities.end(), [&](const Authority& authority) {
    const auto* known = facts.of(authority.key);
    return known != nullptr && !known->verified.empty();
  });
}

}  // namespace tegata
