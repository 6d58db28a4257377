// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/signature_facts.h"
#include "verifier/evidence/fact_maker.h"
#include "verifier/evidence/gather_settings.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::verifier {

/// Signatures and attestations: found and verified, kept for long where they satisfy the rules that asked,
/// and verified again from their evidence in a replay, since only the verifier makes VerifiedSignatures.
///
/// Recorded as {"evidence": hash of the trace, or null where none was kept, "candidates",
/// "authorities": [{"authority", "verified", "rejected", "rejectedMore"}], "tooMany", "unknown": null or an
/// error, "verifiedAt": milliseconds since 1970, where the facts depend on it}. Of the rejected candidates
/// at most limits::kRecordedRejections an authority are listed; `rejectedMore` counts the others.
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

 private:
  const SignatureVerifier verifier_;
  const GatherSettings settings_;
};

}  // namespace tegata::verifier
