// SPDX-License-Identifier: Apache-2.0
//
// Where, and what: from the request of a call and from the response, which knows better.
#include <nlohmann/json.hpp>

#include "verifier/json/members.h"
#include "webhook/ecs/call_record.h"
#include "webhook/ecs/names.h"

namespace tegata::webhook::ecs {
namespace {

using nlohmann::json;
using verifier::member;
using Definition = std::optional<TaskDefinitionName>;

Result<Definition> definition_in(const json* object, std::string_view key) {
  if (object == nullptr) return Definition();
  TEGATA_TRY(const auto text, name_member(*object, key));
  if (text.empty()) return Definition();
  TEGATA_TRY(auto name, TaskDefinitionName::parse(text));
  return Definition(std::move(name));
}

const json* service_of(const Call& call) {
  return call.response == nullptr ? nullptr : member(*call.response, "service");
}

/// The one definition of all tasks that the call started.
Result<Definition> definition_of_tasks(const Call& call) {
  Definition all;
  TEGATA_TRY(const auto* tasks, tasks_of(call));
  if (tasks == nullptr) return all;
  for (const auto& task : *tasks) {
    if (!task.is_object()) return Error::malformed("responseElements.tasks[] must be an object");
    TEGATA_TRY(auto one, definition_in(&task, "taskDefinitionArn"));
    if (!one) return Error::malformed("a task of the response names no task definition");
    if (all && all->text() != one->text())
      return Error::malformed("the tasks of one call have two task definitions");
    all = std::move(one);
  }
  return all;
}

bool contradicts(const TaskDefinitionName& asked, const TaskDefinitionName& got) {
  return asked.family != got.family || (asked.revision && got.revision && asked.revision != got.revision);
}

}  // namespace

Result<const json*> tasks_of(const Call& call) {
  const auto* tasks = call.response == nullptr ? nullptr : member(*call.response, "tasks");
  if (tasks != nullptr && !tasks->is_array())
    return Error::malformed("responseElements.tasks must be a list");
  return tasks;
}

Result<Definition> definition_of(const Call& call) {
  TEGATA_TRY(const auto asked, definition_in(call.request, "taskDefinition"));
  Definition got;
  if (call.kind == CallKind::RunTask) {
    TEGATA_TRY(got, definition_of_tasks(call));
  } else {
    TEGATA_TRY(got, definition_in(service_of(call), "taskDefinition"));
  }
  if (asked && got && contradicts(*asked, *got))
    return Error::malformed("the response names " + got->text() + ", but the request " + asked->text());
  return got ? got : asked;
}

Result<std::string> cluster_of(const Call& call) {
  if (call.request != nullptr) {
    TEGATA_TRY(const auto named, name_member(*call.request, "cluster"));
    if (!named.empty()) return last_name(named);
  }
  const auto* holder = service_of(call);
  TEGATA_TRY(const auto* tasks, tasks_of(call));
  if (tasks != nullptr && !tasks->empty()) holder = &tasks->front();
  if (holder != nullptr) {
    TEGATA_TRY(const auto arn, name_member(*holder, "clusterArn"));
    if (!arn.empty()) return last_name(arn);
  }
  return std::string("default");
}

Result<std::string> service_name_of(const Call& call) {
  for (const std::string_view key : {"service", "serviceName"}) {
    if (call.request == nullptr) break;
    TEGATA_TRY(const auto name, name_member(*call.request, key));
    if (!name.empty()) return last_name(name);
  }
  const auto* service = service_of(call);
  if (service == nullptr) return std::string();
  return name_member(*service, "serviceName");
}

}  // namespace tegata::webhook::ecs
