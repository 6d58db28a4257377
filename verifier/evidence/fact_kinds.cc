// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_kinds.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "verifier/evidence/facts/makers.h"
#include "verifier/evidence/made_facts.h"

namespace tegata::verifier {

const ResolvedTag* resolved_in(const FactOf<TagKind>& tag) noexcept {
  const auto* known = std::get_if<Known<std::shared_ptr<const ResolvedTag>>>(&tag);
  return known == nullptr ? nullptr : known->value.get();
}

Unasked without_digest(const FactOf<TagKind>& tag) {
  if (const auto* unknown = std::get_if<Unknown>(&tag)) return *unknown;
  return Absent{};
}

FactFetchers::FactFetchers(ContentSource& source, const FactKinds& kinds, GatherSettings settings)
    : settings_(std::move(settings)), shared_(source) {
  for (const auto& kind : kinds) fetchers_.emplace_back(&kind->id(), kind->fetcher(*this));
}

FactFetcher& FactFetchers::fetcher_of(const KindId& kind) const {
  for (const auto& [id, fetcher] : fetchers_)
    if (id == &kind) return *fetcher;
  throw std::logic_error("no maker for facts of the kind " + std::string(kind.name));
}

FactFetchers::Answer FactFetchers::kept(const FactSubject& subject, const AnyQuestion& question) const {
  return fetcher_of(question.kind()).kept(subject, question);
}

void FactFetchers::fetch(const FactRequest& request, std::function<void(const Answer&)> done) {
  fetcher_of(request.question.kind()).fetch(request, std::move(done));
}

FactFetchers::Answer FactFetchers::unasked(const AnyQuestion& question, const Unasked& fact) const {
  return fetcher_of(question.kind()).unasked(question, fact);
}

Workshop FactFetchers::workshop() {
  return {settings_.work, [all = shared_from_this()] { return all->closed(); }};
}

ImageSource FactFetchers::source_for(const FactRequest& request, bool records) {
  return {shared_, request.subject, request.manifest, records ? settings_.evidence : nullptr};
}

std::vector<std::pair<std::string_view, CacheCounts>> FactFetchers::counts() const {
  std::vector<std::pair<std::string_view, CacheCounts>> all;
  for (const auto& [id, fetcher] : fetchers_) all.emplace_back(id->metric, fetcher->counts());
  return all;
}

void FactFetchers::ask_any(FactSubject subject, AnyQuestion question, Terms terms,
                           std::function<void(const Answer&)> done) {
  fetch({std::move(subject), std::move(question), nullptr, std::move(terms)}, std::move(done));
}

FactKinds fact_kinds(SignatureVerifier verifier, const GatherSettings& settings) {
  return {made_by<TagKind>(std::make_shared<TagMaker>(settings)),
          made_by<SignatureKind>(std::make_shared<SignatureMaker>(std::move(verifier), settings)),
          made_by<LabelKind>(std::make_shared<LabelMaker>(settings)),
          made_by<ManifestsKind>(std::make_shared<ManifestsMaker>(settings)),
          made_by<TagMutabilityKind>(std::make_shared<TagMutabilityMaker>(settings)),
          made_by<ScanKind>(std::make_shared<ScanMaker>(settings))};
}

}  // namespace tegata::verifier
