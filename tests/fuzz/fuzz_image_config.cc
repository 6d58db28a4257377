// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policy/model/limits.h"
#include "verifier/evidence/facts/build_history.h"
#include "verifier/evidence/facts/read_image_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)tegata::verifier::read_build_step(text);
  const auto found = tegata::verifier::read_image_config(text);
  if (!found.ok()) return 0;
  for (const auto* places : {&found->config.secrets, &found->config.added_from})
    if (places->size() > tegata::limits::kConfigPlaces) __builtin_trap();
  // What is shown of a name cannot hold a URL, a line or a whole sentence.
  for (const auto& place : found->config.secrets)
    if (place.size() > 160 || place.find_first_of("=:@?\"'\n") != std::string::npos) __builtin_trap();
  return 0;
}
