// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <ostream>

#include "policy/model/printable.h"
#include "policy/model/reason.h"
#include "webhook/cli/command.h"
#include "webhook/cli/verification.h"
#include "webhook/clock.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kShown = 500;

// The extensions that best identify a build; the JSON output has all of them.
constexpr const char* kShownExtensions[] = {
    "sourceRepositoryURI", "sourceRepositoryRef", "sourceRepositoryDigest", "buildConfigURI",
    "buildTrigger",        "runnerEnvironment",   "runInvocationURI"};
constexpr const char* kShownOldExtensions[] = {"githubWorkflowRepository", "githubWorkflowRef",
                                               "githubWorkflowSHA", "githubWorkflowName",
                                               "githubWorkflowTrigger"};

bool is_by_certificate(const Authority& authority) {
  return std::holds_alternative<CertificateSigner>(authority.signer);
}

// If no proof of the signing time was required, the certificate was checked at the time of verification.
bool is_dated(const ProofWords& proof, const Authority& authority, Time now) {
  if (authority.proof.transparency_log == Demand::Required ||
      authority.proof.signed_timestamp == Demand::Required)
    return true;
  return proof.times != std::vector{now};
}

template <typename Names>
void add_extensions(const CertificateIdentity& identity, const Names& names,
                    std::vector<std::string>& lines) {
  for (const char* name : names)
    if (const auto found = identity.extensions.find(name); found != identity.extensions.end())
      lines.push_back(std::string(name) + " " + printable(found->second, kShown));
}

std::string times_line(const std::vector<Time>& times) {
  std::string line = "signed";
  for (std::size_t i = 0; i < times.size(); ++i) line += (i == 0 ? " " : ", ") + rfc3339(times[i]);
  return line;
}

const char* word_of(Demand demand) { return demand == Demand::Required ? "required" : "ignored"; }

}  // namespace

std::string signer_words(const ProofWords& proof, const Authority& authority) {
  if (!proof.identity) return sentence(authority.name, kShown);
  const auto& [issuer, subject, extensions] = *proof.identity;
  return (subject.empty() ? "a certificate without an identity" : printable(subject, kShown)) +
         (issuer.empty() ? " (no issuer)" : " (issuer " + printable(issuer, kShown) + ")");
}

std::vector<std::string> proof_lines(const ProofWords& proof, const Authority& authority, Time now) {
  std::vector<std::string> lines;
  if (proof.identity) {
    add_extensions(*proof.identity, kShownExtensions, lines);
    if (lines.empty()) add_extensions(*proof.identity, kShownOldExtensions, lines);
  }
  if (!is_dated(proof, authority, now))
    lines.emplace_back("nothing proves when it was signed; the certificate is valid now");
  else if (!proof.times.empty())
    lines.push_back(times_line(proof.times));
  for (const auto& log : proof.logs) lines.push_back("in the transparency log " + printable(log, kShown));
  if (authority.proof.transparency_log == Demand::NotRequired)
    lines.emplace_back("no transparency log was required");
  if (is_by_certificate(authority) && authority.proof.certificate_timestamp == Demand::NotRequired)
    lines.emplace_back("certificate timestamps were not checked (--insecure-ignore-sct)");
  return lines;
}

void add_proof_json(const ProofWords& proof, json& form) {
  form["signer"] = proof.signer;
  form["identity"] = nullptr;
  if (proof.identity)
    form["identity"] = {{"issuer", proof.identity->issuer},
                        {"subject", proof.identity->subject},
                        {"extensions", proof.identity->extensions}};
  form["times"] = json::array();
  for (const Time time : proof.times) form["times"].push_back(rfc3339(time));
  form["logs"] = proof.logs;
}

void add_demands_json(const Authority& authority, json& form) {
  form["authority"] = authority.name;
  form["transparencyLog"] = word_of(authority.proof.transparency_log);
  form["signedTimestamp"] = authority.proof.signed_timestamp == Demand::Required ? "required" : "notRequired";
  if (is_by_certificate(authority))
    form["certificateTimestamp"] = word_of(authority.proof.certificate_timestamp);
}

namespace {

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
  if (!authority.attestation) return "no signature of this digest was found";
  return "no attestation of type " + printable(authority.attestation->predicate_type) +
         " about this digest was found";
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
    print_signature(signature, ", but without the required annotations", authority, verification.at, out);
  for (const auto& rejection : verification.rejected)
    out << "  rejected " << (rejection.candidate ? rejection.candidate->text() : std::string("(no digest)"))
        << ": " << tegata::name_of(rejection.reason) << ": " << sentence(rejection.detail, 500) << "\n";
  if (verification.too_many) out << "  there are more candidates than the limit\n";
  if (verification.absent) out << "  " << sentence(verification.absent->message, 500) << "\n";
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
