// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/read_input.h"

#include "webhook/ecs/event.h"
#include "webhook/kubernetes/manifests.h"

namespace tegata::webhook::cli {
namespace {

Error as_is_refused(const std::string& file) {
  return {ErrorCode::Misconfigured,
          file +
              ": --as is for Kubernetes manifests; this file is for ECS, where the "
              "event itself says who calls, and a task definition is nobody's call"};
}

}  // namespace

Result<std::vector<SourcedReading>> read_input(const InputFile& file, const InputContext& context) {
  std::vector<SourcedReading> all;
  if (!file.text.ok()) {
    all.push_back({file.name, InvalidRequest{Reason::EventMalformed, file.text.error().message}});
    return all;
  }
  if (ecs::is_ecs_document(*file.text)) {
    if (context.as) return as_is_refused(file.name);
    for (auto& [name, reading] : ecs::read_ecs_document(*file.text, context.definitions, context.hasher))
      all.push_back({name.empty() ? file.name : file.name + "#" + name, std::move(reading)});
    return all;
  }
  auto objects = kubernetes::read_manifests(*file.text, {context.ns, context.as}, context.hasher);
  if (!objects.ok()) return objects.error().in(file.name);
  for (auto& [name, reading] : *objects) all.push_back({file.name + name, std::move(reading)});
  return all;
}

}  // namespace tegata::webhook::cli
