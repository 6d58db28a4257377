// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/signer_rules.h"

#include "policy/model/printable.h"

namespace tegata::policy {
namespace {

/// `a signature by /etc/tegata/keys/ci.pub with annotation env="prod"`.
std::string expected_signatures(const SignatureCheck& check) {
  auto text = expected_signers(check, "a signature", "signatures");
  for (const auto& [key, value] : check.annotations)
    text += " with annotation " + printable(key, 60) + "=" + quoted(value, 60);
  if (check.identity) text += " for docker-reference " + check.identity->text();
  if (check.repository) text += " in " + check.repository->text();
  return text;
}

/// The claims that the check requires, of a verified signature that does not meet them.
std::string claimed(const SignatureCheck& check, const VerifiedSignature& signature) {
  std::string text;
  for (const auto& [key, value] : check.annotations) {
    const auto found = signature.annotations().find(key);
    text += ", " + printable(key, 60) + "=" +
            (found == signature.annotations().end() ? "(absent)" : quoted(found->second, 60));
  }
  if (check.identity)
    text += ", docker-reference " +
            (signature.docker_reference() ? quoted(*signature.docker_reference(), 120) : "(none)");
  return text.empty() ? text : " claiming " + text.substr(2);
}

/// The command, with the claims that a signature must make.
Signing signing(const SignatureCheck& check) {
  std::string command = "sign";
  for (const auto& [key, value] : check.annotations)
    command += " -a " + printable(key, 60) + "=" + quoted(value, 60);
  if (check.identity) command += " --sign-container-identity REFERENCE";
  return {kPipelineOwner, "sign", std::move(command)};
}

std::string remedy_of(const SignatureCheck& check, Reason reason, const std::string& image) {
  const std::string owner(kPipelineOwner);
  if (reason == Reason::SignatureByOtherSigner)
    return "deploy an image that an expected signer has signed, or " + std::string(kPlatformTeam) +
           "add the present signer to this rule";
  if (reason == Reason::SignatureInvalid)
    return owner + "remove the invalid signatures (`cosign clean " + image + "`) and sign the image again";
  return owner + "sign the image again with what is expected: " +
         cosign_command(check, signing(check).command, image);
}

}  // namespace

void ask(const SignatureCheck& check, ImageQuestions& image) { ask_signatures(check, image); }

RawFindings judge(const SignatureCheck& check, const ImageEvidence& image) {
  return judge_signers(
      {check,
       [&](const VerifiedSignature& signature) { return claims_hold(check, signature); },
       {Reason::SignatureMissing, Reason::SignatureByOtherSigner, Reason::SignatureInvalid,
        Reason::SignatureClaimMismatch, Reason::SignaturesTooFew},
       expected_signatures(check),
       [&](const SignatureFacts& facts, const std::vector<std::string>& satisfied) {
         return found_signers(check, facts, satisfied, "signature",
                              [&](const VerifiedSignature& signature) { return claimed(check, signature); });
       },
       [&] { return signing(check); },
       [&](Reason reason, const std::string& pinned) { return remedy_of(check, reason, pinned); }},
      image);
}

Sufficiency sufficiency_of(const SignatureCheck& check) {
  return {check, +[](const SignatureCheck& asked, const Digest& image, const SignatureFacts& facts) {
            return satisfied(
                asked, [&](const auto& signature) { return claims_hold(asked, signature); }, image, facts);
          }};
}

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
