// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/manifest.h"

#include <nlohmann/json.hpp>

#include "verifier/json/exact_names.h"
#include "verifier/json/large_document.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

Result<std::string> text_or_empty(const json& object, std::string_view key) {
  TEGATA_TRY(auto text, string_member(object, key));
  return text ? std::move(*text) : std::string();
}

Result<Descriptor> descriptor_of(const json& value) {
  if (!value.is_object()) return Error::malformed("a descriptor must be an object");
  TEGATA_CHECK(exact_names(value, {"mediaType", "digest", "size", "annotations", "platform", "artifactType"},
                           "a descriptor"));
  TEGATA_TRY(const auto digest_text, string_member(value, "digest"));
  if (!digest_text) return Error::malformed("a descriptor has no digest");
  TEGATA_TRY(const Digest digest, Digest::parse(*digest_text));
  TEGATA_TRY(const auto size, size_member(value, "size"));
  if (!size) return Error::malformed("a descriptor has no size");
  TEGATA_TRY(auto media_type, string_member(value, "mediaType"));
  if (!media_type) return Error::malformed("a descriptor has no mediaType");
  return Descriptor{digest, *size, std::move(*media_type)};
}

Result<Annotations> annotations_of(const json& object) {
  Annotations annotations;
  const auto* value = member(object, "annotations");
  if (!value) return annotations;
  if (!value->is_object()) return Error::malformed("annotations must be an object");
  for (const auto& [key, text] : value->items()) {
    if (!text.is_string()) return Error::malformed("the annotation \"" + key + "\" must be a string");
    annotations.emplace(key, text.get_ref<const std::string&>());
  }
  return annotations;
}

Result<std::optional<Descriptor>> subject_of(const json& object) {
  const auto* value = member(object, "subject");
  if (!value) return std::optional<Descriptor>();
  TEGATA_TRY(auto subject, descriptor_of(*value));
  return std::optional(std::move(subject));
}

/// The array in the member `key`; empty if it is missing or null, as Go encodes empty slices.
Result<const json*> array_of(const json& object, std::string_view key) {
  static const json kEmpty = json::array();
  const auto* value = member(object, key);
  if (!value) return &kEmpty;
  if (!value->is_array()) return Error::malformed("\"" + std::string(key) + "\" must be an array");
  return value;
}

enum class DocumentKind { Manifest, Index };

Result<DocumentKind> kind_of(const json& document, std::string_view media_type) {
  const bool has_index_members = document.contains("manifests");
  const bool has_manifest_members = document.contains("config") || document.contains("layers");
  if (document.contains("fsLayers") || (has_index_members && has_manifest_members))
    return Error::malformed("the document is both a manifest and an index");
  if (!has_index_members && !has_manifest_members)
    return Error::malformed("the document is neither a manifest nor an index");
  const bool says_manifest = media_type == "application/vnd.oci.image.manifest.v1+json" ||
                             media_type == "application/vnd.docker.distribution.manifest.v2+json";
  const bool says_index = media_type == kIndexMediaType || media_type == kDockerListMediaType;
  if (!media_type.empty() && !says_manifest && !says_index)
    return Error::malformed("the mediaType is not that of a manifest or an index");
  if ((says_manifest && has_index_members) || (says_index && has_manifest_members))
    return Error::malformed("the mediaType does not match the members of the document");
  return has_index_members ? DocumentKind::Index : DocumentKind::Manifest;
}

Result<Manifest> manifest_of(const json& document, std::string media_type) {
  TEGATA_TRY(auto artifact_type, text_or_empty(document, "artifactType"));
  const auto* config_value = member(document, "config");
  if (!config_value) return Error::malformed("the manifest has no config");
  TEGATA_TRY(auto config, descriptor_of(*config_value));
  TEGATA_TRY(const json* layer_values, array_of(document, "layers"));
  std::vector<Layer> layers;
  for (const auto& value : *layer_values) {
    TEGATA_TRY(auto descriptor, descriptor_of(value));
    TEGATA_TRY(auto annotations, annotations_of(value));
    layers.push_back({std::move(descriptor), std::move(annotations)});
  }
  TEGATA_TRY(auto subject, subject_of(document));
  TEGATA_TRY(auto annotations, annotations_of(document));
  return Manifest{std::move(media_type), std::move(artifact_type), std::move(config),
                  std::move(layers),     std::move(subject),       std::move(annotations)};
}

Result<IndexEntry> entry_of(const json& value) {
  TEGATA_TRY(auto descriptor, descriptor_of(value));
  IndexEntry entry{std::move(descriptor), {}, {}};
  const auto* platform = member(value, "platform");
  if (!platform) return entry;
  if (!platform->is_object()) return Error::malformed("a platform must be an object");
  TEGATA_CHECK(exact_names(*platform, {"os", "architecture"}, "a platform"));
  TEGATA_TRY(entry.os, text_or_empty(*platform, "os"));
  TEGATA_TRY(entry.architecture, text_or_empty(*platform, "architecture"));
  return entry;
}

Result<Index> index_of(const json& document, std::string media_type) {
  Index index;
  index.media_type = std::move(media_type);
  TEGATA_TRY(index.artifact_type, text_or_empty(document, "artifactType"));
  TEGATA_TRY(const json* manifests, array_of(document, "manifests"));
  for (const auto& value : *manifests) {
    TEGATA_TRY(auto entry, entry_of(value));
    index.manifests.push_back(std::move(entry));
  }
  TEGATA_TRY(index.subject, subject_of(document));
  TEGATA_TRY(index.annotations, annotations_of(document));
  return index;
}

Result<json> document_of(std::string_view bytes) {
  if (bytes.size() > limits::kManifest)
    return Error{ErrorCode::LimitExceeded,
                 "a manifest of more than " + std::to_string(limits::kManifest) + " bytes"};
  TEGATA_TRY(auto document, parse_strict_json(bytes));
  if (!document.is_object()) return Error::malformed("a manifest must be a JSON object");
  TEGATA_CHECK(exact_names(document,
                           {"schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests",
                            "subject", "annotations", "fsLayers"},
                           "a manifest"));
  TEGATA_TRY(const auto version, size_member(document, "schemaVersion"));
  if (version == 1U)
    return Error::malformed("Docker schema 1 manifests are not supported: push the image again");
  if (version != 2U) return Error::malformed("schemaVersion must be 2");
  return document;
}

}  // namespace

Result<std::variant<Manifest, Index>> parse_manifest(std::string_view bytes) {
  using Parsed = std::variant<Manifest, Index>;
  const LargeDocument large(bytes.size());
  TEGATA_TRY(const json document, document_of(bytes));
  TEGATA_TRY(const std::string media_type, text_or_empty(document, "mediaType"));
  TEGATA_TRY(const DocumentKind kind, kind_of(document, media_type));
  if (kind == DocumentKind::Index) {
    TEGATA_TRY(auto index, index_of(document, media_type));
    return Parsed(std::move(index));
  }
  TEGATA_TRY(auto manifest, manifest_of(document, media_type));
  return Parsed(std::move(manifest));
}

Result<std::vector<Descriptor>> parse_referrers(std::string_view bytes) {
  TEGATA_TRY(const json document, document_of(bytes));
  TEGATA_TRY(const std::string media_type, text_or_empty(document, "mediaType"));
  TEGATA_TRY(const DocumentKind kind, kind_of(document, media_type));
  if (kind != DocumentKind::Index) return Error::malformed("a referrers list must be an index");
  TEGATA_TRY(const json* manifests, array_of(document, "manifests"));
  std::vector<Descriptor> referrers;
  for (const auto& value : *manifests)
    if (auto descriptor = descriptor_of(value); descriptor.ok()) referrers.push_back(*std::move(descriptor));
  return referrers;
}

bool is_index(const IndexEntry& entry) {
  return entry.media_type == kIndexMediaType || entry.media_type == kDockerListMediaType;
}

bool may_run(const IndexEntry& entry) { return entry.os != "unknown" || entry.architecture != "unknown"; }

bool is_manifest_media_type(std::string_view media_type) {
  return !media_type.empty() && media_type.find(',') == std::string_view::npos &&
         kManifestAccept.find(media_type) != std::string_view::npos && media_type.ends_with("json") &&
         media_type.starts_with("application/vnd.");
}

}  // namespace tegata::verifier
