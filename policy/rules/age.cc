// SPDX-License-Identifier: Apache-2.0
// `age`: how long ago the image was built, as its config says.
#include <algorithm>

#include "policy/model/printable.h"
#include "policy/model/rfc3339.h"
#include "policy/rules/raw_finding.h"
#include "policy/rules/rules.h"

namespace tegata::policy {
namespace {

// Before there were images of Docker (2013-03-20): 0001, 1970 and 1980 are what builds write that have no
// date.
constexpr Time kFirstImages{std::chrono::sys_days{std::chrono::year{2013} / 3 / 20}};
constexpr std::chrono::hours kClocksDiffer{24};

std::string expected_of(const AgeCheck& check) {
  return "an image that was built at most " + check.since_build_text + " ago";
}

RawFinding missing(const AgeCheck& check, std::string found) {
  return {Reason::BuildDateMissing, expected_of(check), std::move(found),
          std::string(kPipelineOwner) +
              "record when it was built: for reproducible builds, set SOURCE_DATE_EPOCH to the time of the "
              "commit"};
}

std::string days_of(Time::duration age) {
  const auto days = std::chrono::duration_cast<std::chrono::days>(age).count();
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

/// What is wrong with the date of one image.
std::optional<RawFinding> judge_date(const AgeCheck& check, const ImageConfig& config, Time now,
                                     const std::string& platform) {
  if (config.created.empty()) return missing(check, "no \"created\" in its config" + platform);
  const auto built = read_rfc3339(config.created, TimeForm::Lenient);
  const auto text = quoted(config.created, 80) + platform;
  if (!built) return missing(check, "the date " + text + ", which cannot be read");
  if (*built < kFirstImages) return missing(check, "the date " + text + ", which stands for no date");
  if (*built > now + kClocksDiffer) return missing(check, "the date " + text + ", which is in the future");
  if (now - *built <= check.since_build) return std::nullopt;
  return RawFinding{
      Reason::ImageTooOld, expected_of(check),
      "it was built on " + text + ", " + days_of(now - *built) + " ago",
      std::string(kPipelineOwner) + "build the image again, on a current base image, then deploy that one"};
}

}  // namespace

void ask(const AgeCheck&, ImageQuestions& image) { image.ask<LabelKind>({}); }

RawFindings judge(const AgeCheck& check, const ImageEvidence& image) {
  if (image.lookup == Lookup::Refused) return {};
  auto available = known_configs(image, expected_of(check));
  if (auto* finding = std::get_if<RawFinding>(&available)) return {std::move(*finding)};
  const auto& configs = *std::get<const std::vector<ImageConfig>*>(available);
  std::optional<RawFinding> worst;
  for (const auto& config : configs) {
    const auto platform = configs.size() == 1 ? std::string() : " (" + printable(config.platform) + ")";
    auto found = judge_date(check, config, image.now, platform);
    // One that is too old violates; that counts before what is missing.
    if (found && (!worst || (worst->reason != Reason::ImageTooOld && found->reason == Reason::ImageTooOld)))
      worst = std::move(found);
  }
  if (!worst) return {};
  return {*std::move(worst)};
}

}  // namespace tegata::policy
