// SPDX-License-Identifier: Apache-2.0
#include "policy/model/printable.h"
#include "policy/rules/judge_signers.h"

namespace tegata::policy {
namespace {

constexpr std::string_view kAttester = "ask the owner of the pipeline that builds, scans or approves it to ";

/// `an attestation of type vuln by /etc/tegata/keys/ci.pub`.
std::string expected_attestations(const AttestationCheck& check) {
  const auto type = " of type " + printable(check.type, 120);
  auto text = expected_signers(check, "an attestation" + type, "attestations" + type);
  return check.repository ? text + " in " + check.repository->text() : text;
}

/// Why a verified attestation does not count: its content, or that it has expired.
std::string said(const VerifiedSignature& attestation) {
  const auto& predicate = attestation.statement().predicate;
  if (predicate.mismatch) return ", but " + sentence(*predicate.mismatch, 300);
  return predicate.until ? ", but it has expired" : "";
}

Signing signing(const AttestationCheck& check) {
  return {kAttester, "attest", "attest --type " + printable(check.type, 120) + " --predicate FILE"};
}

std::string remedy_of(const AttestationCheck& check, Reason reason, const std::string& image) {
  const std::string attester(kAttester);
  if (reason == Reason::AttestationByOtherSigner)
    return "ask an expected signer to attest the image, or " + std::string(kPlatformTeam) +
           "add the present signer to this rule";
  const auto command = signing(check).command;
  if (reason == Reason::AttestationInvalid)
    return attester +
           "replace the invalid attestations: " + cosign_command(check, command + " --replace", image);
  return "fix the reported problem, or get a new scan or approval, then " + attester +
         "attest the image again: " + cosign_command(check, command, image);
}

}  // namespace

void ask(const AttestationCheck& check, ImageQuestions& image) { ask_signatures(check, image); }

RawFindings judge(const AttestationCheck& check, const ImageEvidence& image) {
  return judge_signers(
      {check,
       [&](const VerifiedSignature& attestation) { return claims_hold(check, attestation, image.now); },
       {Reason::AttestationMissing, Reason::AttestationByOtherSigner, Reason::AttestationInvalid,
        Reason::AttestationPredicateMismatch, Reason::AttestationsTooFew},
       expected_attestations(check),
       [&](const SignatureFacts& facts, const std::vector<std::string>& satisfied) {
         return found_signers(check, facts, satisfied, "attestation", said);
       },
       [&] { return signing(check); },
       [&](Reason reason, const std::string& pinned) { return remedy_of(check, reason, pinned); }},
      image);
}

Sufficiency sufficiency_of(const AttestationCheck& check) {
  return {check, +[](const AttestationCheck& asked, const Digest& image, const SignatureFacts& facts) {
            const auto accepts = [&](const auto& attestation) {
              return claims_hold(asked, attestation, facts.verified_at);
            };
            return satisfied(asked, accepts, image, facts);
          }};
}

}  // namespace tegata::policy
