// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/pod_environment.h"

#include "policy/model/limits.h"
#include "webhook/kubernetes/json_members.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;
using Environment = std::vector<EnvironmentVariable>;

Status add_variable(Environment& all, std::string_view container, const Place& variable,
                    const ValueHasher& hasher) {
  if (all.size() == limits::kEnvironmentVariables)
    return Error{ErrorCode::LimitExceeded, "more than " + std::to_string(limits::kEnvironmentVariables) +
                                               " environment variables in one object"};
  TEGATA_TRY(const auto name, string_member(variable.value, "name", variable.path));
  TEGATA_TRY(const auto value, string_member(variable.value, "value", variable.path));
  TEGATA_TRY(const auto source, object_member(variable.value, "valueFrom", variable.path));
  if (source && value.value_or("").empty())
    all.push_back({std::string(container), std::string(name.value_or("")), ValueClass::Reference, {}});
  else
    all.push_back(literal_variable(container, name.value_or(""), value.value_or(""), hasher));
  return done();
}

Status add_container(Environment& all, const Place& container, const ValueHasher& hasher) {
  TEGATA_TRY(const auto name, string_member(container.value, "name", container.path));
  TEGATA_TRY(const auto variables, array_member(container.value, "env", container.path));
  if (!variables) return done();
  std::size_t index = 0;
  for (const auto element : *variables) {
    const auto path = container.path + ".env[" + std::to_string(index++) + "]";
    dom::object variable;
    if (element.get(variable) != simdjson::SUCCESS)
      return Error{ErrorCode::Malformed, path + " must be an object"};
    TEGATA_CHECK(add_variable(all, name.value_or(""), {variable, path}, hasher));
  }
  return done();
}

}  // namespace

Result<Environment> pod_environment(const Place& pod_spec, const ValueHasher& hasher) {
  Environment all;
  for (const std::string_view list : {"containers", "initContainers", "ephemeralContainers"}) {
    TEGATA_TRY(const auto containers, array_member(pod_spec.value, list, pod_spec.path));
    if (!containers) continue;
    std::size_t index = 0;
    for (const auto element : *containers) {
      const auto path = joined(pod_spec.path, list) + "[" + std::to_string(index++) + "]";
      dom::object container;
      if (element.get(container) != simdjson::SUCCESS)
        return Error{ErrorCode::Malformed, path + " must be an object"};
      TEGATA_CHECK(add_container(all, {container, path}, hasher));
    }
  }
  return all;
}

}  // namespace tegata::webhook::kubernetes
