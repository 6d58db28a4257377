// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/image_labels.h"
#include "policy/model/index_manifests.h"
#include "policy/model/resolved_tag.h"
#include "policy/model/scan_facts.h"
#include "policy/model/signature_facts.h"
#include "policy/model/tag_mutability.h"
#include "verifier/evidence/fact_maker.h"
#include "verifier/evidence/gather.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::verifier {

/// The digest that a tag names: read from the registry, cached for a few seconds, recorded as the digest
/// only.
class TagMaker final : public FactMaker<TagKind> {
 public:
  explicit TagMaker(const GatherSettings& settings) : settings_(settings) {}

  void fetch(const FactKey<TagKind>& key, const FetchContext& context, Done done) const override;
  std::optional<Duration> lifetime(const FactKey<TagKind>& key, const FactOf<TagKind>& fact,
                                   FetchCost cost) const override;
  std::size_t weight(const ResolvedTag& tag) const override;
  std::size_t cache_bytes() const override { return settings_.tag_cache_bytes; }
  std::string write(const ResolvedTag& tag, const Evidence& evidence) const override;
  Result<Readback<TagKind>> read(const nlohmann::json& known) const override;

 private:
  const GatherSettings settings_;
};

/// Finds and verifies signatures and attestations. Facts that satisfy the rules are cached for a long time.
/// In a replay they are verified again from their evidence, since only the verifier can make a
/// VerifiedSignature.
///
/// Recorded as {"evidence": hash of the trace, or null if none was kept, "candidates",
/// "authorities": [{"authority", "verified", "rejected", "rejectedMore"}], "tooMany", "unknown": null or an
/// error, "verifiedAt": milliseconds since 1970, if the facts depend on it}. At most
/// limits::kRecordedRejections rejected candidates are listed for each authority; `rejectedMore` counts the
/// others.
class SignatureMaker final : public FactMaker<SignatureKind> {
 public:
  SignatureMaker(SignatureVerifier verifier, const GatherSettings& settings)
      : verifier_(std::move(verifier)), settings_(settings) {}

  void fetch(const FactKey<SignatureKind>& key, const FetchContext& context, Done done) const override;
  std::optional<Duration> lifetime(const FactKey<SignatureKind>& key, const FactOf<SignatureKind>& fact,
                                   FetchCost cost) const override;
  std::size_t weight(const SignatureFacts& facts) const override;
  std::size_t cache_bytes() const override { return settings_.cache_bytes; }
  std::string write(const SignatureFacts& facts, const Evidence& evidence) const override;
  Result<Readback<SignatureKind>> read(const nlohmann::json& known) const override;
  std::string write_question(const SignatureKind::Question& question) const override;
  bool is_about(const nlohmann::json& recorded, const SignatureKind::Question& question) const override;
  bool keeps_evidence() const override { return true; }
  bool depends_on_time(const SignatureKind::Question& question) const override;
  std::shared_ptr<const SignatureFacts> made_at(std::shared_ptr<const SignatureFacts> value,
                                                Time time) const override;

 private:
  const SignatureVerifier verifier_;
  const GatherSettings settings_;
};

/// The labels, annotations and configs of an image, cached for a long time, since they cannot change for a
/// digest. Recorded and read back as {"annotations": {name: value}, "labels": {name: value}, "configs":
/// [{"platform", "user", "healthcheck", "secrets": [place], "addedFrom": [URL], "created"}]}; older records
/// have no "configs".
class LabelMaker final : public FactMaker<LabelKind> {
 public:
  explicit LabelMaker(const GatherSettings& settings) : settings_(settings) {}

  void fetch(const FactKey<LabelKind>& key, const FetchContext& context, Done done) const override;
  std::optional<Duration> lifetime(const FactKey<LabelKind>& key, const FactOf<LabelKind>& fact,
                                   FetchCost cost) const override;
  std::size_t weight(const ImageLabels& labels) const override;
  std::size_t cache_bytes() const override { return settings_.label_cache_bytes; }
  std::string write(const ImageLabels& labels, const Evidence& evidence) const override;
  Result<Readback<LabelKind>> read(const nlohmann::json& known) const override;

 private:
  const GatherSettings settings_;
};

/// Whether the tags of a repository can be moved: of ECR its own setting, of every other registry NotOffered.
/// Recorded and read back as {"except": [filter], "setting": "mutable | immutable | notOffered"}.
class TagMutabilityMaker final : public FactMaker<TagMutabilityKind> {
 public:
  explicit TagMutabilityMaker(const GatherSettings& settings) : settings_(settings) {}

  void fetch(const FactKey<TagMutabilityKind>& key, const FetchContext& context, Done done) const override;
  std::optional<Duration> lifetime(const FactKey<TagMutabilityKind>& key,
                                   const FactOf<TagMutabilityKind>& fact, FetchCost cost) const override;
  std::size_t weight(const TagMutability& mutability) const override;
  std::size_t cache_bytes() const override { return settings_.small_cache_bytes; }
  std::string write(const TagMutability& mutability, const Evidence& evidence) const override;
  Result<Readback<TagMutabilityKind>> read(const nlohmann::json& recorded) const override;

 private:
  const GatherSettings settings_;
};

/// The manifests of an image's index, cached for a long time, since they cannot change for a digest. Unknown:
/// an index within the index, or more than limits::kIndexManifests. Recorded and read back as a list of
/// digests.
class ManifestsMaker final : public FactMaker<ManifestsKind> {
 public:
  explicit ManifestsMaker(const GatherSettings& settings) : settings_(settings) {}

  void fetch(const FactKey<ManifestsKind>& key, const FetchContext& context, Done done) const override;
  std::optional<Duration> lifetime(const FactKey<ManifestsKind>& key, const FactOf<ManifestsKind>& fact,
                                   FetchCost cost) const override;
  std::size_t weight(const IndexManifests& manifests) const override;
  std::size_t cache_bytes() const override { return settings_.small_cache_bytes; }
  std::string write(const IndexManifests& manifests, const Evidence& evidence) const override;
  Result<Readback<ManifestsKind>> read(const nlohmann::json& known) const override;

 private:
  const GatherSettings settings_;
};

/// Reports of scanners that are given by file (GatherSettings::scan_reports), and what services of AWS say
/// (find_aws_scan.h). Those are cached for minutes; where the scan is missing or awaited, for seconds.
/// Recorded whole and read back, as scan_report_json() has them, with the question's "source" beside them.
class ScanMaker final : public FactMaker<ScanKind> {
 public:
  explicit ScanMaker(const GatherSettings& settings) : settings_(settings) {}

  void fetch(const FactKey<ScanKind>& key, const FetchContext& context, Done done) const override;
  std::optional<Duration> lifetime(const FactKey<ScanKind>& key, const FactOf<ScanKind>& fact,
                                   FetchCost cost) const override;
  std::size_t weight(const ScanReport& report) const override;
  std::size_t cache_bytes() const override { return settings_.scan_cache_bytes; }
  std::string write(const ScanReport& report, const Evidence& evidence) const override;
  Result<Readback<ScanKind>> read(const nlohmann::json& known) const override;
  std::string write_question(const ScanKind::Question& question) const override;
  bool is_about(const nlohmann::json& recorded, const ScanKind::Question& question) const override;

 private:
  const GatherSettings settings_;
};

}  // namespace tegata::verifier
