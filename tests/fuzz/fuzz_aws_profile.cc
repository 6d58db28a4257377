// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "verifier/aws/aws_profile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::verifier;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto which : {SharedFile::Config, SharedFile::Credentials}) {
    const auto profiles = parse_shared_file(text, which);
    if (!profiles.ok()) continue;
    for (const auto& [name, profile] : *profiles)
      for (const auto& [key, value] : profile.values)
        if (name != profile.name || key.empty() || value.find('\n') != value.npos) __builtin_trap();
  }
  return 0;
}
