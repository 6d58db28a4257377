// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/workload.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "policy/model/limits.h"
#include "webhook/kubernetes/json.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 1> kTemplate = {"template"};
constexpr std::array<std::string_view, 2> kSpecTemplate = {"spec", "template"};
constexpr std::array<std::string_view, 4> kJobTemplate = {"spec", "jobTemplate", "spec", "template"};

// Every kind of Kubernetes 1.36 that embeds a PodSpec and that people write. ControllerRevision is
// left out: only controllers write it, as a copy of an object that was judged, and its Pods are judged again.
constexpr std::array<WorkloadKind, 9> kWorkloads = {{
    {"", "v1", "Pod", {}},
    {"", "v1", "PodTemplate", kTemplate},
    {"", "v1", "ReplicationController", kSpecTemplate},
    {"apps", "v1", "Deployment", kSpecTemplate},
    {"apps", "v1", "StatefulSet", kSpecTemplate},
    {"apps", "v1", "DaemonSet", kSpecTemplate},
    {"apps", "v1", "ReplicaSet", kSpecTemplate},
    {"batch", "v1", "Job", kSpecTemplate},
    {"batch", "v1", "CronJob", kJobTemplate},
}};

}  // namespace

Result<GroupVersionKind> group_version_kind(std::string_view api_version, std::string_view kind) {
  const auto slash = api_version.find('/');
  const bool core = slash == std::string_view::npos;
  const auto group = core ? std::string_view() : api_version.substr(0, slash);
  const auto version = core ? api_version : api_version.substr(slash + 1);
  if (version.empty() || (!core && group.empty()) || version.find('/') != std::string_view::npos)
    return Error{ErrorCode::Malformed,
                 "apiVersion \"" + std::string(api_version) + "\" is not VERSION or GROUP/VERSION"};
  if (kind.empty()) return Error{ErrorCode::Malformed, "kind is empty"};
  return GroupVersionKind{std::string(group), std::string(version), std::string(kind)};
}

const WorkloadKind* workload_kind(const GroupVersionKind& gvk) noexcept {
  for (const auto& known : kWorkloads)
    if (known.kind == gvk.kind && known.group == gvk.group && known.version == gvk.version) return &known;
  return nullptr;
}

Result<std::optional<Place>> pod_template(const WorkloadKind& kind, dom::object object) {
  Place place{object, ""};
  for (const auto key : kind.template_path) {
    TEGATA_TRY(const auto next, object_member(place.value, key, place.path));
    if (!next) return std::optional<Place>();
    place = {*next, joined(place.path, key)};
  }
  return std::optional(std::move(place));
}

namespace {

using Images = std::vector<NamedImage>;

Result<ImageReference> reference_of(std::string_view text) {
  if (text.empty()) return Error{ErrorCode::Malformed, "no image is named"};
  return ImageReference::parse(text);
}

Status add(Images& images, std::string path, std::string_view name, ContainerKind kind,
           std::string_view text) {
  if (images.size() == limits::kImagesPerRequest)
    return Error{ErrorCode::LimitExceeded,
                 "more than " + std::to_string(limits::kImagesPerRequest) + " images in one object"};
  images.push_back({std::move(path), name, kind, text});
  return done();
}

/// `list[index]` as an object, with its path.
Result<Place> item(dom::element element, std::string_view list_path, std::size_t index) {
  auto path = std::string(list_path) + "[" + std::to_string(index) + "]";
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS)
    return Error{ErrorCode::Malformed, path + " must be an object"};
  return Place{object, std::move(path)};
}

Status add_containers(Images& images, const Place& spec, std::string_view list, ContainerKind kind) {
  TEGATA_TRY(const auto containers, array_member(spec.value, list, spec.path));
  if (!containers) return done();
  const auto list_path = joined(spec.path, list);
  std::size_t index = 0;
  for (const auto element : *containers) {
    TEGATA_TRY(const auto container, item(element, list_path, index++));
    TEGATA_TRY(const auto name, string_member(container.value, "name", container.path));
    TEGATA_TRY(const auto image, string_member(container.value, "image", container.path));
    TEGATA_CHECK(add(images, container.path + ".image", name.value_or(""), kind, image.value_or("")));
  }
  return done();
}

Status add_image_volumes(Images& images, const Place& spec) {
  TEGATA_TRY(const auto volumes, array_member(spec.value, "volumes", spec.path));
  if (!volumes) return done();
  const auto list_path = joined(spec.path, "volumes");
  std::size_t index = 0;
  for (const auto element : *volumes) {
    TEGATA_TRY(const auto volume, item(element, list_path, index++));
    TEGATA_TRY(const auto source, object_member(volume.value, "image", volume.path));
    if (!source) continue;
    TEGATA_TRY(const auto name, string_member(volume.value, "name", volume.path));
    const auto path = volume.path + ".image";
    TEGATA_TRY(const auto reference, string_member(*source, "reference", path));
    TEGATA_CHECK(add(images, path + ".reference", name.value_or(""), ContainerKind::ImageVolume,
                     reference.value_or("")));
  }
  return done();
}

}  // namespace

Result<Images> pod_images(const Place& pod_spec) {
  Images images;
  TEGATA_CHECK(add_containers(images, pod_spec, "containers", ContainerKind::Container));
  TEGATA_CHECK(add_containers(images, pod_spec, "initContainers", ContainerKind::InitContainer));
  TEGATA_CHECK(add_containers(images, pod_spec, "ephemeralContainers", ContainerKind::EphemeralContainer));
  TEGATA_CHECK(add_image_volumes(images, pod_spec));
  return images;
}

std::vector<ContainerImage> container_images(const Images& images, const Images& before) {
  std::vector<ContainerImage> all;
  all.reserve(images.size());
  for (const auto& image : images) {
    const bool unchanged =
        std::any_of(before.begin(), before.end(), [&](const NamedImage& old) { return image.same(old); });
    all.push_back({image.field_path, std::string(image.container), image.kind, std::string(image.text),
                   reference_of(image.text), unchanged});
  }
  return all;
}

namespace {

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

Result<Workload> Workload::read(const WorkloadKind& kind, simdjson::dom::object object) {
  Workload workload{&kind, object, {}, {}, {}};
  TEGATA_TRY(workload.pod_template, tegata::webhook::kubernetes::pod_template(kind, object));
  if (!workload.pod_template) return workload;
  const auto& [holder, path] = *workload.pod_template;
  TEGATA_TRY(const auto spec, object_member(holder, "spec", path));
  if (!spec) return workload;
  workload.pod_spec = Place{*spec, joined(path, "spec")};
  TEGATA_TRY(workload.images, pod_images(*workload.pod_spec));
  return workload;
}

}  // namespace tegata::webhook::kubernetes
