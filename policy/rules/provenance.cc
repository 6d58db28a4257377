// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/provenance.h"

#include <algorithm>
#include <initializer_list>

#include "policy/model/printable.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {
namespace {

const Value* at(const Value& value, std::initializer_list<const char*> names) {
  const Value* found = &value;
  for (const auto* name : names) {
    const auto* object = std::get_if<Value::Object>(&found->of);
    if (object == nullptr) return nullptr;
    const auto member = object->find(name);
    if (member == object->end()) return nullptr;
    found = &member->second;
  }
  return found;
}

std::string text_at(const Value& value, std::initializer_list<const char*> names) {
  const auto* found = at(value, names);
  const auto* text = found == nullptr ? nullptr : std::get_if<std::string>(&found->of);
  return text == nullptr ? std::string() : *text;
}

const Value::Array& list_at(const Value& value, std::initializer_list<const char*> names) {
  static const Value::Array kNone;
  const auto* found = at(value, names);
  const auto* list = found == nullptr ? nullptr : std::get_if<Value::Array>(&found->of);
  return list == nullptr ? kNone : *list;
}

bool is_full_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The commit that a material's digests name: `gitCommit`, or `sha1`, as older generators say it.
std::string material_commit(const Value& material) {
  auto commit = text_at(material, {"digest", "gitCommit"});
  if (commit.empty()) commit = text_at(material, {"digest", "sha1"});
  return is_full_commit(commit) ? commit : std::string();
}

bool is_image(std::string_view uri) { return uri.starts_with("pkg:docker/") || uri.starts_with("pkg:oci/"); }

void add_image(Provenance& provenance, const Value& material) {
  const auto digest = Digest::parse("sha256:" + text_at(material, {"digest", "sha256"}));
  if (digest.ok())
    provenance.images.push_back(*digest);
  else
    provenance.image_without_digest = true;
}

void add_commit(Provenance& provenance, const std::string& commit) {
  auto& commits = provenance.commits;
  if (!commit.empty() && std::find(commits.begin(), commits.end(), commit) == commits.end())
    commits.push_back(commit);
}

/// Whether a build was given a source, and only one.
enum class Sources { Nothing, One, Different };

Sources read_source(Provenance& provenance, const std::vector<std::string>& uris) {
  Sources sources = Sources::Nothing;
  for (const auto& uri : uris) {
    if (uri.empty()) continue;
    auto repository = repository_of_uri(uri);
    if (sources == Sources::One && repository != provenance.source_repository) sources = Sources::Different;
    if (sources == Sources::Nothing) {
      provenance.source_repository = std::move(repository);
      sources = Sources::One;
    }
  }
  if (sources == Sources::Different) provenance.source_repository.reset();
  return sources;
}

void read_materials(Provenance& provenance, const Value::Array& materials, Sources sources) {
  std::vector<std::string> of_git;
  for (const auto& material : materials) {
    const auto uri = text_at(material, {"uri"});
    if (is_image(uri)) {
      add_image(provenance, material);
      continue;
    }
    auto commit = material_commit(material);
    if (commit.empty()) continue;
    if (sources == Sources::One && repository_of_uri(uri) == provenance.source_repository)
      add_commit(provenance, commit);
    of_git.push_back(std::move(commit));
  }
  if (sources == Sources::Nothing && of_git.size() == 1) add_commit(provenance, of_git.front());
}

Provenance read_v02(const Value& predicate) {
  Provenance provenance;
  provenance.builder = text_at(predicate, {"builder", "id"});
  provenance.build_type = text_at(predicate, {"buildType"});
  const auto sources = read_source(provenance, {text_at(predicate, {"invocation", "configSource", "uri"})});
  if (sources == Sources::One)
    if (const auto* source = at(predicate, {"invocation", "configSource"}))
      add_commit(provenance, material_commit(*source));
  read_materials(provenance, list_at(predicate, {"materials"}), sources);
  return provenance;
}

Provenance read_v1(const Value& predicate) {
  Provenance provenance;
  provenance.builder = text_at(predicate, {"runDetails", "builder", "id"});
  provenance.build_type = text_at(predicate, {"buildDefinition", "buildType"});
  const auto* parameters = at(predicate, {"buildDefinition", "externalParameters"});
  const Value none;
  const auto& external = parameters == nullptr ? none : *parameters;
  const auto sources = read_source(
      provenance, {text_at(external, {"workflow", "repository"}), text_at(external, {"source"}),
                   text_at(external, {"source", "uri"}), text_at(external, {"configSource", "uri"}),
                   text_at(external, {"sourceToBuild", "repository"})});
  read_materials(provenance, list_at(predicate, {"buildDefinition", "resolvedDependencies"}), sources);
  return provenance;
}

}  // namespace

bool is_provenance(std::string_view predicate_type) noexcept {
  return predicate_type == kProvenanceV02 || predicate_type == kProvenanceV1;
}

Provenance provenance_of(std::string_view predicate_type, const Value& predicate) {
  if (predicate_type == kProvenanceV02) return read_v02(predicate);
  if (predicate_type == kProvenanceV1) return read_v1(predicate);
  return {};
}

std::string repository_of_uri(std::string_view uri) {
  if (uri.starts_with("git+")) uri.remove_prefix(4);
  uri = uri.substr(0, uri.find('#'));
  const auto scheme = uri.find("://");
  const auto path = uri.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  // After the host only: before it, an @ ends a user's name.
  if (path != std::string_view::npos) uri = uri.substr(0, uri.find('@', path));
  if (uri.ends_with('/')) uri.remove_suffix(1);
  if (uri.ends_with(".git")) uri.remove_suffix(4);
  return std::string(uri);
}

namespace {

constexpr std::size_t kShownCriterion = 160;

std::string unmet(std::string_view what, std::string_view expected, std::string_view found) {
  return std::string(what) + ": expected " + quoted(expected, kShownCriterion) + ", found " +
         (found.empty() ? "nothing" : quoted(found, kShownCriterion));
}

std::optional<std::string> image_mismatch(const std::vector<Digest>& allowed, const Provenance& provenance) {
  std::vector<std::string> texts;
  for (const auto& digest : allowed) texts.push_back(digest.text());
  const auto expected = "base images: expected " + listed(texts) + ", found ";
  if (provenance.image_without_digest) return expected + "an image without a sha256 digest";
  if (provenance.images.empty()) return expected + "none";
  for (const auto& digest : provenance.images)
    if (std::find(allowed.begin(), allowed.end(), digest) == allowed.end()) return expected + digest.text();
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ProvenanceCriteria::mismatch(const Provenance& provenance) const {
  if (builder && !builder->matches(provenance.builder))
    return unmet("builder", builder->text(), provenance.builder);
  const auto source = provenance.source_repository.value_or("");
  if (source_repository && !source_repository->matches(source))
    return unmet("source repository", source_repository->text(), source);
  if (build_type && *build_type != provenance.build_type)
    return unmet("build type", *build_type, provenance.build_type);
  return base_images.empty() ? std::nullopt : image_mismatch(base_images, provenance);
}

namespace {

constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"slsaprovenance", kProvenanceV02},         {"slsaprovenance02", kProvenanceV02},
    {"slsaprovenance1", kProvenanceV1},         {"vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"},
    {"spdx", "https://spdx.dev/Document"},      {"spdxjson", "https://spdx.dev/Document"},
    {"cyclonedx", "https://cyclonedx.org/bom"}, {"openvex", "https://openvex.dev/ns"},
    {"link", "https://in-toto.io/Link/v1"},     {"custom", "https://cosign.sigstore.dev/attestation/v1"}};

}  // namespace

std::optional<std::string> predicate_type_named(std::string_view word) {
  for (const auto& [alias, uri] : kAliases)
    if (word == alias) return std::string(uri);
  const auto colon = word.find(':');
  if (colon == 0 || colon == std::string_view::npos) return std::nullopt;
  return std::string(word);
}

}  // namespace tegata::policy
