// SPDX-License-Identifier: Apache-2.0
// One way out for each reason. Words in back quotes are typed as they stand.
#include "policy/engine/message.h"
#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

std::string rule_of(const Finding& finding) {
  return finding.rule ? "rule " + *finding.rule + " of policy " + finding.policy : "policy " + finding.policy;
}

std::string repository_of(const ImageReference* image) {
  return image == nullptr ? "REPOSITORY" : image->repository().text();
}

/// `host/path@sha256:…` as far as it is known.
std::string pinned(const Finding& finding, const ImageReference* image) {
  return repository_of(image) + "@" + (finding.digest ? finding.digest->text() : "DIGEST");
}

std::string about_tag(Reason reason, const ImageReference* image) {
  if (reason == Reason::TagMissing)
    return "write the tag of the build behind the name: " + repository_of(image) + ":TAG";
  if (reason == Reason::TagNotCommitId)
    return "push the image under its commit (`docker tag IMAGE " + repository_of(image) +
           ":$(git rev-parse HEAD)`) and deploy that tag";
  if (reason == Reason::TagDigestMismatch)
    return "find out who moved the tag, then write a tag and a digest that were pushed together";
  if (reason == Reason::TagCommitMismatch)
    return "deploy the image under the commit that it was built from, or build and sign the tagged commit in "
           "the "
           "pipeline";
  const std::string tagged = image == nullptr ? "REPOSITORY:TAG" : image->canonical();
  return "put the digest that `docker buildx imagetools inspect " + tagged +
         "` prints behind the reference: " + tagged + "@sha256:...";
}

std::string about_signature(Reason reason, const Finding& finding, const ImageReference* image) {
  if (reason == Reason::SignatureByOtherSigner)
    return "let the pipeline that holds an expected key build and sign it; if the present signer is to be "
           "trusted, its key or identity has to be added to " +
           rule_of(finding);
  if (reason == Reason::SignatureInvalid)
    return "take the broken signatures away with `cosign clean " + pinned(finding, image) +
           "` and sign the image again";
  if (reason == Reason::SignatureClaimMismatch)
    return "sign again with every expected annotation (`cosign sign -a NAME=VALUE ...`) and under the "
           "expected "
           "docker-reference";
  if (reason == Reason::SignaturesTooFew)
    return "have the expected signers that are still absent sign the same digest too: " +
           pinned(finding, image);
  return "delete signatures and referrers of this digest in the registry until at most " +
         std::to_string(limits::kReferrers) + " are left";
}

std::string about_attestation(Reason reason, const Finding& finding, const ImageReference* image) {
  if (reason == Reason::AttestationByOtherSigner)
    return "have one of the expected signers attest it; if the present one is to be trusted, it has to be "
           "added to " +
           rule_of(finding);
  if (reason == Reason::AttestationInvalid)
    return "attest the image again with `cosign attest --replace`, so that the broken attestations go";
  if (reason == Reason::AttestationPredicateMismatch)
    return "mend what the attestation reports (or have it approved or scanned anew), then attest the same "
           "digest "
           "again: " +
           pinned(finding, image);
  return "have the expected signers that have not attested this digest yet attest it too: " +
         pinned(finding, image);
}

std::string about_labels(Reason reason, const Finding& finding) {
  if (reason == Reason::CommitMissing)
    return "build the image with its commit as a label: `docker build --label "
           "org.opencontainers.image.revision=$(git rev-parse HEAD) ...`";
  if (reason == Reason::BaseImageMissing)
    return "have the build write what the image is built on: `docker build --label "
           "org.opencontainers.image.base.digest=DIGEST ...`";
  return "build the image anew on an approved base image, or have the digest of this one added to " +
         rule_of(finding);
}

std::string about_registry(Reason reason, const ImageReference* image) {
  const std::string host = image == nullptr ? "the registry" : image->repository().registry;
  if (reason == Reason::RegistryUnauthorized)
    return "the platform team gives Tegata credentials that may read " + repository_of(image) +
           " (docker config.json)";
  if (reason == Reason::RegistryRateLimited)
    return "wait until " + host +
           " answers again; the platform team raises its quota or pulls with credentials";
  if (reason == Reason::RegistryUnreachable)
    return "deploy again when " + host +
           " answers; the platform team checks DNS, egress, proxy and --registry-ca from Tegata to it";
  return "the operator of " + host + " looks at what it, or a proxy before it, serves for this image";
}

std::string about_lookup(Reason reason, const ImageReference* image) {
  if (reason == Reason::ImageNotFound)
    return "check the spelling of repository and tag, and that the push of " + repository_of(image) +
           " is complete";
  if (reason == Reason::CheckTimedOut)
    return "deploy again in a minute, the check goes on meanwhile; if it happens often, the platform team "
           "raises "
           "timeoutSeconds of the webhook";
  if (reason == Reason::TaskDefinitionUnknown)
    return "give the task definition that the call names beside it, with --task-definitions DIR";
  return "replay a record that was made with --observe, and give its store with --evidence-dir: what neither "
         "holds cannot be judged";
}

std::string about_request(Reason reason, const Finding& finding) {
  if (reason == Reason::DeployerNotAllowed)
    return "deploy through one of the expected identities, or have this one listed in " + rule_of(finding);
  if (reason == Reason::NotCovered)
    return "have the platform team write a policy whose match takes this place in, or deploy where one does";
  if (reason == Reason::ReferenceInvalid)
    return "correct the image to HOST/REPOSITORY:TAG or HOST/REPOSITORY@sha256:DIGEST, in ASCII and a "
           "lower-case "
           "repository";
  return "push the image to an expected registry and deploy it from there, or have its registry added to " +
         rule_of(finding);
}

}  // namespace

std::string remedy_of(Reason reason, const Finding& finding, const ImageReference* image) {
  switch (reason) {
    case Reason::TagMissing:
    case Reason::TagNotCommitId:
    case Reason::TagDigestMismatch:
    case Reason::TagCommitMismatch:
    case Reason::DigestRequired:
      return about_tag(reason, image);
    case Reason::SignatureByOtherSigner:
    case Reason::SignatureInvalid:
    case Reason::SignatureClaimMismatch:
    case Reason::SignaturesTooFew:
    case Reason::TooManyCandidates:
      return about_signature(reason, finding, image);
    case Reason::AttestationByOtherSigner:
    case Reason::AttestationInvalid:
    case Reason::AttestationPredicateMismatch:
    case Reason::AttestationsTooFew:
      return about_attestation(reason, finding, image);
    case Reason::CommitMissing:
    case Reason::BaseImageMissing:
    case Reason::BaseImageNotAllowed:
      return about_labels(reason, finding);
    case Reason::RegistryUnauthorized:
    case Reason::RegistryRateLimited:
    case Reason::RegistryUnreachable:
    case Reason::RegistryAnswerMalformed:
      return about_registry(reason, image);
    case Reason::ImageNotFound:
    case Reason::CheckTimedOut:
    case Reason::NotRecorded:
    case Reason::TaskDefinitionUnknown:
      return about_lookup(reason, image);
    case Reason::RegistryNotAllowed:
    case Reason::NotCovered:
    case Reason::DeployerNotAllowed:
    case Reason::ReferenceInvalid:
      return about_request(reason, finding);
    case Reason::AuditUnavailable:
      return "deploy again; if it stays, the platform team looks at the file of --audit-log: a full disk, no "
             "right to write, or a machine too busy to confirm a record within 50 ms";
    case Reason::InternalError:
      return "report it with the decision id: it is a fault of Tegata, nothing in the deployment has to "
             "change";
    case Reason::CallFailed:
    case Reason::EventUnknown:
    case Reason::NotADeployment:
    case Reason::NothingLaunched:
    case Reason::ProgressOnly:
    case Reason::ScaleOnly:
    case Reason::TaskStopped:
    case Reason::EventMalformed:
    case Reason::EventNotTrusted:
    case Reason::SignatureMissing:    // its rule knows
    case Reason::AttestationMissing:  // the same
      return {};
  }
  return {};
}

}  // namespace tegata::policy
