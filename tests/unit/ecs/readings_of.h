// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "webhook/ecs/event.h"

namespace tegata::webhook::ecs {

/// What a document asks for; one that is not meant for ECS is invalid, as it is for `tegata check`.
inline std::vector<EcsReading> readings_of(std::string_view text, const TaskDefinitions& definitions,
                                           const ValueHasher& hasher) {
  const auto document = EcsDocument::parse(text);
  if (!document) return {{"", InvalidRequest{Reason::EventMalformed, "not meant for ECS"}}};
  return document->read(definitions, hasher);
}

}  // namespace tegata::webhook::ecs
