// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "webhook/ecs/event.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)tegata::webhook::ecs::read_ecs_document(text, {}, {});
  return 0;
}
