// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/verification.h"

#include <future>

#include "policy/model/printable.h"
#include "verifier/sigstore/discover/discover.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::webhook::cli {
namespace {

/// A registry answers 404 for a repository that it does not have, and often for one that the caller may not
/// read.
Error no_such_tag(const Repository& repository, const std::string& tag) {
  return {ErrorCode::NotFound, "the tag " + tegata::quoted(tag) + " does not exist in " + repository.path +
                                   " at " + repository.registry +
                                   ", or may not be read with these credentials"};
}

}  // namespace

Result<Digest> resolved_digest(verifier::ContentSource& source, const ImageReference& image,
                               Deadline deadline) {
  if (image.digest()) return *image.digest();
  const auto tag = image.effective_tag().value_or("latest");
  auto answers = verifier::fetch_and_wait(source, {verifier::TagRequest{image.repository(), tag}}, deadline);
  if (!answers.at(0).ok() && answers[0].error().code == ErrorCode::NotFound)
    return no_such_tag(image.repository(), tag);
  if (!answers[0].ok()) return std::move(answers[0]).error();
  if (const auto* content = std::get_if<verifier::Content>(&*answers[0])) return content->digest;
  return Error{ErrorCode::Internal, "the answer for a tag is a list of referrers"};
}

namespace {

verifier::Candidates candidates_of(verifier::ContentSource& source, const Repository& images,
                                   const Repository& signatures, const Digest& digest, Reach reach,
                                   Deadline deadline) {
  auto promise = std::make_shared<std::promise<verifier::Candidates>>();
  auto future = promise->get_future();
  verifier::discover_signatures(
      source, images, signatures, digest, reach, deadline,
      [promise](verifier::Candidates found) { promise->set_value(std::move(found)); });
  return future.get();
}

bool has_annotations(const VerifiedSignature& signature, const std::map<std::string, std::string>& asked) {
  for (const auto& [key, value] : asked) {
    const auto found = signature.annotations().find(key);
    if (found == signature.annotations().end() || found->second != value) return false;
  }
  return true;
}

}  // namespace

ExitCode Verification::exit_code() const {
  if (!verified.empty()) return ExitCode::Ok;
  if (unknown) return ExitCode::Unchecked;
  return ExitCode::Denied;
}

Verification verify_image(verifier::ContentSource& source, const ImageReference& image,
                          const Repository& signatures, std::shared_ptr<const verifier::TrustMaterial> trust,
                          const Authority& authority, const std::map<std::string, std::string>& annotations,
                          Deadline deadline, Time now) {
  Verification result;
  result.image = image.canonical();
  if (signatures != image.repository()) result.signature_repository = signatures.text();
  result.at = now;
  const auto digest = resolved_digest(source, image, deadline);
  if (!digest.ok()) {
    (digest.error().code == ErrorCode::NotFound ? result.absent : result.unknown) = digest.error();
    return result;
  }
  result.digest = *digest;
  const auto candidates =
      candidates_of(source, image.repository(), signatures, *digest,
                    authority.attestation ? Reach::SignaturesAndAttestations : Reach::Signatures, deadline);
  if (candidates.image_absent) {
    result.absent = Error{ErrorCode::NotFound, "the registry has no such manifest"};
    return result;
  }
  const auto settings = TrustSettings::of({authority});
  auto facts = verifier::SignatureVerifier(std::move(trust)).verify_all(*digest, candidates, *settings, now);
  result.unknown = facts.unknown;
  result.too_many = facts.too_many;
  for (auto& found : facts.authorities) {
    for (auto& signature : found.verified)
      (has_annotations(signature, annotations) ? result.verified : result.other_claims)
          .push_back(std::move(signature));
    result.rejected = std::move(found.rejected);
  }
  return result;
}

}  // namespace tegata::webhook::cli
