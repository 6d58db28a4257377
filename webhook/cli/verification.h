// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/image_reference.h"
#include "policy/model/signature_facts.h"
#include "policy/model/trust_settings.h"
#include "verifier/oci/content_source.h"
#include "verifier/sigstore/root/trust_material.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// The result of `tegata verify` for one image and one authority.
struct Verification {
  std::string image;                 ///< canonical
  std::string signature_repository;  ///< HOST/PATH; empty: that of the image
  std::optional<Digest> digest;
  std::vector<VerifiedSignature> verified;      ///< by the authority, with the required annotations
  std::vector<VerifiedSignature> other_claims;  ///< by the authority, without them
  std::vector<Rejection> rejected;
  std::optional<Error> absent;   ///< the image does not exist
  std::optional<Error> unknown;  ///< something could not be checked
  bool too_many = false;         ///< there are more candidates than the limit
  Time at{};                     ///< the time of verification

  /// Satisfied takes precedence over unknown, and unknown over rejected and missing.
  [[nodiscard]] ExitCode exit_code() const;
};

/// The digest in the reference, else the one that its tag names now.
[[nodiscard]] Result<Digest> resolved_digest(verifier::ContentSource& source, const ImageReference& image,
                                             Deadline deadline);

/// Resolves the tag if the reference has no digest, finds its signatures or attestations in `signatures` and
/// verifies them for `authority`. Waits until the deadline at most.
[[nodiscard]] Verification verify_image(verifier::ContentSource& source, const ImageReference& image,
                                        const Repository& signatures,
                                        std::shared_ptr<const verifier::TrustMaterial> trust,
                                        const Authority& authority,
                                        const std::map<std::string, std::string>& annotations,
                                        Deadline deadline, Time now);

/// As text, for people.
void print_verification(const Verification& verification, const Authority& authority,
                        const Terminal& terminal);
/// As one JSON object.
void print_verification_json(const Verification& verification, const Authority& authority,
                             const Terminal& terminal);

/// Who signed, when and in which logs: the output for every proven signature, of images and of files.
struct ProofWords {
  const std::string& signer;
  const std::optional<CertificateIdentity>& identity;
  const std::vector<Time>& times;
  const std::vector<std::string>& logs;
};

/// The key's file, or subject and issuer of the certificate; safe to print.
[[nodiscard]] std::string signer_words(const ProofWords& proof, const Authority& authority);

/// One line each: what Fulcio certifies about the build, the times, the logs, and what was not checked.
/// `now`: the time of verification, which is used if no signing time is proven.
[[nodiscard]] std::vector<std::string> proof_lines(const ProofWords& proof, const Authority& authority,
                                                   Time now);

/// The members signer, identity, times and logs.
void add_proof_json(const ProofWords& proof, nlohmann::json& form);

/// The members authority, transparencyLog, signedTimestamp and certificateTimestamp: what was required.
void add_demands_json(const Authority& authority, nlohmann::json& form);

}  // namespace tegata::webhook::cli
