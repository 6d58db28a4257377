// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "policy/model/signature_facts.h"
#include "testdata_folder.h"
#include "tests/unit/engine/every_message.h"

namespace tegata::policy {
namespace {

using ::testing::HasSubstr;

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string golden_text() {
  std::string text;
  for (const auto& finding : sample::every_finding()) text += finding.message + "\n";
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
    EXPECT_THAT(finding.message, HasSubstr("expected: " + finding.expected));
    EXPECT_THAT(finding.message, HasSubstr("found: " + finding.found));
    EXPECT_THAT(finding.message, HasSubstr("fix: " + finding.remedy));
    if (!finding.policy.empty()) {
      EXPECT_THAT(finding.message, HasSubstr("policy " + finding.policy));
    }
    if (finding.rule) {
      EXPECT_THAT(finding.message, HasSubstr("rule " + *finding.rule));
    }
    if (finding.field_path.empty()) continue;
    EXPECT_THAT(finding.message,
                HasSubstr("container \"" + finding.container + "\" (" + finding.field_path + ")"));
    EXPECT_THAT(finding.message, HasSubstr("image " + finding.image));
    if (finding.digest) {
      EXPECT_THAT(finding.message, HasSubstr(finding.digest->text()));
    }
  }
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
