// SPDX-License-Identifier: Apache-2.0
// `imageConfig`: what the config of an image says of its user, secrets, health check and build.
#include <algorithm>
#include <functional>

#include "policy/model/printable.h"
#include "policy/rules/raw_finding.h"
#include "policy/rules/rules.h"

namespace tegata::policy {
namespace {

using Configs = std::vector<ImageConfig>;

/// Of those who have several images: ` (linux/arm64)`.
std::string of_platform(const Configs& configs, const ImageConfig& config) {
  if (configs.size() == 1) return {};
  return " (" + (config.platform.empty() ? "of no platform" : printable(config.platform)) + ")";
}

/// The sentence about each image for which there is one, each once.
std::vector<std::string> sentences(const Configs& configs,
                                   const std::function<std::string(const ImageConfig&)>& sentence_for) {
  std::vector<std::string> all;
  for (const auto& config : configs)
    if (auto text = sentence_for(config); !text.empty())
      all.push_back(std::move(text) + of_platform(configs, config));
  return all;
}

std::string places_text(const std::vector<std::string>& places) {
  std::vector<std::string> words;
  for (const auto& place : places) words.push_back(printable(place));
  return listed(words, " and ");
}

void add_config_finding(RawFindings& findings, Reason reason, const std::vector<std::string>& found,
                        std::string expected, std::string remedy) {
  if (!found.empty())
    findings.push_back({reason, std::move(expected), listed(found, " and "),
                        std::string(kPipelineOwner) + std::move(remedy)});
}

constexpr std::string_view kLargestUser = "2147483647";

}  // namespace

bool is_root_user(std::string_view user) noexcept {
  auto name = user.substr(0, user.find(':'));
  if (name.empty() || name == "root") return true;
  // As runtimes read numbers: `00` and `+0` are 0 too.
  if (name.front() == '+' || name.front() == '-') name.remove_prefix(1);
  if (name.empty() || name.find_first_not_of("0123456789") != name.npos) return false;
  name.remove_prefix(std::min(name.find_first_not_of('0'), name.size()));
  // Above the largest number of a user, a runtime may see no more than the low bits.
  return name.empty() || name.size() > kLargestUser.size() ||
         (name.size() == kLargestUser.size() && name > kLargestUser);
}

void ask(const ImageConfigCheck&, ImageQuestions& image) { image.ask<LabelKind>({}); }

RawFindings judge(const ImageConfigCheck& check, const ImageEvidence& image) {
  if (image.lookup == Lookup::Refused) return {};
  auto available = known_configs(image, "an image config that can be read");
  if (auto* finding = std::get_if<RawFinding>(&available)) return {std::move(*finding)};
  const auto& configs = *std::get<const Configs*>(available);
  RawFindings findings;
  if (check.non_root)
    add_config_finding(findings, Reason::ImageRunsAsRoot,
                       sentences(configs,
                                 [](const ImageConfig& config) {
                                   if (!is_root_user(config.user)) return std::string();
                                   return config.user.empty() ? std::string("no USER, which is root")
                                                              : "USER " + quoted(config.user, 80);
                                 }),
                       "a USER other than root",
                       "end the Dockerfile with a user that is not root, such as `USER 65532:65532`");
  if (check.no_secrets)
    add_config_finding(
        findings, Reason::ImageHoldsSecret,
        sentences(configs,
                  [](const ImageConfig& config) {
                    return config.secrets.empty() ? std::string() : places_text(config.secrets);
                  }),
        "no variable, label, build argument or command that looks like a secret",
        "pass secrets at run time, or to the build with `RUN --mount=type=secret`, and to replace these: "
        "whoever can pull the image can read them");
  if (check.healthcheck)
    add_config_finding(
        findings, Reason::HealthcheckMissing,
        sentences(configs,
                  [](const ImageConfig& config) {
                    return config.healthcheck ? std::string() : std::string("no HEALTHCHECK, or NONE");
                  }),
        "a HEALTHCHECK", "add one to the Dockerfile: `HEALTHCHECK CMD [\"/app\", \"--health\"]`");
  if (check.no_add_from_url)
    add_config_finding(
        findings, Reason::ImageAddsFromUrl,
        sentences(configs,
                  [](const ImageConfig& config) {
                    return config.added_from.empty() ? std::string()
                                                     : "ADD from " + places_text(config.added_from);
                  }),
        "no ADD from a URL in the history of the image",
        "download in a RUN that checks the file's digest, or with `ADD --checksum` in a stage that is not "
        "shipped");
  return findings;
}

}  // namespace tegata::policy
