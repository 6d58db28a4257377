// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "webhook/ecs/task_definition.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::webhook::ecs;
  auto definition = TaskDefinition::parse({reinterpret_cast<const char*>(data), size}, {});
  if (!definition.ok()) return 0;
  TaskDefinitions definitions;
  (void)definitions.add(*definition);
  (void)definitions.find(definition->name, "123456789012", "eu-west-1");
  return 0;
}
