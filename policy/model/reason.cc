// SPDX-License-Identifier: Apache-2.0
#include "policy/model/reason.h"

#include <array>

namespace tegata {
namespace {

constexpr std::array kAll{
    Reason::RegistryNotAllowed,
    Reason::NotCovered,
    Reason::TagMissing,
    Reason::TagNotCommitId,
    Reason::TagDigestMismatch,
    Reason::DigestRequired,
    Reason::SignatureByOtherSigner,
    Reason::SignatureInvalid,
    Reason::SignatureClaimMismatch,
    Reason::SignaturesTooFew,
    Reason::AttestationByOtherSigner,
    Reason::AttestationInvalid,
    Reason::AttestationPredicateMismatch,
    Reason::AttestationsTooFew,
    Reason::TagCommitMismatch,
    Reason::BaseImageNotAllowed,
    Reason::TooManyCandidates,
    Reason::DeployerNotAllowed,
    Reason::ReferenceInvalid,
    Reason::SignatureMissing,
    Reason::AttestationMissing,
    Reason::CommitMissing,
    Reason::BaseImageMissing,
    Reason::ImageNotFound,
    Reason::CheckTimedOut,
    Reason::RegistryUnauthorized,
    Reason::RegistryRateLimited,
    Reason::RegistryUnreachable,
    Reason::RegistryAnswerMalformed,
    Reason::NotRecorded,
    Reason::TaskDefinitionUnknown,
    Reason::AuditUnavailable,
    Reason::InternalError,
    Reason::CallFailed,
    Reason::EventUnknown,
    Reason::NotADeployment,
    Reason::NothingLaunched,
    Reason::ProgressOnly,
    Reason::ScaleOnly,
    Reason::TaskStopped,
    Reason::EventMalformed,
    Reason::EventNotTrusted,
};

}  // namespace

std::string_view name_of(Reason reason) noexcept {
  switch (reason) {
    case Reason::RegistryNotAllowed:
      return "RegistryNotAllowed";
    case Reason::NotCovered:
      return "NotCovered";
    case Reason::TagMissing:
      return "TagMissing";
    case Reason::TagNotCommitId:
      return "TagNotCommitId";
    case Reason::TagDigestMismatch:
      return "TagDigestMismatch";
    case Reason::DigestRequired:
      return "DigestRequired";
    case Reason::SignatureByOtherSigner:
      return "SignatureByOtherSigner";
    case Reason::SignatureInvalid:
      return "SignatureInvalid";
    case Reason::SignatureClaimMismatch:
      return "SignatureClaimMismatch";
    case Reason::SignaturesTooFew:
      return "SignaturesTooFew";
    case Reason::AttestationByOtherSigner:
      return "AttestationByOtherSigner";
    case Reason::AttestationInvalid:
      return "AttestationInvalid";
    case Reason::AttestationPredicateMismatch:
      return "AttestationPredicateMismatch";
    case Reason::AttestationsTooFew:
      return "AttestationsTooFew";
    case Reason::TagCommitMismatch:
      return "TagCommitMismatch";
    case Reason::BaseImageNotAllowed:
      return "BaseImageNotAllowed";
    case Reason::TooManyCandidates:
      return "TooManyCandidates";
    case Reason::DeployerNotAllowed:
      return "DeployerNotAllowed";
    case Reason::ReferenceInvalid:
      return "ReferenceInvalid";
    case Reason::SignatureMissing:
      return "SignatureMissing";
    case Reason::AttestationMissing:
      return "AttestationMissing";
    case Reason::CommitMissing:
      return "CommitMissing";
    case Reason::BaseImageMissing:
      return "BaseImageMissing";
    case Reason::ImageNotFound:
      return "ImageNotFound";
    case Reason::CheckTimedOut:
      return "CheckTimedOut";
    case Reason::RegistryUnauthorized:
      return "RegistryUnauthorized";
    case Reason::RegistryRateLimited:
      return "RegistryRateLimited";
    case Reason::RegistryUnreachable:
      return "RegistryUnreachable";
    case Reason::RegistryAnswerMalformed:
      return "RegistryAnswerMalformed";
    case Reason::NotRecorded:
      return "NotRecorded";
    case Reason::TaskDefinitionUnknown:
      return "TaskDefinitionUnknown";
    case Reason::AuditUnavailable:
      return "AuditUnavailable";
    case Reason::InternalError:
      return "InternalError";
    case Reason::CallFailed:
      return "CallFailed";
    case Reason::EventUnknown:
      return "EventUnknown";
    case Reason::NotADeployment:
      return "NotADeployment";
    case Reason::NothingLaunched:
      return "NothingLaunched";
    case Reason::ProgressOnly:
      return "ProgressOnly";
    case Reason::ScaleOnly:
      return "ScaleOnly";
    case Reason::TaskStopped:
      return "TaskStopped";
    case Reason::EventMalformed:
      return "EventMalformed";
    case Reason::EventNotTrusted:
      return "EventNotTrusted";
  }
  return "InternalError";
}

std::optional<Reason> reason_of(std::string_view name) noexcept {
  for (const Reason reason : kAll)
    if (name_of(reason) == name) return reason;
  return std::nullopt;
}

std::span<const Reason> all_reasons() noexcept { return kAll; }

Reason reason_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::NotFound:
      return Reason::ImageNotFound;
    case ErrorCode::Unauthorized:
      return Reason::RegistryUnauthorized;
    case ErrorCode::RateLimited:
      return Reason::RegistryRateLimited;
    case ErrorCode::Unavailable:
      return Reason::RegistryUnreachable;
    case ErrorCode::DeadlineExceeded:
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
