// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "policy/model/image_labels.h"
#include "policy/model/signature_facts.h"
#include "scripted_source.h"
#include "testdata_folder.h"
#include "verifier/evidence/fact_kinds.h"
#include "verifier/evidence/fact_record.h"
#include "verifier/evidence/live_gatherer.h"

namespace tegata::verifier {

/// Recorded registries, two trusted keys and a clock that the test moves.
class EvidenceTest : public ::testing::Test {
 protected:
  using Clock = GatherSettings::Clock;
  using Known = tegata::Known<std::shared_ptr<const SignatureFacts>>;

  EvidenceTest() {
    auto material = std::make_shared<TrustMaterial>();
    signer_ = trust_of(*material, "p256.pub");
    stranger_ = trust_of(*material, "p256-other.pub");
    verifier_.emplace(std::move(material));
    source_.serve("fx/signed", "legacy-key-p256");
    source_.serve("fx/bundled", "bundle-key-p256-refapi");
    source_.serve("fx/unsigned", "neg-unsigned");
  }

  static std::shared_ptr<const TrustSettings> trust_of(TrustMaterial& material, const std::string& file) {
    const auto path = std::string(TEGATA_TESTDATA) + "/sigstore/keys/" + file;
    auto id = material.key(path);
    if (!id.ok()) throw std::runtime_error(id.error().message);
    return TrustSettings::of({key_authority(*id, path)});
  }

  [[nodiscard]] GatherSettings settings() {
    GatherSettings settings;
    settings.now = [this] { return Clock::time_point(Clock::duration(now_.load())); };
    return settings;
  }
  [[nodiscard]] LiveGatherer gatherer() { return gatherer(settings()); }
  [[nodiscard]] LiveGatherer gatherer(const GatherSettings& settings) {
    return {source_, fact_kinds(*verifier_, settings), settings};
  }
  void advance(Clock::duration by) { now_ += by.count(); }

  static ImageReference reference(const std::string& text) {
    auto parsed = ImageReference::parse(text);
    if (!parsed.ok()) throw std::runtime_error(parsed.error().message);
    return *std::move(parsed);
  }
  /// Asks for an image's signatures in its own repository, and for its tag where it has one.
  static ImageQuestions questions(const std::string& image, std::shared_ptr<const TrustSettings> trust) {
    auto parsed = reference(image);
    ImageQuestions asked{parsed};
    asked.ask_tag();
    asked.ask<SignatureKind>({parsed.repository(), {std::move(trust)}});
    return asked;
  }
  [[nodiscard]] EvidencePlan plan(const std::string& image) const { return {{questions(image, signer_)}}; }
  [[nodiscard]] EvidencePlan plan(const std::string& image,
                                  std::shared_ptr<const TrustSettings> trust) const {
    return {{questions(image, std::move(trust))}};
  }

  static Deadline at_once() { return Deadline::at(Clock::time_point::min()); }
  /// Longer than a test lasts.
  static Deadline long_enough() { return Deadline::after(std::chrono::seconds(60)); }

  /// `verified`, `rejected` or `none` (no candidate) by the one authority asked; `absent`; else the
  /// error's code.
  static std::string outcome(const Fact<std::shared_ptr<const SignatureFacts>>& fact) {
    if (const auto* unknown = std::get_if<Unknown>(&fact)) return std::string(name_of(unknown->error.code));
    const auto* known = std::get_if<Known>(&fact);
    if (known == nullptr) return "absent";
    if (known->value->unknown) return std::string(name_of(known->value->unknown->code));
    if (known->value->authorities.empty()) return std::to_string(known->value->candidates) + " candidates";
    const auto& authority = known->value->authorities.at(0);
    if (!authority.verified.empty()) return "verified";
    return authority.rejected.empty() ? "none" : "rejected";
  }

  /// The fact of an image's signature question, both by their order in the plan.
  static const FactOf<SignatureKind>& signatures(const GatheredFacts& facts, std::size_t image,
                                                 std::size_t question = 0) {
    std::size_t seen = 0;
    const auto* fact =
        facts.images.at(image).facts.find_if<SignatureKind>([&](const auto&) { return seen++ == question; });
    if (fact == nullptr) throw std::out_of_range("no such signature question");
    return *fact;
  }
  static std::string outcome(const GatheredFacts& facts) { return outcome(signatures(facts, 0)); }
  static std::string tag_outcome(const GatheredFacts& facts) {
    const auto* tag = facts.images.at(0).facts.find<TagKind>();
    if (tag == nullptr) return "not asked";
    if (const auto* known = std::get_if<tegata::Known<std::shared_ptr<const ResolvedTag>>>(tag))
      return known->value->digest.text();
    if (const auto* unknown = std::get_if<Unknown>(tag)) return std::string(name_of(unknown->error.code));
    return "absent";
  }
  /// What the cache of one kind has done.
  static CacheCounts counts(const LiveGatherer& gatherer, const std::string& metric) {
    for (const auto& [name, counts] : gatherer.counts())
      if (name == metric) return counts;
    throw std::out_of_range("no such kind");
  }
  /// The facts as a record holds them.
  static nlohmann::json array_of(const GatheredFacts& facts) {
    auto array = nlohmann::json::array();
    for (const auto& image : facts.images) array.push_back(nlohmann::json::parse(facts_text(image)));
    if (!facts.request.all().empty())
      array.push_back(nlohmann::json::parse(request_facts_text(facts.request)));
    return array;
  }

  ScriptedSource source_;
  std::shared_ptr<const TrustSettings> signer_;    ///< the key that signed `fx/signed` and `fx/bundled`
  std::shared_ptr<const TrustSettings> stranger_;  ///< another one
  std::optional<SignatureVerifier> verifier_;

 private:
  std::atomic<Clock::rep> now_{std::chrono::duration_cast<Clock::duration>(std::chrono::hours(1000)).count()};
};

}  // namespace tegata::verifier
