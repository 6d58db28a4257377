// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/foreign_document.h"

#include <algorithm>
#include <array>

#include "webhook/kubernetes/json.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;
using Type = dom::element_type;

constexpr std::string_view kSupported =
    "supported are Kubernetes manifests and AdmissionReviews (YAML or JSON), ECS task definitions (JSON) and "
    "EventBridge events (JSON)";
constexpr std::string_view kNoImages =
    ", which names no image; give the task definition as JSON instead, as `aws ecs describe-task-definition` "
    "returns it";

/// A document recognized by a member of this type, and optionally a second member of any type.
struct Known {
  std::string_view key;
  Type type;
  std::string_view also;  ///< the second member; empty: the first is enough
  std::string_view what;
};

constexpr std::string_view kService = "this is the description of an ECS service";
constexpr std::string_view kTasks = "this is the description of ECS tasks";
constexpr std::string_view kList = "this is a list of ARNs";

constexpr auto kWithoutImages = std::to_array<Known>({
    {"services", Type::ARRAY, "", "this is the output of `aws ecs describe-services`"},
    {"service", Type::OBJECT, "", kService},
    {"serviceName", Type::STRING, "", kService},
    {"serviceArn", Type::STRING, "", kService},
    {"tasks", Type::ARRAY, "", kTasks},
    {"taskArn", Type::STRING, "", kTasks},
    {"taskDefinitionArns", Type::ARRAY, "", kList},
    {"serviceArns", Type::ARRAY, "", kList},
    {"taskArns", Type::ARRAY, "", kList},
});

constexpr auto kOthers = std::to_array<Known>({
    {"AWSTemplateFormatVersion", Type::STRING, "", kCloudFormation},
    {"Resources", Type::OBJECT, "", kCloudFormation},
    {"ContainerDefinitions", Type::ARRAY, "",
     "this is a task definition as CloudFormation spells it; give it as `aws ecs "
     "describe-task-definition` returns it (containerDefinitions, image)"},
    {"eventName", Type::STRING, "eventSource", kCloudTrailFile},
    {"Events", Type::ARRAY, "", kCloudTrailFile},
    {"Records", Type::ARRAY, "", "events are read as JSON, and this is not strict JSON"},
    {"detail-type", Type::STRING, "", "events are read as JSON, and this is not strict JSON"},
    {"containerDefinitions", Type::ARRAY, "",
     "ECS task definitions are read as JSON, and this is not strict JSON; `aws ecs describe-task-definition` "
     "returns JSON"},
    {"taskDefinition", Type::OBJECT, "",
     "ECS task definitions are read as JSON, and this is not strict JSON; `aws ecs describe-task-definition` "
     "returns JSON"},
    {"services", Type::OBJECT, "",
     "this is a Compose file; give the Kubernetes manifest or the ECS task definition instead"},
    {"resource_changes", Type::ARRAY, "",
     "this is a Terraform plan; give the Kubernetes manifest or the ECS task definition instead"},
    {"image", Type::STRING, "name",
     "this is one container by itself; give the Kubernetes manifest or the ECS task definition that "
     "contains it"},
});

bool is(dom::object object, const Known& known) {
  const auto value = member(object, known.key);
  return value && value->type() == known.type && (known.also.empty() || member(object, known.also));
}

template <typename List>
const Known* among(const List& list, dom::object object) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Known& known) { return is(object, known); });
  return found == list.end() ? nullptr : &*found;
}

std::string of_list(dom::array list) {
  dom::object first;
  if (list.at(0).get(first) == simdjson::SUCCESS) {
    if (member(first, "apiVersion"))
      return "this is a plain list of Kubernetes objects; write each as a separate document (with "
             "--- between them), or all as the items of {apiVersion: v1, kind: List}";
    if (member(first, "imageUri"))
      return "this is an imagedefinitions.json of CodePipeline; give the task definition as JSON instead";
    if (member(first, "image"))
      return "this is a plain list of containers; give the ECS task definition as JSON instead, with "
             "family and containerDefinitions around it";
    if (member(first, "eventName")) return std::string(kCloudTrailFile);
  }
  return "this is a plain list; " + std::string(kSupported);
}

}  // namespace

std::string not_kubernetes(dom::element document) {
  dom::array list;
  if (document.get(list) == simdjson::SUCCESS) return of_list(list);
  dom::object object;
  if (document.get(object) != simdjson::SUCCESS)
    return "this is neither an object nor a list; " + std::string(kSupported);
  if (const auto* known = among(kWithoutImages, object))
    return std::string(known->what) + std::string(kNoImages);
  if (const auto* known = among(kOthers, object)) return std::string(known->what);
  return "it has no apiVersion and no kind, and no other known form; " + std::string(kSupported);
}

}  // namespace tegata::webhook::kubernetes
