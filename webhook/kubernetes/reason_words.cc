// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/reason_words.h"

namespace tegata::webhook::kubernetes {

std::string_view words_of(Reason reason) noexcept {
  switch (reason) {
    case Reason::RegistryNotAllowed:
      return "the registry or repository is not allowed";
    case Reason::NotCovered:
      return "no policy matches, and what no policy matches is denied";
    case Reason::TagMissing:
      return "the image has no tag";
    case Reason::TagNotCommitId:
      return "the tag is no commit ID";
    case Reason::TagDigestMismatch:
      return "the tag names another digest than the reference";
    case Reason::DigestRequired:
      return "the image is not pinned by digest";
    case Reason::SignatureByOtherSigner:
      return "the image is signed, but not by an allowed signer";
    case Reason::SignatureInvalid:
      return "the signature is not valid";
    case Reason::SignatureClaimMismatch:
      return "the signature does not claim what is asked";
    case Reason::SignaturesTooFew:
      return "too few of the required signers have signed";
    case Reason::AttestationByOtherSigner:
      return "the image is attested, but not by an allowed signer";
    case Reason::AttestationInvalid:
      return "the attestation is not valid";
    case Reason::AttestationPredicateMismatch:
      return "the attestation does not say what is asked";
    case Reason::AttestationsTooFew:
      return "too few of the required signers have attested";
    case Reason::TagCommitMismatch:
      return "the tag is another commit than the one that was built";
    case Reason::BaseImageNotAllowed:
      return "the image is built on a base image that is not approved";
    case Reason::TooManyCandidates:
      return "there are more signatures than are looked at";
    case Reason::DeployerNotAllowed:
      return "whoever asks may not deploy here";
    case Reason::ReferenceInvalid:
      return "the image string is no image reference";
    case Reason::SignatureMissing:
      return "the image has no signature";
    case Reason::AttestationMissing:
      return "the image has no such attestation";
    case Reason::CommitMissing:
      return "the image does not say which commit it was built from";
    case Reason::BaseImageMissing:
      return "the image does not say what it is built on";
    case Reason::ImageNotFound:
      return "the registry has no such image";
    case Reason::CheckTimedOut:
      return "the image could not be checked in time";
    case Reason::RegistryUnauthorized:
      return "the registry refused our credentials";
    case Reason::RegistryRateLimited:
      return "the registry asks us to slow down";
    case Reason::RegistryUnreachable:
      return "the registry could not be reached";
    case Reason::RegistryAnswerMalformed:
      return "the registry's answer could not be read";
    case Reason::NotRecorded:
      return "the facts were not recorded";
    case Reason::TaskDefinitionUnknown:
      return "the task definition is not known";
    case Reason::AuditUnavailable:
      return "the decision could not be recorded";
    case Reason::InternalError:
      return "Tegata failed on this request";
    case Reason::CallFailed:
      return "the call failed";
    case Reason::EventUnknown:
      return "the event is not known";
    case Reason::NotADeployment:
      return "this deploys nothing";
    case Reason::NothingLaunched:
      return "nothing was launched";
    case Reason::ProgressOnly:
      return "this only tells of progress";
    case Reason::ScaleOnly:
      return "this only scales";
    case Reason::TaskStopped:
      return "the task has stopped";
    case Reason::EventMalformed:
      return "the request could not be read";
    case Reason::EventNotTrusted:
      return "the request cannot be trusted";
  }
  return "Tegata failed on this request";
}

}  // namespace tegata::webhook::kubernetes
