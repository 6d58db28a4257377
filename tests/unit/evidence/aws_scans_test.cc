// SPDX-License-Identifier: Apache-2.0
// What Amazon ECR says about the vulnerabilities of an image: asked of its registry's account, of every image
// of an index, in pages; cached, recorded, replayed.
#include "evidence_test.h"
#include "labelled_images.h"
#include "policy/model/scan_facts.h"
#include "tests/support/fake_registry.h"
#include "verifier/aws/aws_client.h"
#include "verifier/evidence/replay.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using tegata::testing::FakeRegistry;
using tegata::testing::Reply;
using tegata::testing::ServedRequest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kHost = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

/// One finding for each id.
json findings_of(const std::vector<std::string>& ids) {
  auto list = json::array();
  for (const auto& id : ids) list.push_back({{"name", id}, {"severity", "HIGH"}});
  return list;
}

class AwsScansTest : public EvidenceTest {
 protected:
  AwsScansTest() {
    AwsSettings aws;
    aws.environment = [host = aws_.host()](const std::string& name) -> std::optional<std::string> {
      if (name == "AWS_ENDPOINT_URL") return "http://" + host;
      if (name == "AWS_ACCESS_KEY_ID" || name == "AWS_SECRET_ACCESS_KEY") return "key";
      return std::nullopt;
    };
    aws.first_pause = std::chrono::milliseconds(1);
    aws.now = [] { return Time{}; };
    client_ = std::make_shared<AwsClient>(std::move(aws));
    aws_.on_ask("/", [this](const ServedRequest& request) { return answer_(json::parse(request.body)); });
  }
  /// As the engine does.
  ~AwsScansTest() override { client_->close(); }

  /// An answer about the image that was asked about.
  static json about(const json& asked, const std::string& status, const json& findings = json::array()) {
    json answer{{"registryId", asked["registryId"]},
                {"repositoryName", asked["repositoryName"]},
                {"imageId", {{"imageDigest", asked["imageId"]["imageDigest"]}}},
                {"imageScanStatus", {{"status", status}}}};
    if (status == "COMPLETE" || status == "ACTIVE")
      answer["imageScanFindings"] = {{"imageScanCompletedAt", 1795000000.0}, {"findings", findings}};
    return answer;
  }
  static Reply ok(const json& answer) { return {200, {}, answer.dump()}; }
  static Reply failed(const std::string& code, int status = 400) {
    return {status, {}, json{{"__type", code}, {"message", "m"}}.dump()};
  }
  void answers(std::function<Reply(const json& asked)> answer) { answer_ = std::move(answer); }
  void answers(const Reply& reply) {
    answer_ = [reply](const json&) { return reply; };
  }

  static EvidencePlan scans_of(const std::string& image) {
    ImageQuestions asked{reference(image)};
    asked.ask<ScanKind>({ScanSource::Ecr});
    return {{asked}};
  }
  static EvidencePlan scans_of(const Digest& digest) {
    return scans_of(std::string(kHost) + "/shop/api@" + digest.text());
  }
  static const ScanReport* report_in(const GatheredFacts& facts) {
    const auto* known = std::get_if<tegata::Known<std::shared_ptr<const ScanReport>>>(
        facts.images.at(0).facts.find<ScanKind>());
    return known == nullptr ? nullptr : known->value.get();
  }
  /// The ids, or reason and why of the gap; `absent`; else the error.
  static std::string told(const GatheredFacts& facts) {
    const auto& fact = *facts.images.at(0).facts.find<ScanKind>();
    if (const auto* unknown = std::get_if<Unknown>(&fact))
      return std::string(name_of(unknown->error.code)) + ": " + unknown->error.message;
    const auto* report = report_in(facts);
    if (report == nullptr) return "absent";
    if (report->gap) return std::string(name_of(report->gap->reason)) + ": " + report->gap->why;
    std::string ids = "found";
    for (const auto& finding : report->findings) ids += " " + finding.vulnerability;
    return ids;
  }
  std::string ask(LiveGatherer& gatherer, const Digest& digest) {
    return told(gatherer.gather(scans_of(digest), long_enough()));
  }
  std::string ask(const Digest& digest) {
    auto fresh = gatherer(with_aws());
    return ask(fresh, digest);
  }
  GatherSettings with_aws() {
    auto all = settings();
    all.aws = client_;
    return all;
  }

  std::function<Reply(const json&)> answer_ = [](const json&) { return failed("ServerException", 500); };
  FakeRegistry aws_;
  std::shared_ptr<AwsClient> client_;
  LabelledImages images_{source_, {kHost, "shop/api"}};
  const Digest image_ = images_.image({{"a", "1"}});
};

TEST_F(AwsScansTest, AreAskedOfTheAccountOfTheRegistryAndKeptForMinutes) {
  answers([](const json& asked) { return ok(about(asked, "COMPLETE", findings_of({"CVE-1", "CVE-2"}))); });
  auto under_test = gatherer(with_aws());
  EXPECT_EQ(ask(under_test, image_), "found CVE-1 CVE-2");
  EXPECT_EQ(ask(under_test, image_), "found CVE-1 CVE-2");
  ASSERT_EQ(aws_.total(), 1U);
  EXPECT_EQ(json::parse(aws_.requests()[0].body), (json{{"registryId", "111122223333"},
                                                        {"repositoryName", "shop/api"},
                                                        {"imageId", {{"imageDigest", image_.text()}}},
                                                        {"maxResults", limits::kScanPageSize}}));
  advance(limits::kScanLifetime - std::chrono::milliseconds(1));
  ask(under_test, image_);
  EXPECT_EQ(aws_.total(), 1U);
  advance(std::chrono::milliseconds(2));
  ask(under_test, image_);
  EXPECT_EQ(aws_.total(), 2U);
}

TEST_F(AwsScansTest, ThatAreAwaitedAreAskedForAgainInSecondsAndAfterAFailureAtOnce) {
  const std::pair<Reply, const char*> replies[] = {{failed("ScanNotFoundException"), "ScanMissing"},
                                                   {Reply{200, {}, "no JSON"}, "ScanUnavailable"},
                                                   {ok({}), "ScanPending"}};
  for (const auto& [reply, expected] : replies) {
    auto under_test = gatherer(with_aws());
    if (std::string(expected) == "ScanPending")
      answers([](const json& asked) { return ok(about(asked, "PENDING")); });
    else
      answers(reply);
    EXPECT_THAT(ask(under_test, image_), HasSubstr(expected));
    answers([](const json& asked) { return ok(about(asked, "COMPLETE")); });
    advance(limits::kScanPendingLifetime - std::chrono::milliseconds(1));
    EXPECT_THAT(ask(under_test, image_), HasSubstr(expected));
    advance(std::chrono::milliseconds(2));
    EXPECT_EQ(ask(under_test, image_), "found");
  }
  auto under_test = gatherer(with_aws());
  answers(failed("AccessDeniedException"));
  EXPECT_THAT(ask(under_test, image_), HasSubstr("Unauthorized"));
  answers([](const json& asked) { return ok(about(asked, "COMPLETE")); });
  EXPECT_EQ(ask(under_test, image_), "found");
}

TEST_F(AwsScansTest, OfEveryAnswerAreKnownMissingOrUnknown) {
  const std::pair<const char*, const char*> statuses[] = {{"ACTIVE", "found"},
                                                          {"IN_PROGRESS", "ScanPending"},
                                                          {"FAILED", "ScanFailed"},
                                                          {"UNSUPPORTED_IMAGE", "ScanUnsupported"},
                                                          {"SCAN_ELIGIBILITY_EXPIRED", "ScanExpired"},
                                                          {"LIMIT_EXCEEDED", "ScanUnavailable"},
                                                          {"IMAGE_ARCHIVED", "ImageArchived"},
                                                          {"A_NEW_ONE", "ScanUnavailable"}};
  for (const auto& [status, expected] : statuses) {
    answers([status = status](const json& asked) { return ok(about(asked, status)); });
    EXPECT_THAT(ask(image_), ::testing::StartsWith(expected)) << status;
  }
  const std::tuple<const char*, int, const char*> errors[] = {
      {"ScanNotFoundException", 400, "ScanMissing"},
      {"ImageNotFoundException", 400, "ImageNotFound"},
      {"RepositoryNotFoundException", 400, "ImageNotFound"},
      {"AccessDeniedException", 400, "Unauthorized"},
      {"ThrottlingException", 400, "OwnRate"},
      {"ServerException", 500, "Unavailable"},
      {"ValidationException", 400, "UnexpectedAnswer"}};
  for (const auto& [code, status, expected] : errors) {
    answers(failed(code, status));
    EXPECT_THAT(ask(image_), ::testing::StartsWith(expected)) << code;
  }
}

TEST_F(AwsScansTest, AboutAnotherImageDoNotCount) {
  for (const char* member : {"/registryId", "/repositoryName", "/imageId/imageDigest"}) {
    answers([&](const json& asked) {
      auto answer = about(asked, "COMPLETE");
      answer[json::json_pointer(member)] = "444455556666";
      return ok(answer);
    });
    EXPECT_EQ(ask(image_), "ScanUnavailable: the answer is about another image") << member;
  }
  answers([](const json& asked) {
    auto answer = about(asked, "COMPLETE");
    answer.erase("imageId");
    return ok(answer);
  });
  EXPECT_THAT(ask(image_), HasSubstr("does not say which image"));
}

TEST_F(AwsScansTest, OfSeveralPagesAreReadToTheEnd) {
  answers([](const json& asked) {
    const auto page = asked.value("nextToken", std::string());
    auto answer = about(asked, "COMPLETE", findings_of({"CVE-" + std::to_string(page.size())}));
    if (page.size() < 2) answer["nextToken"] = page + "t";
    return ok(answer);
  });
  EXPECT_EQ(ask(image_), "found CVE-0 CVE-1 CVE-2");
}

TEST_F(AwsScansTest, OfMorePagesThanAreReadAreUnknown) {
  std::size_t pages = limits::kScanPages;
  answers([&, page = std::size_t{0}](const json& asked) mutable {
    if (!asked.contains("nextToken")) page = 0;
    auto answer = about(asked, "COMPLETE", findings_of({"CVE-1"}));
    if (++page < pages) answer["nextToken"] = std::string(limits::kScanToken, 't');
    return ok(answer);
  });
  EXPECT_THAT(ask(image_), ::testing::StartsWith("found CVE-1"));
  ++pages;
  const auto before = aws_.total();
  EXPECT_THAT(ask(image_), HasSubstr("ScanUnavailable: not all pages"));
  EXPECT_EQ(aws_.total() - before, limits::kScanPages);
  answers([](const json& asked) {
    auto answer = about(asked, "COMPLETE");
    answer["nextToken"] = std::string(limits::kScanToken + 1, 't');
    return ok(answer);
  });
  EXPECT_THAT(ask(image_), HasSubstr("ScanUnavailable"));
}

TEST_F(AwsScansTest, OfAnIndexAreThoseOfEveryImageThatCanRun) {
  const auto arm = images_.image({{"a", "arm"}});
  const auto index =
      images_.index({LabelledImages::entry(image_), LabelledImages::entry(arm, "linux", "arm64"),
                     LabelledImages::entry(sha256("signature"), "unknown", "unknown")});
  std::vector<std::string> asked_about;
  answers([&](const json& asked) {
    asked_about.push_back(asked["imageId"]["imageDigest"].get<std::string>());
    auto answer =
        about(asked, "COMPLETE", findings_of({asked_about.back() == arm.text() ? "CVE-A" : "CVE-X"}));
    answer["imageScanFindings"]["imageScanCompletedAt"] = asked_about.back() == arm.text() ? 1.0 : 2.0;
    return ok(answer);
  });
  auto under_test = gatherer(with_aws());
  const auto facts = under_test.gather(scans_of(index), long_enough());
  EXPECT_EQ(told(facts), "found CVE-X CVE-A");
  EXPECT_THAT(asked_about, ElementsAre(image_.text(), arm.text()));
  EXPECT_EQ(report_in(facts)->scanned_at, Time{std::chrono::seconds(1)}) << "as old as the oldest";

  answers([&](const json& asked) {
    if (asked["imageId"]["imageDigest"] == arm.text()) return failed("ScanNotFoundException");
    return ok(about(asked, "COMPLETE"));
  });
  EXPECT_THAT(ask(index), HasSubstr("ScanMissing"));
  answers([&](const json& asked) {
    if (asked["imageId"]["imageDigest"] == arm.text()) return failed("AccessDeniedException");
    return ok(about(asked, "COMPLETE"));
  });
  EXPECT_THAT(ask(index), HasSubstr("Unauthorized"));
}

TEST_F(AwsScansTest, OfAnIndexAreBounded) {
  answers([](const json& asked) { return ok(about(asked, "COMPLETE")); });
  std::vector<json> entries;
  for (std::size_t i = 0; i < limits::kScannedImages; ++i)
    entries.push_back(LabelledImages::entry(sha256(std::to_string(i))));
  EXPECT_EQ(ask(images_.index(entries)), "found");
  EXPECT_EQ(aws_.total(), limits::kScannedImages);
  entries.push_back(LabelledImages::entry(sha256("one more")));
  EXPECT_THAT(ask(images_.index(entries)), HasSubstr("LimitExceeded"));
  EXPECT_THAT(ask(images_.index({LabelledImages::entry(image_, "unknown", "unknown")})),
              HasSubstr("ScanMissing: an index without an image that can run"));
  auto nested = LabelledImages::entry(image_);
  nested["mediaType"] = "application/vnd.oci.image.index.v1+json";
  EXPECT_THAT(ask(images_.index({nested})), HasSubstr("Malformed"));
  EXPECT_EQ(aws_.total(), limits::kScannedImages);
}

TEST_F(AwsScansTest, OutsideEcrAreMissingAndAskNobody) {
  auto under_test = gatherer(with_aws());
  for (const char* host : {"r.example", "public.ecr.aws"})
    EXPECT_THAT(
        told(under_test.gather(scans_of(std::string(host) + "/shop/api@" + image_.text()), long_enough())),
        HasSubstr("ScanMissing: the image is not in a private registry of Amazon ECR"));
  EXPECT_EQ(aws_.total(), 0U);
  EXPECT_EQ(ask(sha256("not there")), "absent");
  EXPECT_EQ(aws_.total(), 0U);
  auto without = gatherer();
  EXPECT_THAT(ask(without, image_), HasSubstr("Internal: there is no client for AWS"));
}

TEST_F(AwsScansTest, AreRecordedAndReplayed) {
  answers([](const json& asked) { return ok(about(asked, "ACTIVE", findings_of({"CVE-1"}))); });
  auto under_test = gatherer(with_aws());
  const auto facts = under_test.gather(scans_of(image_), long_enough());
  EXPECT_THAT(array_of(facts).dump(), HasSubstr(R"("source":"ecr")"));
  EvidenceReplay again([](const std::string&) { return nullptr; }, nullptr,
                       fact_kinds(*verifier_, settings()));
  auto replay = ReplayGatherer::of(array_of(facts), again, Time{});
  ASSERT_TRUE(replay.ok()) << replay.error().message;
  const auto replayed = (*replay)->gather(scans_of(image_), at_once());
  ASSERT_NE(report_in(replayed), nullptr);
  EXPECT_EQ(*report_in(replayed), *report_in(facts));
}

}  // namespace
}  // namespace tegata::verifier
