// SPDX-License-Identifier: Apache-2.0
#include "policy/model/reason.h"

#include <algorithm>
#include <array>

namespace tegata {
namespace {

// In the order of the enum. A test compares docs/reasons.md with it.
constexpr ReasonEntry kTable[] = {
    {Reason::RegistryNotAllowed, "RegistryNotAllowed", ReasonKind::Violates,
     "the image's registry or repository is not allowed", "registrynotallowed"},
    {Reason::DigestDenied, "DigestDenied", ReasonKind::Violates, "the image has been withdrawn",
     "digestdenied"},
    {Reason::NotCovered, "NotCovered", ReasonKind::Violates, "no policy covers this deployment",
     "notcovered"},
    {Reason::TagMissing, "TagMissing", ReasonKind::Violates, "the image has no tag", "tagmissing"},
    {Reason::TagNotCommitId, "TagNotCommitId", ReasonKind::Violates,
     "the tag does not have the required form", "tagnotcommitid"},
    {Reason::TagDigestMismatch, "TagDigestMismatch", ReasonKind::Violates,
     "the tag points to a different digest than the reference", "tagdigestmismatch"},
    {Reason::TagMovable, "TagMovable", ReasonKind::Violates, "the registry lets the tag be moved",
     "tagmovable"},
    {Reason::DigestRequired, "DigestRequired", ReasonKind::Violates, "the image is not pinned by digest",
     "digestrequired"},
    {Reason::SignatureByOtherSigner, "SignatureByOtherSigner", ReasonKind::Violates,
     "the image is signed, but not by an allowed signer", "signaturebyothersigner"},
    {Reason::SignatureInvalid, "SignatureInvalid", ReasonKind::Violates, "the signature is not valid",
     "signatureinvalid"},
    {Reason::SignatureClaimMismatch, "SignatureClaimMismatch", ReasonKind::Violates,
     "the signature does not make the required claims", "signatureclaimmismatch"},
    {Reason::SignaturesTooFew, "SignaturesTooFew", ReasonKind::Violates,
     "not enough of the required signers have signed", "signaturestoofew"},
    {Reason::AttestationByOtherSigner, "AttestationByOtherSigner", ReasonKind::Violates,
     "the attestation is not by an allowed signer", "attestationbyothersigner"},
    {Reason::AttestationInvalid, "AttestationInvalid", ReasonKind::Violates, "the attestation is not valid",
     "attestationinvalid"},
    {Reason::AttestationPredicateMismatch, "AttestationPredicateMismatch", ReasonKind::Violates,
     "the attestation does not meet the policy's conditions", "attestationpredicatemismatch"},
    {Reason::AttestationsTooFew, "AttestationsTooFew", ReasonKind::Violates,
     "not enough of the required signers have attested", "attestationstoofew"},
    {Reason::TagCommitMismatch, "TagCommitMismatch", ReasonKind::Violates,
     "the tag names a different commit than the one that was built", "tagcommitmismatch"},
    {Reason::BaseImageNotAllowed, "BaseImageNotAllowed", ReasonKind::Violates,
     "the base image is not approved", "baseimagenotallowed"},
    {Reason::ImageRunsAsRoot, "ImageRunsAsRoot", ReasonKind::Violates, "the image runs as root",
     "imagerunsasroot"},
    {Reason::ImageHoldsSecret, "ImageHoldsSecret", ReasonKind::Violates,
     "the image's config holds what looks like a secret", "imageholdssecret"},
    {Reason::ImageAddsFromUrl, "ImageAddsFromUrl", ReasonKind::Violates,
     "the image was built with ADD from a URL", "imageaddsfromurl"},
    {Reason::ImageTooOld, "ImageTooOld", ReasonKind::Violates, "the image was built too long ago",
     "imagetooold"},
    {Reason::TooManyCandidates, "TooManyCandidates", ReasonKind::Violates,
     "the image has too many signatures to check", "toomanycandidates"},
    {Reason::VulnerabilityTooSevere, "VulnerabilityTooSevere", ReasonKind::Violates,
     "the image has vulnerabilities that the policy refuses", "vulnerabilitytoosevere"},
    {Reason::DeployerNotAllowed, "DeployerNotAllowed", ReasonKind::Violates,
     "this identity may not deploy here", "deployernotallowed"},
    {Reason::ReferenceInvalid, "ReferenceInvalid", ReasonKind::Violates, "invalid image reference",
     "referenceinvalid"},
    {Reason::SignatureMissing, "SignatureMissing", ReasonKind::Missing, "the image is not signed",
     "signaturemissing"},
    {Reason::AttestationMissing, "AttestationMissing", ReasonKind::Missing,
     "the image has no attestation of the required type", "attestationmissing"},
    {Reason::CommitMissing, "CommitMissing", ReasonKind::Missing,
     "the image does not name the commit it was built from", "commitmissing"},
    {Reason::BaseImageMissing, "BaseImageMissing", ReasonKind::Missing,
     "the image does not name its base image", "baseimagemissing"},
    {Reason::HealthcheckMissing, "HealthcheckMissing", ReasonKind::Missing, "the image has no health check",
     "healthcheckmissing"},
    {Reason::BuildDateMissing, "BuildDateMissing", ReasonKind::Missing,
     "the image does not say when it was built", "builddatemissing"},
    {Reason::ImageNotFound, "ImageNotFound", ReasonKind::Missing, "the image does not exist in the registry",
     "imagenotfound"},
    {Reason::ScanMissing, "ScanMissing", ReasonKind::Missing, "the image was not scanned", "scanmissing"},
    {Reason::ScanUnsupported, "ScanUnsupported", ReasonKind::Missing,
     "the scanner does not support this image", "scanunsupported"},
    {Reason::ScanExpired, "ScanExpired", ReasonKind::Missing, "the image is not scanned any more",
     "scanexpired"},
    {Reason::ScanTooOld, "ScanTooOld", ReasonKind::Missing, "the scan of the image is too old", "scantooold"},
    {Reason::ImageArchived, "ImageArchived", ReasonKind::Missing, "the image is archived", "imagearchived"},
    {Reason::CheckTimedOut, "CheckTimedOut", ReasonKind::Unknown, "the image could not be checked in time",
     "checktimedout"},
    {Reason::RegistryUnauthorized, "RegistryUnauthorized", ReasonKind::Unknown,
     "the registry refused Tegata's credentials", "registryunauthorized"},
    {Reason::RegistryRateLimited, "RegistryRateLimited", ReasonKind::Unknown,
     "the registry limits the rate of requests", "registryratelimited"},
    {Reason::RegistryUnreachable, "RegistryUnreachable", ReasonKind::Unknown,
     "the registry could not be reached", "registryunreachable"},
    {Reason::RegistryAnswerMalformed, "RegistryAnswerMalformed", ReasonKind::Unknown,
     "the registry's answer is not valid", "registryanswermalformed"},
    {Reason::NotRecorded, "NotRecorded", ReasonKind::Unknown, "the facts were not recorded", "notrecorded"},
    {Reason::TaskDefinitionUnknown, "TaskDefinitionUnknown", ReasonKind::Unknown,
     "the task definition is not known", "taskdefinitionunknown"},
    {Reason::ScanPending, "ScanPending", ReasonKind::Unknown, "the scan of the image has not finished",
     "scanpending"},
    {Reason::ScanFailed, "ScanFailed", ReasonKind::Unknown, "the scan of the image has failed", "scanfailed"},
    {Reason::ScanUnavailable, "ScanUnavailable", ReasonKind::Unknown,
     "the result of the scan could not be read", "scanunavailable"},
    {Reason::AuditUnavailable, "AuditUnavailable", ReasonKind::AboutTegata,
     "the decision could not be recorded", "auditunavailable"},
    {Reason::InternalError, "InternalError", ReasonKind::AboutTegata, "internal error in Tegata",
     "internalerror"},
    {Reason::CallFailed, "CallFailed", ReasonKind::Ignored, "the AWS call failed", "callfailed"},
    {Reason::EventUnknown, "EventUnknown", ReasonKind::Ignored, "unknown event", "eventunknown"},
    {Reason::NotADeployment, "NotADeployment", ReasonKind::Ignored, "this deploys nothing", "notadeployment"},
    {Reason::NothingLaunched, "NothingLaunched", ReasonKind::Ignored, "no task was started",
     "nothinglaunched"},
    {Reason::ProgressOnly, "ProgressOnly", ReasonKind::Ignored,
     "progress of a deployment that was judged before", "progressonly"},
    {Reason::ScaleOnly, "ScaleOnly", ReasonKind::Ignored, "only the number of copies changes", "scaleonly"},
    {Reason::TaskStopped, "TaskStopped", ReasonKind::Ignored, "the task has stopped", "taskstopped"},
    {Reason::EventMalformed, "EventMalformed", ReasonKind::Invalid, "cannot parse the request",
     "eventmalformed"},
    {Reason::EventNotTrusted, "EventNotTrusted", ReasonKind::Invalid, "the request cannot be trusted",
     "eventnottrusted"},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < std::size(kTable); ++i)
    if (static_cast<std::size_t>(kTable[i].code) != i) return false;
  return true;
}
static_assert(is_in_order() && std::size(kTable) == static_cast<std::size_t>(kLastReason) + 1);

}  // namespace

std::span<const ReasonEntry> all_reasons() noexcept { return kTable; }

const ReasonEntry& entry_of(Reason reason) noexcept { return kTable[static_cast<std::size_t>(reason)]; }

std::string_view name_of(Reason reason) noexcept { return entry_of(reason).name; }

FindingKind finding_kind_of(Reason reason) noexcept {
  switch (entry_of(reason).kind) {
    case ReasonKind::Missing:
      return FindingKind::Missing;
    case ReasonKind::Unknown:
    case ReasonKind::AboutTegata:
      return FindingKind::Unknown;
    case ReasonKind::Violates:
    case ReasonKind::Ignored:
    case ReasonKind::Invalid:
      break;
  }
  return FindingKind::Violates;
}

std::optional<Reason> reason_of(std::string_view name) noexcept {
  const auto* entry = std::find_if(std::begin(kTable), std::end(kTable),
                                   [&](const ReasonEntry& each) { return each.name == name; });
  if (entry == std::end(kTable)) return std::nullopt;
  return entry->code;
}

Reason reason_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::NotFound:
      return Reason::ImageNotFound;
    case ErrorCode::Unauthorized:
      return Reason::RegistryUnauthorized;
    case ErrorCode::RateLimited:
    case ErrorCode::OwnRate:
      return Reason::RegistryRateLimited;
    case ErrorCode::Unavailable:
    case ErrorCode::AddressRefused:
      return Reason::RegistryUnreachable;
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::CutShort:
      return Reason::CheckTimedOut;
    case ErrorCode::Malformed:
    case ErrorCode::UnexpectedAnswer:
    case ErrorCode::LimitExceeded:
      return Reason::RegistryAnswerMalformed;
    case ErrorCode::NotRecorded:
      return Reason::NotRecorded;
    case ErrorCode::Misconfigured:
    case ErrorCode::Internal:
      return Reason::InternalError;
  }
  return Reason::InternalError;
}

}  // namespace tegata
