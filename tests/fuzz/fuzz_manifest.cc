// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "verifier/oci/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = tegata::verifier::parse_manifest(text);
  const auto referrers = tegata::verifier::parse_referrers(text);
  // What is an index for one is an index for the other.
  if (manifest.ok() && std::holds_alternative<tegata::verifier::Index>(*manifest) &&
      (!referrers.ok() || referrers->size() != std::get<tegata::verifier::Index>(*manifest).manifests.size()))
    __builtin_trap();
  return 0;
}
