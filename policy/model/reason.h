// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "policy/model/result.h"

namespace tegata {

/// The three kinds of findings, never mixed.
enum class FindingKind { Violates, Missing, Unknown };
[[nodiscard]] std::string_view name_of(FindingKind kind) noexcept;

/// Why a deployment is denied, ignored or invalid. Names are stable, and each has its section in
/// docs/reasons.md. A new one also gets a row in the table of reason.cc.
enum class Reason {
  // violates
  RegistryNotAllowed,
  DigestDenied,
  NotCovered,
  TagMissing,
  TagNotCommitId,
  TagDigestMismatch,
  TagMovable,
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
  ImageRunsAsRoot,
  ImageHoldsSecret,
  ImageAddsFromUrl,
  ImageTooOld,
  TooManyCandidates,
  VulnerabilityTooSevere,
  DeployerNotAllowed,
  ReferenceInvalid,
  // missing
  SignatureMissing,
  AttestationMissing,
  CommitMissing,
  BaseImageMissing,
  HealthcheckMissing,
  BuildDateMissing,
  ImageNotFound,
  ScanMissing,
  ScanUnsupported,
  ScanExpired,
  ScanTooOld,
  ImageArchived,
  // unknown
  CheckTimedOut,
  RegistryUnauthorized,
  RegistryRateLimited,
  RegistryUnreachable,
  RegistryAnswerMalformed,
  NotRecorded,
  TaskDefinitionUnknown,
  ScanPending,
  ScanFailed,
  ScanUnavailable,
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

inline constexpr Reason kLastReason = Reason::EventNotTrusted;

/// What a reason is about. AboutTegata: Tegata could not judge or record; Ignored, Invalid: there was nothing
/// to judge.
enum class ReasonKind { Violates, Missing, Unknown, AboutTegata, Ignored, Invalid };

/// The properties of a reason.
struct ReasonEntry {
  Reason code;
  std::string_view name;
  ReasonKind kind;
  std::string_view words;   ///< at most 60 characters, for the summary of a denial
  std::string_view anchor;  ///< of its section in docs/reasons.md
};

/// Every reason, in the order of the enum.
[[nodiscard]] std::span<const ReasonEntry> all_reasons() noexcept;
[[nodiscard]] const ReasonEntry& entry_of(Reason reason) noexcept;
[[nodiscard]] std::string_view name_of(Reason reason) noexcept;
[[nodiscard]] std::optional<Reason> reason_of(std::string_view name) noexcept;
/// The kind of a finding with that reason; Violates for reasons that are never a finding's.
[[nodiscard]] FindingKind finding_kind_of(Reason reason) noexcept;
/// The reason that says what an Error of a registry means for an image: CheckTimedOut for
/// DeadlineExceeded and CutShort, ImageNotFound for NotFound, and so on. InternalError where none fits.
[[nodiscard]] Reason reason_of(ErrorCode code) noexcept;

}  // namespace tegata
