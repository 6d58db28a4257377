// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <ostream>

#include "policy/model/printable.h"
#include "policy/model/reason.h"
#include "webhook/cli/paint.h"
#include "webhook/cli/proof_words.h"
#include "webhook/cli/verification.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;

ProofWords proof_of(const VerifiedSignature& signature) {
  const auto& statement = signature.statement();
  return {statement.signer, statement.identity, statement.times, statement.logs};
}

const char* word_of(SignatureFormat format) {
  switch (format) {
    case SignatureFormat::SimpleSigning:
      return "simple signing";
    case SignatureFormat::Envelope:
      return "DSSE envelope";
    case SignatureFormat::Bundle:
      return "sigstore bundle";
  }
  return "signature";
}

const char* name_of(SignatureFormat format) {
  switch (format) {
    case SignatureFormat::SimpleSigning:
      return "simpleSigning";
    case SignatureFormat::Envelope:
      return "envelope";
    case SignatureFormat::Bundle:
      return "bundle";
  }
  return "signature";
}

std::string claims_of(const VerifiedSignature& signature) {
  std::string text;
  if (const auto& type = signature.statement().predicate_type) text += ", attests " + printable(*type);
  if (signature.docker_reference()) text += ", for " + printable(*signature.docker_reference());
  for (const auto& [key, value] : signature.annotations())
    text += ", " + printable(key) + "=" + printable(value);
  return text;
}

void print_signature(const VerifiedSignature& signature, const char* but, const Authority& authority,
                     Time now, std::ostream& out) {
  const auto proof = proof_of(signature);
  out << "  by " << signer_words(proof, authority) << but << ": " << word_of(signature.format()) << " in "
      << signature.found_in().text() << claims_of(signature) << "\n";
  for (const auto& line : proof_lines(proof, authority, now)) out << "    " << line << "\n";
}

json claims_json(const VerifiedSignature& signature) {
  const auto& type = signature.statement().predicate_type;
  json form{{"format", name_of(signature.format())},
            {"foundIn", signature.found_in().text()},
            {"dockerReference", signature.docker_reference() ? json(*signature.docker_reference()) : json()},
            {"annotations", signature.annotations()},
            {"predicateType", type ? json(*type) : json()}};
  add_proof_json(proof_of(signature), form);
  return form;
}

std::string verdict_of(const Verification& verification) {
  if (!verification.verified.empty()) return "verified";
  if (verification.unknown) return "unknown";
  if (!verification.rejected.empty() || !verification.other_claims.empty() || verification.too_many)
    return "rejected";
  return "missing";
}

std::string missing_words(const Authority& authority) {
  if (!authority.attestation) return "there is no signature of this digest";
  return "there is no attestation of " + printable(authority.attestation->predicate_type) +
         " about this digest";
}

}  // namespace

void print_verification(const Verification& verification, const Authority& authority,
                        const Terminal& terminal) {
  auto& out = terminal.out;
  const auto verdict = verdict_of(verification);
  out << painted(verdict, verdict == "verified" ? Colour::Green : Colour::Red, terminal.style) << "  "
      << printable(verification.image, 500);
  if (verification.digest && verification.image.find('@') == std::string::npos)
    out << "@" << verification.digest->text();
  out << "\n";
  if (!verification.signature_repository.empty())
    out << "  signatures from " << verification.signature_repository << "\n";
  for (const auto& signature : verification.verified)
    print_signature(signature, "", authority, verification.at, out);
  for (const auto& signature : verification.other_claims)
    print_signature(signature, ", but without the annotations asked for", authority, verification.at, out);
  for (const auto& rejection : verification.rejected)
    out << "  rejected " << (rejection.candidate ? rejection.candidate->text() : std::string("(no digest)"))
        << ": " << tegata::name_of(rejection.reason) << ": " << sentence(rejection.detail, 500) << "\n";
  if (verification.too_many) out << "  there are more candidates than are looked at\n";
  if (verification.absent) out << "  " << printable(verification.absent->message, 500) << "\n";
  if (verification.unknown)
    out << "  could not check: " << tegata::name_of(reason_of(verification.unknown->code)) << ": "
        << printable(verification.unknown->message, 500) << "\n";
  if (verdict == "missing" && !verification.absent) out << "  " << missing_words(authority) << "\n";
}

void print_verification_json(const Verification& verification, const Authority& authority,
                             const Terminal& terminal) {
  json form{{"apiVersion", "tegata.dev/v1alpha1"},
            {"kind", "Verification"},
            {"image", verification.image},
            {"digest", verification.digest ? json(verification.digest->text()) : json()},
            {"signatureRepository",
             verification.signature_repository.empty() ? json() : json(verification.signature_repository)},
            {"verdict", verdict_of(verification)},
            {"verified", json::array()},
            {"withoutTheAnnotations", json::array()},
            {"rejected", json::array()},
            {"tooMany", verification.too_many},
            {"imageAbsent", verification.absent.has_value()},
            {"unknown", nullptr}};
  add_demands_json(authority, form);
  for (const auto& signature : verification.verified) form["verified"].push_back(claims_json(signature));
  for (const auto& signature : verification.other_claims)
    form["withoutTheAnnotations"].push_back(claims_json(signature));
  for (const auto& rejection : verification.rejected)
    form["rejected"].push_back(
        {{"reason", tegata::name_of(rejection.reason)},
         {"detail", rejection.detail},
         {"candidate", rejection.candidate ? json(rejection.candidate->text()) : json()}});
  if (verification.unknown)
    form["unknown"] = {{"code", tegata::name_of(reason_of(verification.unknown->code))},
                       {"message", verification.unknown->message}};
  terminal.out << form.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
}

}  // namespace tegata::webhook::cli
