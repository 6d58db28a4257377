// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "policy/model/result.h"

namespace tegata {

/// Why a deployment is denied, ignored or invalid. Names are stable, and each has its page in
/// docs/reasons.md.
enum class Reason {
  // violates
  RegistryNotAllowed,
  NotCovered,
  TagMissing,
  TagNotCommitId,
  TagDigestMismatch,
  DigestRequired,
  SignatureByOtherSigner,
  SignatureInvalid,
  SignatureClaimMismatch,
  SignaturesTooFew,
  AttestationByOtherSigner,
  AttestationInvalid,
  AttestationPredicateMismatch,
  AttestationsTooFew,
  TagCommitMismatch,
  BaseImageNotAllowed,
  TooManyCandidates,
  DeployerNotAllowed,
  ReferenceInvalid,
  // missing
  SignatureMissing,
  AttestationMissing,
  CommitMissing,
  BaseImageMissing,
  ImageNotFound,
  // unknown
  CheckTimedOut,
  RegistryUnauthorized,
  RegistryRateLimited,
  RegistryUnreachable,
  RegistryAnswerMalformed,
  NotRecorded,
  TaskDefinitionUnknown,
  // about ourselves
  AuditUnavailable,
  InternalError,
  // with `ignored`
  CallFailed,
  EventUnknown,
  NotADeployment,
  NothingLaunched,
  ProgressOnly,
  ScaleOnly,
  TaskStopped,
  // with `invalid`
  EventMalformed,
  EventNotTrusted,
};

[[nodiscard]] std::string_view name_of(Reason reason) noexcept;
[[nodiscard]] std::optional<Reason> reason_of(std::string_view name) noexcept;
/// Every reason, in the order of the enum.
[[nodiscard]] std::span<const Reason> all_reasons() noexcept;
/// The reason that says what an Error of a registry means for an image: CheckTimedOut for
/// DeadlineExceeded, ImageNotFound for NotFound, and so on. InternalError where none fits.
[[nodiscard]] Reason reason_of(ErrorCode code) noexcept;

}  // namespace tegata
