// SPDX-License-Identifier: Apache-2.0
// `age`: what is too old, and what does not say how old it is.
#include <gmock/gmock.h>

#include "policy/rules/rules.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using ::testing::HasSubstr;

AgeCheck at_most(std::chrono::hours age) { return {age, std::to_string(age.count()) + "h"}; }

std::string told(const AgeCheck& check, std::vector<std::string> dates, Time now = kNow,
                 Lookup lookup = Lookup::Allowed) {
  ImageLabels said;
  said.configs.emplace();
  for (std::size_t i = 0; i < dates.size(); ++i)
    said.configs->push_back({"linux/" + std::to_string(i), "", false, {}, {}, dates[i]});
  const auto written = reference("h.example/app@" + digest_of(0x11).text());
  ImageFacts facts{written.canonical()};
  facts.facts.add<LabelKind>({}, testing::known_fact<LabelKind>(std::move(said)));
  std::string text;
  for (const auto& finding : judge(check, ImageEvidence{written, &facts, lookup, now}))
    text += std::string(name_of(finding_kind_of(finding.reason))) + " " +
            std::string(name_of(finding.reason)) + ": " + finding.found + "\n";
  return text;
}

TEST(AgeRule, IsJudgedToTheMillisecond) {
  const auto check = at_most(std::chrono::hours(48));  // before 2026-11-22
  EXPECT_EQ(told(check, {"2026-11-20T00:00:00Z"}), "");
  EXPECT_EQ(told(check, {"2026-11-20T09:00:00+09:00"}), "") << "the same moment";
  EXPECT_EQ(told(check, {"2026-11-19T23:59:59.999Z"}),
            "violates ImageTooOld: it was built on \"2026-11-19T23:59:59.999Z\", 2 days ago\n");
  EXPECT_EQ(
      told(check, {"2026-11-20T00:00:00Z"}, kNow + std::chrono::milliseconds(1)).find("violates ImageTooOld"),
      0U)
      << "it ages while it is cached";
}

TEST(AgeRule, IsMissingWhereThereIsNoDate) {
  for (const auto* date :
       {"", "1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z", "0001-01-01T00:00:00Z", "1980-01-01T00:00:01Z",
        "2013-03-19T23:59:59Z", "yesterday", "2026-11-20", "2026-13-01T00:00:00Z"})
    EXPECT_EQ(told(at_most(std::chrono::hours(999'999)), {date}).find("missing BuildDateMissing: "), 0U)
        << date;
}

TEST(AgeRule, DoesNotTakeTheFutureForNew) {
  const auto check = at_most(std::chrono::hours(48));
  EXPECT_EQ(told(check, {"2026-11-23T00:00:00Z"}), "") << "clocks differ";
  EXPECT_THAT(told(check, {"2026-11-23T00:00:00.001Z"}), HasSubstr("missing BuildDateMissing"));
  EXPECT_THAT(told(check, {"2999-01-01T00:00:00Z"}), HasSubstr("which is in the future"));
}

TEST(AgeRule, LooksAtEveryImageOfAnIndex) {
  const auto check = at_most(std::chrono::hours(48));
  EXPECT_EQ(told(check, {"2026-11-21T00:00:00Z", "2026-11-20T00:00:00Z"}), "");
  EXPECT_THAT(told(check, {"2026-11-21T00:00:00Z", ""}),
              HasSubstr("missing BuildDateMissing: no \"created\""));
  EXPECT_THAT(told(check, {"", "2020-01-01T00:00:00Z"}), HasSubstr("violates ImageTooOld"));
  EXPECT_THAT(told(check, {"", "2020-01-01T00:00:00Z"}), HasSubstr("(linux/1)"));
}

TEST(AgeRule, IsNeverContentWithoutAKnownAnswer) {
  const auto check = at_most(std::chrono::hours(48));
  EXPECT_THAT(told(check, {}), HasSubstr("missing ImageNotFound"));
  EXPECT_EQ(told(check, {""}, kNow, Lookup::Refused), "");
  const auto asked = plan(set(rule("r", check)), request({"h.example/app:v1"}), kNow);
  EXPECT_TRUE(asked.images.at(0).questions.asks<LabelKind>());
  EXPECT_TRUE(asked.images[0].questions.asks<TagKind>());
}

}  // namespace
}  // namespace tegata::policy
