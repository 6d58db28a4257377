// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "policy/model/trust_settings.h"

namespace tegata::webhook::cli {

/// Who signed, when and in which logs: what is told of every proven signature, of images and of files.
struct ProofWords {
  const std::string& signer;
  const std::optional<CertificateIdentity>& identity;
  const std::vector<Time>& times;
  const std::vector<std::string>& logs;
};

/// The key's file, or subject and issuer of the certificate; safe to print.
[[nodiscard]] std::string signer_words(const ProofWords& proof, const Authority& authority);

/// One line each: what Fulcio certifies of the build, the times, the logs, and what was not looked at.
/// `now`: what the present was taken to be, where it stood in for a proven time.
[[nodiscard]] std::vector<std::string> proof_lines(const ProofWords& proof, const Authority& authority,
                                                   Time now);

/// The members signer, identity, times and logs.
void add_proof_json(const ProofWords& proof, nlohmann::json& form);

/// The members authority, transparencyLog, signedTimestamp and certificateTimestamp: what was asked for.
void add_demands_json(const Authority& authority, nlohmann::json& form);

}  // namespace tegata::webhook::cli
