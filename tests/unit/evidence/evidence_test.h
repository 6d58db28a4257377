// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "scripted_source.h"
#include "testdata_folder.h"
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
  [[nodiscard]] LiveGatherer gatherer() { return {source_, *verifier_, settings()}; }
  void advance(Clock::duration by) { now_ += by.count(); }

  static ImageReference reference(const std::string& text) {
    auto parsed = ImageReference::parse(text);
    if (!parsed.ok()) throw std::runtime_error(parsed.error().message);
    return *std::move(parsed);
  }
  /// Asks for an image's signatures in its own repository, and for its tag where it has one.
  static ImageQuestions questions(const std::string& image, std::shared_ptr<const TrustSettings> trust) {
    auto parsed = reference(image);
    return {parsed, parsed.effective_tag().has_value(), {{parsed.repository(), std::move(trust)}}};
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

  /// The outcomes of one image's first signature question.
  static std::string outcome(const std::vector<ImageFacts>& facts) {
    return outcome(facts.at(0).signatures.at(0).facts);
  }
  static std::string tag_outcome(const std::vector<ImageFacts>& facts) {
    const auto& tag = facts.at(0).tag.value();
    if (const auto* known = std::get_if<tegata::Known<Digest>>(&tag)) return known->value.text();
    if (const auto* unknown = std::get_if<Unknown>(&tag)) return std::string(name_of(unknown->error.code));
    return "absent";
  }

  ScriptedSource source_;
  std::shared_ptr<const TrustSettings> signer_;    ///< the key that signed `fx/signed` and `fx/bundled`
  std::shared_ptr<const TrustSettings> stranger_;  ///< another one
  std::optional<SignatureVerifier> verifier_;

 private:
  std::atomic<Clock::rep> now_{std::chrono::duration_cast<Clock::duration>(std::chrono::hours(1000)).count()};
};

}  // namespace tegata::verifier
