// SPDX-License-Identifier: Apache-2.0
// Reports of scanners as facts: given by file, and in attestations that cosign has made; recorded and
// replayed.
#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "evidence_test.h"
#include "policy/model/scan_facts.h"
#include "policy/rules/rules.h"
#include "policy/rules/scanner_report.h"
#include "verifier/evidence/evidence_store.h"
#include "verifier/evidence/facts/makers.h"
#include "verifier/evidence/facts/scan_json.h"
#include "verifier/evidence/replay.h"

namespace tegata::verifier {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kAttested = "registry.example/fx/scanned:v1";

ScanReport whole_report() {
  ScanReport report;
  report.source = ScanSource::File;
  report.scanner = "Trivy 0.68.1";
  report.scanned_at = Time{std::chrono::milliseconds(1'795'000'000'123)};
  report.findings = {{.vulnerability = "CVE-2026-1",
                      .aliases = {"GHSA-a", "DSA-1"},
                      .package = "openssl",
                      .installed = "3.0.9-1",
                      .fixed = "3.0.9-2",
                      .fix = Availability::Yes,
                      .severity = Severity::Critical,
                      .score = 9.8,
                      .epss = 0.42,
                      .exploit = Availability::No,
                      .first_observed = Time{std::chrono::milliseconds(1'794'000'000'001)},
                      .suppressed_by = "a rule"},
                     {.vulnerability = "TEMP-1"}};
  return report;
}

class ScansTest : public EvidenceTest {
 protected:
  ScansTest() {
    source_.serve("fx/scanned", "bundle-att-vuln");
    auto name = (fs::temp_directory_path() / "tegata-scans-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    store_ = *EvidenceStore::open(folder_);
    policy::AttestationCheck check;
    check.predicate_type = policy::kVulnerabilityPredicate;
    auto authorities = signer_->authorities;
    authorities[0].attestation = PredicateDemand{policy::kVulnerabilityPredicate};
    check.trust = TrustSettings::of(authorities);
    scanner_ = policy::reading_scans(std::move(check)).trust;
  }
  ~ScansTest() override { fs::remove_all(folder_); }

  static EvidencePlan by_file(const std::string& image) {
    ImageQuestions asked{reference(image)};
    asked.ask<ScanKind>({ScanSource::File});
    return {{asked}};
  }
  [[nodiscard]] GatherSettings with_report() {
    auto given = settings();
    given.scan_reports.emplace(given_, std::make_shared<const ScanReport>(whole_report()));
    return given;
  }
  static const ScanReport* report_in(const GatheredFacts& facts) {
    const auto* fact = facts.images.at(0).facts.find<ScanKind>();
    if (fact == nullptr) return nullptr;
    const auto* known = std::get_if<tegata::Known<std::shared_ptr<const ScanReport>>>(fact);
    return known == nullptr ? nullptr : known->value.get();
  }
  static const ScanReport* attested_in(const GatheredFacts& facts) {
    const auto* known = std::get_if<Known>(&signatures(facts, 0));
    if (known == nullptr || known->value->authorities.empty()) return nullptr;
    const auto& verified = known->value->authorities[0].verified;
    return verified.empty() ? nullptr : verified[0].statement().predicate.scan.get();
  }
  GatheredFacts replay(const GatheredFacts& facts, const EvidencePlan& plan) {
    std::map<std::string, std::shared_ptr<const std::string>> texts;
    for (const auto& entry : facts.images.at(0).facts.all())
      if (const auto& evidence = entry.answer->evidence; evidence.text != nullptr)
        texts[evidence.hash] = evidence.text;
    EvidenceReplay again([&](const std::string& hash) { return texts.count(hash) ? texts[hash] : nullptr; },
                         store_, fact_kinds(*verifier_, settings()));
    auto gatherer = ReplayGatherer::of(json::parse(array_of(facts).dump()), again, Time{});
    if (!gatherer.ok()) throw std::runtime_error(gatherer.error().message);
    return (*gatherer)->gather(plan, at_once());
  }

  const Digest given_ = *Digest::parse("sha256:" + std::string(64, 'a'));
  fs::path folder_;
  std::shared_ptr<EvidenceStore> store_;
  std::shared_ptr<const TrustSettings> scanner_;
};

TEST_F(ScansTest, GivenByFileAreThoseOfTheirDigestAndAbsentForOthers) {
  auto under_test = gatherer(with_report());
  const auto facts = under_test.gather(by_file("r.example/app@" + given_.text()), long_enough());
  ASSERT_NE(report_in(facts), nullptr);
  EXPECT_EQ(*report_in(facts), whole_report());
  const auto other =
      under_test.gather(by_file("r.example/app@sha256:" + std::string(64, 'b')), long_enough());
  EXPECT_TRUE(std::holds_alternative<Absent>(*other.images.at(0).facts.find<ScanKind>()));
}

TEST_F(ScansTest, GivenByFileAreRecordedWholeAndReplayed) {
  auto under_test = gatherer(with_report());
  const auto plan = by_file("r.example/app@" + given_.text());
  const auto facts = under_test.gather(plan, long_enough());
  const auto again = replay(facts, plan);
  ASSERT_NE(report_in(again), nullptr);
  EXPECT_EQ(*report_in(again), whole_report());
  EXPECT_EQ(facts_text(again.images.at(0)), facts_text(facts.images.at(0)));
}

TEST_F(ScansTest, InAttestationsThatCosignHasMadeAreReadOnlyWhereTheyAreVerified) {
  auto under_test = gatherer();
  const auto facts = under_test.gather(plan(kAttested, scanner_), long_enough());
  const auto* report = attested_in(facts);
  ASSERT_NE(report, nullptr);
  EXPECT_FALSE(report->gap) << report->gap->why;
  ASSERT_THAT(report->findings, SizeIs(1));
  EXPECT_EQ(report->findings[0].vulnerability, "CVE-2024-0001");
  EXPECT_EQ(report->findings[0].severity, Severity::High);
  EXPECT_EQ(report->scanned_at,
            Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::minutes{1}});

  auto by_stranger = scanner_->authorities;
  by_stranger[0].signer = stranger_->authorities[0].signer;
  by_stranger[0].id = AuthorityId::of(by_stranger[0]);
  const auto refused = under_test.gather(plan(kAttested, TrustSettings::of(by_stranger)), long_enough());
  EXPECT_EQ(attested_in(refused), nullptr);
}

TEST_F(ScansTest, InAttestationsAreToldInTheRecordAndReplayedFromEvidence) {
  auto recording = settings();
  recording.evidence = store_;
  auto under_test = gatherer(recording);
  const auto asked = plan(kAttested, scanner_);
  const auto facts = under_test.gather(asked, long_enough());
  const auto recorded = array_of(facts)[0]["signatures"][0]["known"]["authorities"][0]["verified"][0]["scan"];
  EXPECT_EQ(recorded["counts"], json::parse(R"({"HIGH": 1})"));
  EXPECT_EQ(recorded["status"], "known");
  EXPECT_EQ(recorded["scannedAt"], "2026-11-21T00:01:00.000Z");
  const auto again = replay(facts, asked);
  ASSERT_NE(attested_in(again), nullptr);
  EXPECT_EQ(*attested_in(again), *attested_in(facts));
}

TEST_F(ScansTest, InAttestationsWeighWhatTheyHold) {
  auto under_test = gatherer();
  const auto facts = under_test.gather(plan(kAttested, scanner_), long_enough());
  const auto& value = *std::get<Known>(signatures(facts, 0)).value;
  const SignatureMaker maker(*verifier_, settings());
  auto lighter = value;
  lighter.authorities[0].verified.clear();
  EXPECT_GE(maker.weight(value), maker.weight(lighter) + weight_of(*attested_in(facts)));
  EXPECT_GT(weight_of(whole_report()), sizeof(ScanReport) + 2 * sizeof(ScanFinding));
}

TEST(ScanJson, GivesTheReportBack) {
  const auto form = scan_report_json(whole_report());
  EXPECT_EQ(form["counts"], json::parse(R"({"CRITICAL": 1, "UNKNOWN": 1})"));
  EXPECT_EQ(form["status"], "known");
  auto read = read_scan_report(form);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, whole_report());
  for (const auto reason : {Reason::ScanMissing, Reason::ScanFailed}) {
    ScanReport gap;
    gap.gap = {reason, "why"};
    const auto written = scan_report_json(gap);
    EXPECT_EQ(written["status"], reason == Reason::ScanMissing ? "missing" : "unknown");
    read = read_scan_report(written);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, gap);
  }
}

TEST(ScanJson, IsRefusedWhereItIsNotWhatWasWritten) {
  const auto form = scan_report_json(whole_report());
  const auto refused = [&](const std::string& pointer, const json& value) {
    auto changed = form;
    changed[json::json_pointer(pointer)] = value;
    const auto read = read_scan_report(changed);
    return read.ok() ? std::string("(read)") : read.error().message;
  };
  EXPECT_THAT(refused("/source", "ecr2"), HasSubstr("unknown word as source"));
  EXPECT_THAT(refused("/scanning", "twice"), HasSubstr("unknown word as scanning"));
  EXPECT_THAT(refused("/scannedAt", "x"), HasSubstr("must be a time"));
  EXPECT_THAT(refused("/status", "missing"), HasSubstr("does not match"));
  EXPECT_THAT(refused("/reason", "ScanLost"), HasSubstr("unknown reason"));
  EXPECT_THAT(refused("/reason", "ScanMissing"), HasSubstr("does not match"));
  EXPECT_THAT(refused("/findings", nullptr), HasSubstr("no list of findings"));
  EXPECT_THAT(refused("/findings/0/severity", "TERRIBLE"), HasSubstr("unknown word as severity"));
  EXPECT_THAT(refused("/findings/0/fix", "perhaps"), HasSubstr("unknown word as fix"));
  EXPECT_THAT(refused("/findings/0/score", "9"), HasSubstr("must be a number"));
  EXPECT_THAT(refused("/findings/0/aliases", "x"), HasSubstr("without its aliases"));
  EXPECT_THAT(refused("/findings/0/aliases/0", 1), HasSubstr("must be a string"));
  EXPECT_THAT(refused("/findings/0/package", 1), HasSubstr("package"));
}

}  // namespace
}  // namespace tegata::verifier
