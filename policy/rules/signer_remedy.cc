// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/signer_remedy.h"

#include <algorithm>

#include "policy/rules/signature_words.h"

namespace tegata::policy {
namespace {

bool is_key(const Authority& authority) { return std::holds_alternative<KeySigner>(authority.signer); }

/// As it is typed, for the kinds of signers that are asked for.
std::string commands(const SignerDemand& demand, const Signing& signing, const std::string& image) {
  const auto& signers = demand.trust->authorities;
  const auto by = [&](const std::string& option) {
    return "`cosign " + signing.command + option + " " + image + "`";
  };
  if (std::all_of(signers.begin(), signers.end(), is_key)) return by(" --key KEY");
  const auto as_identity = by("") + " as the expected identity";
  if (std::none_of(signers.begin(), signers.end(), is_key)) return as_identity;
  return as_identity + ", or with --key KEY where a key is expected";
}

struct Way {
  RejectionReason from;
  std::string_view words;
};

constexpr std::string_view kTimestamp =
    "have it timestamped too (--timestamp-server-url, or a signing config that names an authority), by an "
    "authority that the policy's trusted root knows";
constexpr std::string_view kRoot =
    "first have the platform team look whether the policy's trusted root is the one of the log or authority "
    "that was used, and is new enough";

constexpr Way kWays[] = {
    {RejectionReason::LogEntryMissing,
     "have it logged too (no --tlog-upload=false, and a signing config that names a log), in a log that the "
     "policy's trusted root knows"},
    {RejectionReason::TimestampMissing, kTimestamp},
    {RejectionReason::SigningTimeUnknown, kTimestamp},
    {RejectionReason::CertificateNotValid,
     "do so with a fresh certificate, and have it logged or timestamped at once"},
    {RejectionReason::CertificateTimestampMissing, kRoot},
    {RejectionReason::CertificateTimestampInvalid, kRoot},
    {RejectionReason::TimestampInvalid, kRoot},
    {RejectionReason::LogEntryUntrusted, kRoot},
    {RejectionReason::CheckpointInvalid, kRoot},
};

}  // namespace

std::string remedy_of_missing(const SignerDemand& demand, const Signing& signing, const std::string& image) {
  return std::string(signing.words) + ": " + commands(demand, signing, image);
}

std::string remedy_of_unproven(const SignerDemand& demand, const SignatureFacts& facts,
                               const Signing& signing, const std::string& image) {
  const auto* rejection = first_rejection(demand, facts);
  if (rejection == nullptr) return {};
  for (const auto& way : kWays)
    if (way.from == rejection->reason)
      return std::string(signing.words) + " again, and " + std::string(way.words) + ": " +
             commands(demand, signing, image);
  return {};
}

}  // namespace tegata::policy
