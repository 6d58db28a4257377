// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/manifests.h"

#include "policy/model/limits.h"
#include "webhook/kubernetes/json_document.h"
#include "webhook/kubernetes/json_members.h"
#include "webhook/kubernetes/manifest_yaml.h"
#include "webhook/kubernetes/object_request.h"
#include "webhook/kubernetes/review_reading.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;
using Readings = std::vector<ManifestReading>;

/// What an item of a typed list is, where it does not say so itself.
struct Presumed {
  std::string api_version;
  std::string kind;
};

class Reader {
 public:
  Reader(const ManifestSettings& settings, const ValueHasher& hasher)
      : settings_(settings), hasher_(hasher) {}

  Status read_document(const std::string& name, std::string_view json);
  void add(const std::string& name, Reading reading) { readings_.push_back({name, std::move(reading)}); }
  [[nodiscard]] bool is_full() const noexcept { return readings_.size() > limits::kManifestObjects; }
  Readings readings() && { return std::move(readings_); }

 private:
  /// Fails only where the whole file is to be given up; an object that cannot be read is a reading.
  Status read(const std::string& name, dom::element element, const Presumed& presumed);
  Status read_object(const std::string& name, dom::element element, const Presumed& presumed);
  Status read_items(const std::string& name, dom::array items, const Presumed& presumed);
  Result<Reading> read_manifest(dom::object object, const GroupVersionKind& gvk) const;

  const ManifestSettings& settings_;
  const ValueHasher& hasher_;
  Readings readings_;
};

/// `v1 List` and the typed lists of `kubectl get --raw`: their items stand for themselves.
bool is_list(std::string_view kind, dom::object object) {
  return kind.ends_with("List") && member(object, "items").has_value();
}

Result<Reading> Reader::read_manifest(dom::object object, const GroupVersionKind& gvk) const {
  ObjectChange change;
  change.operation = "CREATE";
  change.gvk = gvk;
  change.user = settings_.as;
  change.object = object;
  change.ns = settings_.default_namespace;
  TEGATA_TRY(const auto metadata, object_member(object, "metadata"));
  if (metadata) {
    TEGATA_TRY(const auto own, name_member(*metadata, "namespace", "metadata"));
    if (!own.empty()) change.ns = own;
    TEGATA_TRY(change.name, name_member(*metadata, "name", "metadata"));
  }
  return read_change(change, hasher_);
}

Status Reader::read_items(const std::string& name, dom::array items, const Presumed& presumed) {
  std::size_t index = 0;
  for (const auto item : items)
    TEGATA_CHECK(read(name + "[" + std::to_string(index++) + "]", item, presumed));
  return done();
}

Status Reader::read(const std::string& name, dom::element element, const Presumed& presumed) {
  if (readings_.size() == limits::kManifestObjects)
    return Error{ErrorCode::LimitExceeded,
                 "more than " + std::to_string(limits::kManifestObjects) + " objects in one file"};
  const auto read = read_object(name, element, presumed);
  if (read.ok() || read.error().code != ErrorCode::Malformed) return read;
  add(name, malformed(read.error()));
  return done();
}

Status Reader::read_object(const std::string& name, dom::element element, const Presumed& presumed) {
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS)
    return Error{ErrorCode::Malformed, "a Kubernetes object is a mapping"};
  TEGATA_TRY(auto api_version, name_member(object, "apiVersion", ""));
  TEGATA_TRY(auto kind, name_member(object, "kind", ""));
  if (api_version.empty() && kind.empty()) {
    api_version = presumed.api_version;
    kind = presumed.kind;
  }
  if (api_version.empty() || kind.empty())
    return Error{ErrorCode::Malformed, "it has no apiVersion or no kind, as Kubernetes objects do"};
  if (is_admission_review(object)) {
    if (settings_.as)
      return Error{ErrorCode::Misconfigured, "an AdmissionReview brings its own user, so --as is refused"};
    add(name, read_review(object, hasher_));
    return done();
  }
  if (is_list(kind, object)) {
    TEGATA_TRY(const auto items, array_member(object, "items"));
    return read_items(name, *items, {api_version, kind.substr(0, kind.size() - 4)});
  }
  TEGATA_TRY(const auto gvk, group_version_kind(api_version, kind));
  TEGATA_TRY(auto reading, read_manifest(object, gvk));
  add(name, std::move(reading));
  return done();
}

Status Reader::read_document(const std::string& name, std::string_view json) {
  JsonDocument document;
  TEGATA_TRY(const auto root, document.parse(json));
  TEGATA_CHECK(check_unambiguous(root));
  return read(name, root, {});
}

/// JSON is taken as it is. What only looks like it is YAML's flow style, or nothing.
Result<std::vector<std::string>> documents_of(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{')
    if (JsonDocument document; document.parse(text).ok()) return std::vector{std::string(text)};
  return json_of_yaml(text);
}

}  // namespace

Result<Readings> read_manifests(std::string_view text, const ManifestSettings& settings,
                                const ValueHasher& hasher) {
  Reader reader(settings, hasher);
  const auto documents = documents_of(text);
  if (!documents.ok()) {
    reader.add("", malformed(documents.error()));
    return std::move(reader).readings();
  }
  std::size_t number = 0;
  for (const auto& json : *documents) {
    ++number;
    const auto name = documents->size() == 1 ? std::string() : "#" + std::to_string(number);
    const auto read = reader.read_document(name, json);
    if (read.ok()) continue;
    if (read.error().code == ErrorCode::Misconfigured) return read.error();
    reader.add(name, malformed(read.error()));
    if (reader.is_full()) break;
  }
  if (documents->empty())
    reader.add("", malformed({ErrorCode::Malformed, "the file holds no Kubernetes object"}));
  return std::move(reader).readings();
}

}  // namespace tegata::webhook::kubernetes
