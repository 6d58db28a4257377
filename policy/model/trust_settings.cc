// SPDX-License-Identifier: Apache-2.0
#include "policy/model/trust_settings.h"

#include <algorithm>

namespace tegata {

std::shared_ptr<const TrustSettings> TrustSettings::of(std::vector<Authority> authorities) {
  std::stable_sort(authorities.begin(), authorities.end(),
                   [](const Authority& a, const Authority& b) { return a.key < b.key; });
  authorities.erase(std::unique(authorities.begin(), authorities.end(),
                                [](const Authority& a, const Authority& b) { return a.key == b.key; }),
                    authorities.end());
  auto settings = std::make_shared<TrustSettings>();
  for (const auto& authority : authorities) settings->id += authority.key.hex();
  settings->authorities = std::move(authorities);
  return settings;
}

}  // namespace tegata
