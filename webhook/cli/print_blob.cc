// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/print_blob.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "policy/model/printable.h"
#include "webhook/cli/paint.h"
#include "webhook/cli/proof_words.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;
using verifier::ProvenSigner;

ProofWords proof_of(const ProvenSigner& proven) {
  return {proven.signer, proven.identity, proven.times, proven.logs};
}

void print_table(const BlobVerification& verification, const Terminal& terminal) {
  auto& out = terminal.out;
  const auto* rejection = std::get_if<Rejection>(&verification.outcome);
  out << (rejection ? painted("rejected", Colour::Red, terminal.style)
                    : painted("verified", Colour::Green, terminal.style))
      << "  " << printable(verification.artifact, 500) << "\n";
  if (rejection) {
    out << "  " << name_of(rejection->reason) << ": " << sentence(rejection->detail, 500) << "\n";
    return;
  }
  const auto proof = proof_of(std::get<ProvenSigner>(verification.outcome));
  out << "  by " << signer_words(proof, verification.authority) << "\n";
  for (const auto& line : proof_lines(proof, verification.authority, verification.at))
    out << "    " << line << "\n";
}

void print_json(const BlobVerification& verification, const Terminal& terminal) {
  const auto* rejection = std::get_if<Rejection>(&verification.outcome);
  json form{{"apiVersion", "tegata.dev/v1alpha1"},
            {"kind", "BlobVerification"},
            {"artifact", verification.artifact},
            {"verdict", rejection ? "rejected" : "verified"},
            {"verified", nullptr},
            {"rejected", nullptr}};
  add_demands_json(verification.authority, form);
  if (rejection)
    form["rejected"] = {{"reason", name_of(rejection->reason)}, {"detail", rejection->detail}};
  else
    add_proof_json(proof_of(std::get<ProvenSigner>(verification.outcome)), form["verified"]);
  terminal.out << form.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
}

}  // namespace

void print_blob(const BlobVerification& verification, Format format, const Terminal& terminal) {
  switch (format) {
    case Format::Json:
      return print_json(verification, terminal);
    case Format::Table:
      return print_table(verification, terminal);
  }
}

}  // namespace tegata::webhook::cli
