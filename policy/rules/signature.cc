// SPDX-License-Identifier: Apache-2.0
#include "policy/model/printable.h"
#include "policy/rules/judge_signers.h"

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

}  // namespace tegata::policy
