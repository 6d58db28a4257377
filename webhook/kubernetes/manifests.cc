// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/manifests.h"

#include "policy/model/limits.h"
#include "webhook/kubernetes/foreign_document.h"
#include "webhook/kubernetes/json.h"
#include "webhook/kubernetes/manifest_yaml.h"
#include "webhook/kubernetes/object_request.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;
using Readings = std::vector<ManifestReading>;

/// The apiVersion and kind of an item of a typed list, if the item does not have them.
struct Presumed {
  std::string api_version;
  std::string kind;
};

class Reader {
 public:
  Reader(const ManifestSettings& settings, const ValueHasher& hasher)
      : settings_(settings), hasher_(hasher) {}

  Status read_document(const std::string& name, dom::element root);
  Status read_text(const std::string& name, std::string_view json);
  /// Handles the result of reading a document: an error in it becomes a reading; an error of the command line
  /// is returned.
  Status take(const std::string& name, const Status& read) {
    if (!read.ok() && read.error().code == ErrorCode::Misconfigured) return read;
    if (!read.ok()) add(name, malformed(read.error()));
    return done();
  }
  void add(const std::string& name, Reading reading) { readings_.push_back({name, std::move(reading)}); }
  [[nodiscard]] bool is_full() const noexcept { return readings_.size() > limits::kManifestObjects; }
  Readings readings() && { return std::move(readings_); }

 private:
  /// Fails only if the whole file has to be rejected; an object that cannot be read is a reading.
  Status read(const std::string& name, dom::element element, const Presumed& presumed);
  Status read_object(const std::string& name, dom::element element, const Presumed& presumed);
  Status read_admission_review(const std::string& name, dom::object review);
  Status read_items(const std::string& name, dom::array items, const Presumed& presumed);
  Result<Reading> read_manifest(dom::object object, const GroupVersionKind& gvk) const;

  const ManifestSettings& settings_;
  const ValueHasher& hasher_;
  Readings readings_;
};

/// `v1 List` and the typed lists of `kubectl get --raw`: their items are read one by one.
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

/// As `serve` reads it: a review that `serve` could not answer is invalid here.
Status Reader::read_admission_review(const std::string& name, dom::object review) {
  if (settings_.as)
    return Error{ErrorCode::Misconfigured, "an AdmissionReview contains its user, so --as is not allowed"};
  const auto request = review_request(review);
  add(name, request.ok() ? read_review(review, *request, hasher_) : Reading(malformed(request.error())));
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
  if (kind == "AdmissionReview") return read_admission_review(name, object);
  if (api_version.empty() || kind.empty())
    return Error{ErrorCode::Malformed, "a Kubernetes object has apiVersion and kind, and this has no " +
                                           std::string(api_version.empty() ? "apiVersion" : "kind")};
  if (is_list(kind, object)) {
    TEGATA_TRY(const auto items, array_member(object, "items"));
    return read_items(name, *items, {api_version, kind.substr(0, kind.size() - 4)});
  }
  TEGATA_TRY(const auto gvk, group_version_kind(api_version, kind));
  TEGATA_TRY(auto reading, read_manifest(object, gvk));
  add(name, std::move(reading));
  return done();
}

Status Reader::read_document(const std::string& name, dom::element root) {
  TEGATA_CHECK(check_unambiguous(root));
  dom::object object;
  const bool mapping = root.get(object) == simdjson::SUCCESS;
  if (!mapping || (!member(object, "apiVersion") && !member(object, "kind")))
    return Error{ErrorCode::Malformed, not_kubernetes(root)};
  return read(name, root, {});
}

Status Reader::read_text(const std::string& name, std::string_view json) {
  JsonDocument document;
  TEGATA_TRY(const auto root, document.parse(json));
  return read_document(name, root);
}

/// Whether it was JSON. A text that only looks like JSON may be YAML in flow style.
Result<bool> read_json(Reader& reader, std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return false;
  JsonDocument document;
  const auto root = document.parse(text);
  if (!root.ok()) return false;
  TEGATA_CHECK(reader.take("", reader.read_document("", *root)));
  return true;
}

Status read_yaml(Reader& reader, std::string_view text) {
  const auto documents = json_of_yaml(text);
  if (documents.empty())
    reader.add("", malformed({ErrorCode::Malformed, "the file holds no Kubernetes object"}));
  std::size_t number = 0;
  for (const auto& json : documents) {
    ++number;
    const auto name = documents.size() == 1 ? std::string() : "#" + std::to_string(number);
    TEGATA_CHECK(reader.take(name, json.ok() ? reader.read_text(name, *json) : Status(json.error())));
    if (reader.is_full()) break;
  }
  return done();
}

}  // namespace

Result<Readings> read_manifests(std::string_view text, const ManifestSettings& settings,
                                const ValueHasher& hasher) {
  Reader reader(settings, hasher);
  TEGATA_TRY(const bool json, read_json(reader, text));
  if (!json) TEGATA_CHECK(read_yaml(reader, text));
  return std::move(reader).readings();
}

}  // namespace tegata::webhook::kubernetes
