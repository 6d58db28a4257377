// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "verifier/oci/registry_http.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto challenges = tegata::verifier::parse_www_authenticate(text);
  if (challenges.ok())
    for (const auto& challenge : *challenges)
      if (challenge.scheme.empty()) __builtin_trap();
  static_cast<void>(tegata::verifier::next_link(text));
  return 0;
}
