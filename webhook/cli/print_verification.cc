// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <ostream>

#include "policy/model/printable.h"
#include "webhook/cli/paint.h"
#include "webhook/cli/verification.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;

const char* word_of(SignatureFormat format) {
  switch (format) {
    case SignatureFormat::SimpleSigning:
      return "simple signing (.sig tag)";
    case SignatureFormat::Envelope:
      return "DSSE envelope (.att tag)";
    case SignatureFormat::Bundle:
      return "sigstore bundle";
  }
  return "signature";
}

std::string claims_of(const VerifiedSignature& signature) {
  std::string text;
  if (signature.docker_reference()) text += ", for " + printable(*signature.docker_reference());
  for (const auto& [key, value] : signature.annotations())
    text += ", " + printable(key) + "=" + printable(value);
  return text;
}

json claims_json(const VerifiedSignature& signature) {
  return {{"format", signature.format() == SignatureFormat::Bundle ? "bundle" : "simpleSigning"},
          {"foundIn", signature.found_in().text()},
          {"signer", signature.signer()},
          {"dockerReference", signature.docker_reference() ? json(*signature.docker_reference()) : json()},
          {"annotations", signature.annotations()}};
}

std::string verdict_of(const Verification& verification) {
  if (!verification.verified.empty()) return "verified";
  if (verification.unknown) return "unknown";
  if (!verification.rejected.empty() || !verification.other_claims.empty() || verification.too_many)
    return "rejected";
  return "missing";
}

}  // namespace

void print_verification(const Verification& verification, const std::string& key, const Terminal& terminal) {
  auto& out = terminal.out;
  const auto verdict = verdict_of(verification);
  out << painted(verdict, verdict == "verified" ? Colour::Green : Colour::Red, terminal.style) << "  "
      << printable(verification.image, 500);
  if (verification.digest && verification.image.find('@') == std::string::npos)
    out << "@" << verification.digest->text();
  out << "\n";
  for (const auto& signature : verification.verified)
    out << "  by " << printable(key) << ": " << word_of(signature.format()) << " in "
        << signature.found_in().text() << claims_of(signature)
        << "\n  the transparency log was not looked at (--insecure-ignore-tlog)\n";
  for (const auto& signature : verification.other_claims)
    out << "  by " << printable(key)
        << ", but without the annotations asked for: " << word_of(signature.format()) << " in "
        << signature.found_in().text() << claims_of(signature) << "\n";
  for (const auto& rejection : verification.rejected)
    out << "  rejected " << (rejection.candidate ? rejection.candidate->text() : std::string("(no digest)"))
        << ": " << name_of(rejection.reason) << ": " << printable(rejection.detail, 500) << "\n";
  if (verification.too_many) out << "  there are more candidates than are looked at\n";
  if (verification.absent) out << "  " << printable(verification.absent->message, 500) << "\n";
  if (verification.unknown)
    out << "  could not check: " << name_of(verification.unknown->code) << ": "
        << printable(verification.unknown->message, 500) << "\n";
  if (verdict == "missing" && !verification.absent) out << "  no signature stands beside this digest\n";
}

void print_verification_json(const Verification& verification, const std::string& key,
                             const Terminal& terminal) {
  json form{{"apiVersion", "tegata.dev/v1alpha1"},
            {"kind", "Verification"},
            {"image", verification.image},
            {"digest", verification.digest ? json(verification.digest->text()) : json()},
            {"key", key},
            {"verdict", verdict_of(verification)},
            {"transparencyLog", "ignored"},
            {"verified", json::array()},
            {"withoutTheAnnotations", json::array()},
            {"rejected", json::array()},
            {"tooMany", verification.too_many},
            {"imageAbsent", verification.absent.has_value()},
            {"unknown", nullptr}};
  for (const auto& signature : verification.verified) form["verified"].push_back(claims_json(signature));
  for (const auto& signature : verification.other_claims)
    form["withoutTheAnnotations"].push_back(claims_json(signature));
  for (const auto& rejection : verification.rejected)
    form["rejected"].push_back(
        {{"reason", name_of(rejection.reason)},
         {"detail", rejection.detail},
         {"candidate", rejection.candidate ? json(rejection.candidate->text()) : json()}});
  if (verification.unknown)
    form["unknown"] = {{"code", name_of(verification.unknown->code)},
                       {"message", verification.unknown->message}};
  terminal.out << form.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
}

}  // namespace tegata::webhook::cli
