// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "policy/engine/message.h"
#include "policy/model/signature_facts.h"
#include "testdata_folder.h"
#include "tests/unit/engine/every_message.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// As people see it: title, digest, then for each finding its summary and lines.
std::string text_of(const std::vector<ExplainedImage>& images) {
  std::string text;
  for (const auto& image : images) {
    text += image.title + "\n" + (image.digest.empty() ? "" : " " + image.digest + "\n");
    for (const auto& finding : image.findings) {
      text += " " + finding.summary + "\n";
      for (const auto& line : finding.lines) text += "  " + std::string(line.label) + ": " + line.text + "\n";
    }
  }
  return text;
}

std::string golden_text() {
  std::string text;
  for (const auto& finding : sample::every_finding())
    text += text_of(explained({&finding})) + "in one line: " + finding.message + "\n\n";
  return text;
}

/// TEGATA_UPDATE_GOLDEN=1 writes the file anew; read the difference before you commit it.
TEST(Messages, AreThoseOfTheGoldenFile) {
  const std::string path = TEGATA_TESTDATA "/messages.golden";
  if (std::getenv("TEGATA_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << golden_text();
  EXPECT_EQ(golden_text(), read(path));
}

TEST(Messages, CoverEveryReasonThatCanBeAFinding) {
  std::vector<Reason> covered;
  for (const auto& finding : sample::every_finding()) covered.push_back(finding.reason);
  std::vector<Reason> expected;
  for (const auto& reason : all_reasons())
    if (reason.kind != ReasonKind::Ignored && reason.kind != ReasonKind::Invalid)
      expected.push_back(reason.code);
  EXPECT_EQ(covered, expected);
}

TEST(Messages, ShareNoRemedy) {
  std::set<std::string> remedies;
  for (const auto& finding : sample::every_finding()) {
    EXPECT_GT(finding.remedy.size(), 20U) << name_of(finding.reason);
    EXPECT_TRUE(remedies.insert(finding.remedy).second) << finding.remedy;
  }
}

TEST(Messages, AreOneLineThatCarriesEverything) {
  for (const auto& finding : sample::every_finding()) {
    EXPECT_EQ(finding.message.find('\n'), std::string::npos);
    EXPECT_THAT(finding.message, HasSubstr(name_of(finding.reason)));
    for (const auto* label : {"; expected: ", "; found: ", "; fix: "})
      EXPECT_THAT(finding.message, HasSubstr(label));
    if (!finding.policy.empty()) {
      EXPECT_THAT(finding.message, HasSubstr("policy " + finding.policy));
    }
    if (finding.rule) {
      EXPECT_THAT(finding.message, HasSubstr("rule " + *finding.rule));
    }
    if (finding.field_path.empty()) continue;
    EXPECT_EQ(finding.place, "container \"" + finding.container + "\" (" + finding.field_path + ")");
    EXPECT_THAT(finding.message,
                AllOf(HasSubstr("image " + finding.image), HasSubstr(" in " + finding.place)));
    if (finding.digest) {
      EXPECT_THAT(finding.message, HasSubstr(finding.digest->text()));
    }
  }
}

TEST(Messages, ShowALongDigestOnce) {
  for (const auto& finding : sample::every_finding()) {
    if (!finding.digest) continue;
    const auto first = finding.message.find(finding.digest->text());
    EXPECT_EQ(finding.message.find(finding.digest->text(), first + 1), std::string::npos) << finding.message;
  }
}

TEST(Explained, TellsOfAnImageInSeveralContainersOnce) {
  const auto verdict =
      judge(sample::set(sample::rule("pinned", DigestCheck{})),
            sample::request({"h.example/a:v1", "h.example/b:v1", "h.example/a:v1"}), {}, sample::options());
  ASSERT_EQ(verdict.findings.size(), 3U);
  const auto told = explained(findings_told(verdict, Cost::Deny));
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].title,
            "image h.example/a:v1 in container \"c0\" (spec.containers[0].image) and container \"c2\" "
            "(spec.containers[2].image)");
  EXPECT_EQ(told[0].findings.size(), 1U);
  EXPECT_EQ(told[1].title, "image h.example/b:v1 in container \"c1\" (spec.containers[1].image)");
}

TEST(Explained, SaysOfAnImageThatItsRegistryRefusesOnlyThat) {
  auto pinned = sample::rule("pinned", DigestCheck{});
  auto ours = sample::rule("ours", sample::registries({"h.example/**"}));
  const auto reasons = [&](Enforcement enforcement, Mode mode) {
    ours.costs.enforcement = enforcement;
    auto options = sample::options();
    options.mode = mode;
    const auto verdict = judge(sample::set(std::vector{sample::policy({pinned, ours})}),
                               sample::request({"nginx:v1", "h.example/a:v1"}), {}, options);
    EXPECT_EQ(verdict.findings.size(), 3U) << "the verdict stays complete";
    EXPECT_EQ(verdict.reasons.size(), 2U);
    std::vector<std::string> told;
    for (const auto* finding : findings_told(verdict, Cost::Allow))
      told.push_back(finding->container + " " + std::string(name_of(finding->reason)));
    return told;
  };
  const std::vector<std::string> only{"c0 RegistryNotAllowed", "c1 DigestRequired"};
  EXPECT_EQ(reasons(Enforcement::Deny, Mode::Enforce), only);
  EXPECT_EQ(reasons(Enforcement::Deny, Mode::DryRun), only);
  EXPECT_EQ(reasons(Enforcement::Warn, Mode::Enforce).size(), 3U) << "it was looked up";
}

TEST(Explained, PrintsTheHelpOfTheRuleLast) {
  auto rule = sample::rule("pinned", DigestCheck{});
  rule.help = "https://wiki.example/pinning \xE6\x89\x8B";
  const auto verdict = judge(sample::set(rule), sample::request({"nginx:v1"}), {}, sample::options());
  const auto told = explained(findings_told(verdict, Cost::Deny));
  EXPECT_EQ(told.at(0).findings.at(0).lines.back().label, "help");
  EXPECT_EQ(told[0].findings[0].lines.back().text, rule.help);
  EXPECT_TRUE(verdict.findings[0].message.ends_with("; help: " + rule.help));
}

TEST(Explained, ShowsTheDigestBesideTheImageOnlyWhereNoLineDoes) {
  std::vector<Finding> all = sample::every_finding();
  const auto told_of = [&](Reason reason) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Finding& each) { return each.reason == reason; });
    return text_of(explained({&*found}));
  };
  EXPECT_THAT(told_of(Reason::SignatureByOtherSigner), HasSubstr("\n sha256:11111"));
  EXPECT_THAT(told_of(Reason::SignatureMissing), ::testing::Not(HasSubstr("\n sha256:11111")));
  EXPECT_THAT(told_of(Reason::TagDigestMismatch), HasSubstr("names sha256:111111111111...\n"));
}

TEST(Explained, ShowsTheWholeDigestInACommandToCopy) {
  const std::string digest = "sha256:" + std::string(64, '1');
  std::vector<Finding> all = sample::every_finding();
  auto& missing = *std::find_if(all.begin(), all.end(),
                                [](const Finding& each) { return each.reason == Reason::SignatureMissing; });
  missing.image += "@" + digest;
  const auto text = text_of(explained({&missing}));
  EXPECT_THAT(text, HasSubstr("@" + digest + "`")) << text;
}

/// The text between `## NAME` and the next heading; empty if there is none.
std::string section_of(const std::string& page, std::string_view name) {
  const std::string heading = "\n## " + std::string(name) + "\n";
  const auto start = page.find(heading);
  if (start == std::string::npos) return {};
  const auto from = start + heading.size();
  return page.substr(from, page.find("\n## ", from - 1) - from);
}

std::string title_of(ReasonKind kind) {
  switch (kind) {
    case ReasonKind::Violates:
      return "Violates";
    case ReasonKind::Missing:
      return "Missing";
    case ReasonKind::Unknown:
      return "Unknown";
    case ReasonKind::AboutTegata:
      return "About Tegata";
    case ReasonKind::Ignored:
      return "Ignored";
    case ReasonKind::Invalid:
      return "Invalid";
  }
  return {};
}

/// As GitHub makes it of a heading without spaces.
std::string anchor_of(std::string heading) {
  std::transform(heading.begin(), heading.end(), heading.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return heading;
}

TEST(ReasonsPage, SaysOfEveryReasonWhatItsTableSaysAndTheWayOut) {
  const auto page = read(TEGATA_SOURCE_DIR "/docs/reasons.md");
  for (const auto& reason : all_reasons()) {
    const auto section = section_of(page, reason.name);
    EXPECT_TRUE(section.starts_with("*" + title_of(reason.kind) + ": " + std::string(reason.words) + ".*"))
        << reason.name;
    EXPECT_THAT(section, HasSubstr("**What to do.**")) << reason.name;
    EXPECT_EQ(reason.anchor, anchor_of(std::string(reason.name)));
  }
}

TEST(ReasonsPage, NamesNoReasonThatDoesNotExist) {
  std::istringstream lines(read(TEGATA_SOURCE_DIR "/docs/reasons.md"));
  int headings = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("## ") || line == "## Why a candidate does not count") continue;
    ++headings;
    EXPECT_TRUE(reason_of(line.substr(3))) << line;
  }
  EXPECT_EQ(static_cast<std::size_t>(headings), all_reasons().size());
}

TEST(ReasonsPage, HasALineForEveryRejection) {
  const auto page = read(TEGATA_SOURCE_DIR "/docs/reasons.md");
  for (int code = 0; code <= static_cast<int>(RejectionReason::BundleNeedsIdentity); ++code)
    EXPECT_THAT(page, HasSubstr("\n| " + std::string(name_of(static_cast<RejectionReason>(code))) + " | "));
}

}  // namespace
}  // namespace tegata::policy
