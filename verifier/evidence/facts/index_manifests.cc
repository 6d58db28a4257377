// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/evidence/fact_record.h"
#include "verifier/evidence/facts/makers.h"
#include "verifier/oci/manifest.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using SharedManifests = std::shared_ptr<const IndexManifests>;

Result<IndexManifests> manifests_in(std::string_view bytes) {
  TEGATA_TRY(const auto document, parse_manifest(bytes));
  IndexManifests found;
  const auto* index = std::get_if<Index>(&document);
  if (index == nullptr) return found;
  for (const auto& entry : index->manifests) {
    // A runtime follows it to manifests that are not seen here.
    if (is_index(entry)) return Error::malformed("an index within an index is not read");
    if (std::ranges::find(found.digests, entry.digest) != found.digests.end()) continue;
    if (found.digests.size() == limits::kIndexManifests)
      return Error{ErrorCode::LimitExceeded,
                   "an index of more than " + std::to_string(limits::kIndexManifests) + " manifests"};
    found.digests.push_back(entry.digest);
  }
  return found;
}

FactOf<ManifestsKind> manifests_fact(const ContentAnswer& answer) {
  if (!answer.ok()) {
    if (answer.error().code == ErrorCode::NotFound) return Absent{};
    return Unknown{answer.error()};
  }
  const auto* content = std::get_if<Content>(&*answer);
  if (content == nullptr) return Unknown{{ErrorCode::Internal, "a manifest was answered with a list"}};
  auto found = manifests_in(content->bytes);
  if (!found.ok()) return Unknown{found.error()};
  return Known<SharedManifests>{std::make_shared<const IndexManifests>(*std::move(found))};
}

// An exception must not reach the thread of the source, and `done` must still be called.
FactOf<ManifestsKind> guarded_manifests(const ContentAnswer& answer) {
  try {
    return manifests_fact(answer);
  } catch (const std::exception& failure) {
    return Unknown{{ErrorCode::Internal, failure.what()}};
  }
}

}  // namespace

void ManifestsMaker::fetch(const FactKey<ManifestsKind>& key, const FetchContext& context, Done done) const {
  context.source.fetch({ManifestRequest{key.subject.repository, *key.subject.digest}}, context.terms,
                       [done = std::move(done)](const std::vector<ContentAnswer>& answers) {
                         done(guarded_manifests(answers.at(0)));
                       });
}

std::optional<ManifestsMaker::Duration> ManifestsMaker::lifetime(const FactKey<ManifestsKind>&,
                                                                 const FactOf<ManifestsKind>& fact,
                                                                 FetchCost) const {
  return std::holds_alternative<Absent>(fact) ? settings_.absent_lifetime : settings_.verified_lifetime;
}

std::size_t ManifestsMaker::weight(const IndexManifests& manifests) const {
  return sizeof manifests + manifests.digests.capacity() * sizeof(Digest);
}

std::string ManifestsMaker::write(const IndexManifests& manifests, const Evidence&) const {
  auto form = json::array();
  for (const auto& digest : manifests.digests) form.push_back(digest.text());
  return compact(form);
}

Result<Readback<ManifestsKind>> ManifestsMaker::read(const json& known) const {
  if (!known.is_array()) return Error::malformed("recorded facts: the manifests must be a list");
  auto manifests = std::make_shared<IndexManifests>();
  for (const auto& item : known) {
    if (!item.is_string()) return Error::malformed("recorded facts: a digest must be a string");
    TEGATA_TRY(const auto digest, Digest::parse(item.get_ref<const std::string&>()));
    manifests->digests.push_back(digest);
  }
  return Readback<ManifestsKind>(SharedManifests(std::move(manifests)));
}

}  // namespace tegata::verifier
