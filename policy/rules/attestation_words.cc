// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/attestation_words.h"

#include "policy/model/printable.h"
#include "policy/rules/signature_words.h"

namespace tegata::policy {
namespace {

/// What a verified attestation says that it must not, or until when it said what it must.
std::string said(const VerifiedSignature& attestation) {
  const auto& predicate = attestation.statement().predicate;
  if (predicate.mismatch) return ", but " + sentence(*predicate.mismatch, 300);
  return predicate.until ? ", but the time within which it holds is over" : "";
}

}  // namespace

std::string expected_attestations(const AttestationCheck& check) {
  const auto type = " of type " + printable(check.type, 120);
  auto text = expected_signers(check, "an attestation" + type, "attestations" + type);
  return check.repository ? text + " in " + check.repository->text() : text;
}

std::string found_attestations(const AttestationCheck& check, const SignatureFacts& facts,
                               const std::vector<std::string>& satisfied) {
  return found_signers(check, facts, satisfied, "attestation", said);
}

}  // namespace tegata::policy
