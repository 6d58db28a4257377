// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "webhook/ecs/event.h"
#include "webhook/kubernetes/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto utf8 = tegata::webhook::kubernetes::utf8_text(text);
  if (!utf8.ok()) return 0;
  const auto document = tegata::webhook::ecs::EcsDocument::parse(*utf8);
  if (document) (void)document->read({}, {});
  return 0;
}
