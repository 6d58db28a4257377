// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/signer_rules.h"

#include <algorithm>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {
namespace {

std::string how_many(const SignerDemand& demand, const std::string& one, const std::string& many) {
  if (demand.trust->authorities.size() == 1) return one + " by ";
  switch (demand.combine) {
    case SignerDemand::Combine::AnyOf:
      return one + " by one of ";
    case SignerDemand::Combine::AllOf:
      return many + " by each of ";
    case SignerDemand::Combine::Threshold:
      return many + " by at least " + std::to_string(demand.threshold) + " of ";
  }
  return one + " by ";
}

/// How many candidates concern the check; each of its authorities was checked against all of them.
std::size_t candidates_of(const SignerDemand& demand, const SignatureFacts& facts) {
  std::size_t most = 0;
  for (const auto& authority : demand.trust->authorities)
    if (const auto* known = facts.of(authority.id))
      most = std::max(most, known->verified.size() + known->rejected.size());
  return most;
}

/// Of the candidates that were refused, the one that is reported; null where none was.
const Rejection* first_rejection(const SignerDemand& demand, const SignatureFacts& facts) {
  for (const auto& authority : demand.trust->authorities)
    if (const auto* known = facts.of(authority.id); known != nullptr && !known->rejected.empty())
      return &known->rejected.front();
  return nullptr;
}

using Claimed = std::function<std::string(const VerifiedSignature&)>;

std::string first_of(const SignerDemand& demand, const SignatureFacts& facts, const Claimed& claimed) {
  for (const auto& authority : demand.trust->authorities) {
    const auto* known = facts.of(authority.id);
    if (known != nullptr && !known->verified.empty())
      return "; by " + sentence(authority.name, 200) + claimed(known->verified.front());
  }
  const auto* rejection = first_rejection(demand, facts);
  if (rejection == nullptr) return {};
  return "; " + std::string(name_of(rejection->reason)) + ": " + sentence(rejection->detail, 200);
}

bool is_key(const Authority& authority) { return std::holds_alternative<KeySigner>(authority.signer); }

struct Way {
  RejectionReason from;
  std::string_view words;
};

constexpr std::string_view kTimestamp =
    "have it timestamped too (--timestamp-server-url, or a signing config that names an authority), by an "
    "authority that the policy's trusted root knows";
constexpr std::string_view kRoot =
    "first have the platform team check that the policy's trusted root is that of the log or authority used, "
    "and is up to date";

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

std::string expected_signers(const SignerDemand& demand, const std::string& one, const std::string& many) {
  std::vector<std::string> names;
  for (const auto& authority : demand.trust->authorities) names.push_back(authority.name);
  const bool any = demand.combine == SignerDemand::Combine::AnyOf;
  return how_many(demand, one, many) + listed(names, any ? " or " : " and ");
}

std::string found_signers(const SignerDemand& demand, const SignatureFacts& facts,
                          const std::vector<std::string>& satisfied, const std::string& thing,
                          const Claimed& claimed) {
  if (facts.too_many)
    return "more " + thing + " candidates than the " + std::to_string(limits::kReferrers) +
           " that are looked at";
  const auto candidates = candidates_of(demand, facts);
  if (candidates == 0) return "no " + thing;
  std::string text = std::to_string(candidates) + " " + thing + " candidate";
  if (candidates != 1) text += "s";
  if (!satisfied.empty()) return text + "; valid only by " + listed(satisfied, " and ");
  return text + first_of(demand, facts, claimed);
}

std::string cosign_command(const SignerDemand& demand, const std::string& command, const std::string& image) {
  const auto& signers = demand.trust->authorities;
  const auto with = [&](const std::string& option) {
    return "`cosign " + command + option + " " + image + "`";
  };
  if (std::all_of(signers.begin(), signers.end(), is_key)) return with(" --key KEY");
  const auto as_identity = with("") + " as the expected identity";
  if (std::none_of(signers.begin(), signers.end(), is_key)) return as_identity;
  return as_identity + ", or with --key KEY where a key is expected";
}

std::string remedy_of_missing(const SignerDemand& demand, const Signing& signing, const std::string& image) {
  return std::string(signing.who) + std::string(signing.verb) +
         " the image: " + cosign_command(demand, signing.command, image);
}

std::string remedy_of_unproven(const SignerDemand& demand, const SignatureFacts& facts,
                               const Signing& signing, const std::string& image) {
  const auto* rejection = first_rejection(demand, facts);
  if (rejection == nullptr) return {};
  for (const auto& way : kWays)
    if (way.from == rejection->reason)
      return std::string(signing.who) + std::string(signing.verb) + " the image again, and " +
             std::string(way.words) + ": " + cosign_command(demand, signing.command, image);
  return {};
}

std::string remedy_of_too_few(const SignerDemand& demand, const std::vector<std::string>& satisfied,
                              const Signing& signing, const std::string& image) {
  std::vector<std::string> left;
  for (const auto& authority : demand.trust->authorities)
    if (std::find(satisfied.begin(), satisfied.end(), authority.name) == satisfied.end())
      left.push_back(sentence(authority.name, 200));
  const bool any = demand.combine == SignerDemand::Combine::Threshold;
  // Two authorities may share a signer, who counts once: then all are satisfied, and another one is needed.
  return "ask " + (left.empty() ? "another expected signer" : listed(left, any ? " or " : " and ")) + " to " +
         std::string(signing.verb) + " this digest too: " + cosign_command(demand, signing.command, image);
}

}  // namespace tegata::policy
