// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "policy/model/deadline.h"
#include "policy/model/image_reference.h"
#include "policy/model/signature_facts.h"
#include "verifier/oci/content_source.h"
#include "verifier/sigstore/trust_material.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// What `tegata verify` found out about one image and one authority.
struct Verification {
  std::string image;                 ///< canonical
  std::string signature_repository;  ///< HOST/PATH; empty where it is the image's own
  std::optional<Digest> digest;
  std::vector<VerifiedSignature> verified;      ///< by the authority, with the annotations asked for
  std::vector<VerifiedSignature> other_claims;  ///< by the authority, without them
  std::vector<Rejection> rejected;
  std::optional<Error> absent;   ///< the image does not exist
  std::optional<Error> unknown;  ///< something could not be checked
  bool too_many = false;         ///< candidates, more than are looked at
  Time at{};                     ///< what the present was taken to be

  /// Satisfied before unknown before rejected and missing (design.md, section 4).
  [[nodiscard]] ExitCode exit_code() const;
};

/// Resolves the tag if there is no digest, finds its signatures or attestations in `signatures` and verifies
/// them for `authority`. Waits until the deadline at most.
[[nodiscard]] Verification verify_image(verifier::ContentSource& source, const ImageReference& image,
                                        const Repository& signatures,
                                        std::shared_ptr<const verifier::TrustMaterial> trust,
                                        const Authority& authority,
                                        const std::map<std::string, std::string>& annotations,
                                        Deadline deadline, Time now);

/// In words, for people.
void print_verification(const Verification& verification, const Authority& authority,
                        const Terminal& terminal);
/// As one JSON object.
void print_verification_json(const Verification& verification, const Authority& authority,
                             const Terminal& terminal);

}  // namespace tegata::webhook::cli
