// SPDX-License-Identifier: Apache-2.0
// The stable names of the model's small enums, as outputs and documents spell them; and what a request
// is called.
#include "policy/model/deployment_request.h"
#include "policy/model/signature_facts.h"
#include "policy/model/verdict.h"

namespace tegata {

std::string_view name_of(Cost value) noexcept {
  switch (value) {
    case Cost::Allow:
      return "allow";
    case Cost::DryRun:
      return "dryrun";
    case Cost::Warn:
      return "warn";
    case Cost::Deny:
      return "deny";
  }
  return "deny";
}

std::optional<Cost> cost_of_name(std::string_view name) noexcept {
  for (const Cost cost : {Cost::Allow, Cost::DryRun, Cost::Warn, Cost::Deny})
    if (name_of(cost) == name) return cost;
  return std::nullopt;
}

std::string_view name_of(ContainerKind value) noexcept {
  switch (value) {
    case ContainerKind::Container:
      return "container";
    case ContainerKind::InitContainer:
      return "init container";
    case ContainerKind::EphemeralContainer:
      return "ephemeral container";
    case ContainerKind::ImageVolume:
      return "image volume";
  }
  return "container";
}

std::string_view name_of(ValueClass value) noexcept {
  switch (value) {
    case ValueClass::Empty:
      return "empty";
    case ValueClass::Reference:
      return "reference";
    case ValueClass::Number:
      return "number";
    case ValueClass::Boolean:
      return "boolean";
    case ValueClass::Text:
      return "text";
    case ValueClass::Url:
      return "url";
    case ValueClass::UrlWithPassword:
      return "urlWithPassword";
    case ValueClass::AccessKeyId:
      return "accessKeyId";
    case ValueClass::PrivateKey:
      return "privateKey";
    case ValueClass::JsonWebToken:
      return "jsonWebToken";
  }
  return "text";
}

std::string_view name_of(RejectionReason value) noexcept {
  switch (value) {
    case RejectionReason::OtherSigner:
      return "OtherSigner";
    case RejectionReason::SignatureNotByCertificate:
      return "SignatureNotByCertificate";
    case RejectionReason::SignatureAbsent:
      return "SignatureAbsent";
    case RejectionReason::SignatureMalformed:
      return "SignatureMalformed";
    case RejectionReason::PayloadMalformed:
      return "PayloadMalformed";
    case RejectionReason::PayloadOtherType:
      return "PayloadOtherType";
    case RejectionReason::PayloadOtherImage:
      return "PayloadOtherImage";
    case RejectionReason::TooLarge:
      return "TooLarge";
    case RejectionReason::ContentAbsent:
      return "ContentAbsent";
    case RejectionReason::ContentOtherDigest:
      return "ContentOtherDigest";
    case RejectionReason::BundleMalformed:
      return "BundleMalformed";
    case RejectionReason::BundleNeedsIdentity:
      return "BundleNeedsIdentity";
    case RejectionReason::CertificateAbsent:
      return "CertificateAbsent";
    case RejectionReason::CertificateMalformed:
      return "CertificateMalformed";
    case RejectionReason::CertificateUntrusted:
      return "CertificateUntrusted";
    case RejectionReason::CertificateNotValid:
      return "CertificateNotValid";
    case RejectionReason::CertificateTimestampMissing:
      return "CertificateTimestampMissing";
    case RejectionReason::CertificateTimestampInvalid:
      return "CertificateTimestampInvalid";
    case RejectionReason::IdentityMismatch:
      return "IdentityMismatch";
    case RejectionReason::SigningTimeUnknown:
      return "SigningTimeUnknown";
    case RejectionReason::TimestampMissing:
      return "TimestampMissing";
    case RejectionReason::TimestampInvalid:
      return "TimestampInvalid";
    case RejectionReason::LogEntryMissing:
      return "LogEntryMissing";
    case RejectionReason::LogEntryMalformed:
      return "LogEntryMalformed";
    case RejectionReason::LogEntryOfOther:
      return "LogEntryOfOther";
    case RejectionReason::LogEntryUntrusted:
      return "LogEntryUntrusted";
    case RejectionReason::InclusionProofInvalid:
      return "InclusionProofInvalid";
    case RejectionReason::CheckpointInvalid:
      return "CheckpointInvalid";
  }
  return "BundleMalformed";
}

std::string_view name_of(FindingKind value) noexcept {
  switch (value) {
    case FindingKind::Violates:
      return "violates";
    case FindingKind::Missing:
      return "missing";
    case FindingKind::Unknown:
      return "unknown";
  }
  return "unknown";
}

std::string_view name_of(Decision value) noexcept {
  switch (value) {
    case Decision::Allow:
      return "allow";
    case Decision::Deny:
      return "deny";
    case Decision::NotCovered:
      return "notCovered";
    case Decision::Ignored:
      return "ignored";
    case Decision::Invalid:
      return "invalid";
  }
  return "deny";
}

std::string shown_name(const DeploymentRequest& request) {
  if (!request.name.empty()) return request.name;
  return request.generate_name.empty() ? "(unnamed)" : request.generate_name + "*";
}

std::string workload_of(const DeploymentRequest& request) {
  if (!request.owner) return request.kind + " " + shown_name(request);
  if (!request.owner->deployment.empty()) return "apps/v1 Deployment " + request.owner->deployment;
  return request.owner->kind + " " + request.owner->name;
}

std::string short_workload_of(const DeploymentRequest& request) {
  auto words = workload_of(request);
  return words.substr(words.find(' ') + 1);
}

}  // namespace tegata
