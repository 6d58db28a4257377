// SPDX-License-Identifier: Apache-2.0
// The answers of ECR among the recorded AWS events give what expected.json says they do.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "testdata_folder.h"
#include "tests/unit/scan/answers.h"

namespace tegata::verifier {
namespace {

using answers::json;

std::string text_of(const std::string& name) {
  std::ifstream file(std::string(TEGATA_TESTDATA) + "/aws-events/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(RecordedEcrAnswers, AreReadAsExpected) {
  int read = 0;
  const auto expected = json::parse(text_of("expected.json"));
  for (const auto& each : expected["cases"]) {
    const auto name = each["event"].get<std::string>();
    if (!name.starts_with("scan-api-")) continue;
    ++read;
    const auto& reads = each["reads"];
    const auto report = united_pages({read_ecr_scan(text_of(name))});
    const auto fact = !report.gap                                                   ? "known"
                      : finding_kind_of(report.gap->reason) == FindingKind::Missing ? "missing"
                                                                                    : "unknown";
    EXPECT_EQ(reads["source"], std::string(name_of(report.source))) << name;
    EXPECT_EQ(reads["fact"], fact) << name;
    EXPECT_EQ(reads["reason"], report.gap ? json(std::string(name_of(report.gap->reason))) : json()) << name;
    EXPECT_EQ(reads["findings"].size(), report.findings.size()) << name;
    EXPECT_EQ(reads["completedAt"].is_null(), !report.scanned_at) << name;
  }
  EXPECT_EQ(read, 7);
}

/// The scans of the recorded world: each digest is scanned, or says why it is not.
TEST(RecordedWorld, HasScansThatAreRead) {
  std::map<std::string, int> outcomes;
  std::size_t findings = 0;
  const auto world = json::parse(text_of("world.json"));
  for (const auto& [digest, answer] : world["scans"].items()) {
    const auto report = united_pages({read_ecr_scan(answer.dump())});
    ++outcomes[answers::outcome(report)];
    findings += report.findings.size();
  }
  EXPECT_EQ(outcomes["ScanUnavailable"], 0);
  EXPECT_EQ(outcomes["ScanPending"], 1);
  EXPECT_EQ(outcomes["ScanFailed"], 1);
  EXPECT_EQ(outcomes["ScanExpired"], 1);
  EXPECT_EQ(outcomes["ScanUnsupported"], 1);
  EXPECT_EQ(outcomes["ScanMissing"], 1);
  EXPECT_GT(outcomes["known"], 20);
  EXPECT_GT(findings, 5U);
}

}  // namespace
}  // namespace tegata::verifier
