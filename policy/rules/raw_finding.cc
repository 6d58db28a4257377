// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/raw_finding.h"

#include <algorithm>

#include "policy/model/printable.h"
#include "policy/rules/rules.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kMostShown = 5;

/// Amazon ECR, where rights are given in AWS.
bool is_ecr(const Repository& asked) { return asked.registry.find(".dkr.ecr.") != std::string::npos; }

std::string remedy_of(ErrorCode code, const Repository& asked) {
  const auto& host = asked.registry;
  switch (code) {
    case ErrorCode::NotFound:
      return "check the spelling of repository and tag, and that the push to " + asked.text() +
             " has finished";
    case ErrorCode::Unauthorized:
      return std::string(kPlatformTeam) + "give Tegata credentials that may read " + asked.text() +
             (is_ecr(asked) ? " (rights in AWS: docs/aws.md)" : " (docker config.json)");
    case ErrorCode::RateLimited:
      return "wait, then deploy again; if this keeps happening, " + std::string(kPlatformTeam) +
             "raise the quota at " + host + " or to give Tegata credentials for it";
    case ErrorCode::OwnRate:
      return "wait a minute, then deploy again: Tegata itself has sent more requests than " + host +
             " answers; if this keeps happening, " + std::string(kPlatformTeam) + "raise the quota there";
    case ErrorCode::Unavailable:
      return "deploy again when " + host + " answers; if this keeps happening, " +
             std::string(kPlatformTeam) + "check DNS, egress, proxy and --registry-ca between Tegata and it";
    case ErrorCode::AddressRefused:
      return "use a registry at another address than " + host +
             ": Tegata calls no address that only a machine itself can reach";
    case ErrorCode::DeadlineExceeded:
      return "deploy again in a minute, the check continues meanwhile; if this keeps happening, " +
             std::string(kPlatformTeam) + "raise timeoutSeconds of the webhook";
    case ErrorCode::CutShort:
      return "deploy again in a minute: Tegata was too busy to finish this check, which goes on meanwhile; "
             "if "
             "this keeps happening, " +
             std::string(kPlatformTeam) +
             "give Tegata more CPU or replicas, or raise timeoutSeconds of the webhook";
    case ErrorCode::Malformed:
    case ErrorCode::UnexpectedAnswer:
    case ErrorCode::LimitExceeded:
      return "ask the operator of " + host +
             " to check what it, or a proxy in front of it, answers for this image";
    case ErrorCode::NotRecorded:
      return "give replay the store of `serve --evidence-dir` with --evidence-dir; records that were made "
             "with "
             "--observe hold more than the rules of their time asked for";
    case ErrorCode::Misconfigured:
    case ErrorCode::Internal:
      break;
  }
  return std::string(kReportIt);
}

}  // namespace

RawFinding could_not_check(const Error& error, std::string expected, const Repository& asked) {
  return {reason_of(error.code), std::move(expected), sentence(error.message, 300),
          remedy_of(error.code, asked), !may_be_softened(error.code)};
}

RawFinding image_not_found(std::string expected, std::string found, const Repository& asked) {
  return {Reason::ImageNotFound, std::move(expected), std::move(found),
          remedy_of(ErrorCode::NotFound, asked)};
}

RawFinding not_answered(std::string expected) {
  return {Reason::InternalError, std::move(expected), "no answer to a question that this rule asks",
          std::string(kReportIt), true};
}

std::string listed(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  const std::size_t shown = std::min(words.size(), kMostShown);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i != 0) text += i + 1 == words.size() ? last : ", ";
    text += words[i];
  }
  if (shown < words.size()) text += " and " + std::to_string(words.size() - shown) + " more";
  return text;
}

std::variant<Digest, RawFinding> resolved_tag(const ImageEvidence& image, const std::string& expected) {
  const auto* fact = image.facts == nullptr ? nullptr : image.facts->facts.find<TagKind>();
  auto tag =
      known_value<TagKind>(fact, expected, "the registry has no such tag", image.reference.repository());
  if (auto* finding = std::get_if<RawFinding>(&tag)) return std::move(*finding);
  return std::get<const ResolvedTag*>(tag)->digest;
}

std::variant<Digest, RawFinding> digest_of(const ImageEvidence& image, const std::string& expected) {
  if (const auto& written = image.reference.digest()) return *written;
  return resolved_tag(image, expected);
}

std::variant<const ImageLabels*, RawFinding> known_labels(const ImageEvidence& image,
                                                          const std::string& expected) {
  auto digest = digest_of(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&digest)) return std::move(*finding);
  const auto* fact = image.facts == nullptr ? nullptr : image.facts->facts.find<LabelKind>();
  return known_value<LabelKind>(fact, expected, "the registry has no such image",
                                image.reference.repository());
}

std::variant<const std::vector<ImageConfig>*, RawFinding> known_configs(const ImageEvidence& image,
                                                                        const std::string& expected) {
  auto available = known_labels(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&available)) return std::move(*finding);
  const auto& configs = std::get<const ImageLabels*>(available)->configs;
  const auto& asked = image.reference.repository();
  if (!configs)
    return could_not_check({ErrorCode::NotRecorded, "the record has no config of this image"}, expected,
                           asked);
  if (configs->empty()) return image_not_found(expected, "an index without an image that can run", asked);
  return &*configs;
}

}  // namespace tegata::policy
