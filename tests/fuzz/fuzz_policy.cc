// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "policy/document/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace tegata;
  const KeyResolver keys = [](const std::string& path) -> Result<KeyId> {
    if (path.ends_with("none.pub")) return Error{ErrorCode::NotFound, "no such file"};
    return KeyId(Digest::Bytes{static_cast<std::uint8_t>(path.size())});
  };
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto result = policy::load({{"policy.yaml", "/etc/tegata", text}}, keys);
  if (result.policies.has_value() != result.errors.empty()) __builtin_trap();
  for (const auto& error : result.errors)
    if (error.mark.line < 1 || error.mark.column < 1 || error.message.empty()) __builtin_trap();
  if (result.policies) (void)policy::lint(*result.policies, Time{});
  return 0;
}
