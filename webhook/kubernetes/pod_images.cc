// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/pod_images.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "policy/model/limits.h"
#include "webhook/kubernetes/json_members.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;
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

}  // namespace tegata::webhook::kubernetes
