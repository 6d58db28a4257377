// SPDX-License-Identifier: Apache-2.0
// Kinds of facts that exist only here: they go through gathering, cache, single flight, record, replay and
// metrics although no file of the product names them. They stand for what comes next: a fact that depends on
// another fact, one about the request, one with a last known value, and one that is made again from evidence.
#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "evidence_test.h"
#include "verifier/crypto/hash.h"
#include "verifier/evidence/evidence_store.h"
#include "verifier/evidence/made_facts.h"
#include "verifier/evidence/replay.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// How many bytes a blob has: needs the image's digest, and has several questions about one image.
struct SizeKind {
  static constexpr std::string_view kName = "sizes";
  static constexpr std::string_view kMetric = "sizes";
  static constexpr Needs kNeeds = Needs::Digest;
  static constexpr bool kOnce = false;
  struct Question {
    Digest blob;
    friend bool operator==(const Question&, const Question&) = default;
  };
  using Value = std::size_t;
};

/// Read again from its evidence, like signatures.
class SizeMaker final : public FactMaker<SizeKind> {
 public:
  void fetch(const FactKey<SizeKind>& key, const FetchContext& context, Done done) const override {
    context.source.fetch(
        {BlobRequest{key.subject.repository, key.question.blob, 1000}}, context.terms,
        [done = std::move(done)](const auto& answers) {
          if (!answers[0].ok()) return done(Unknown{answers[0].error()});
          const auto& bytes = std::get<Content>(*answers[0]).bytes;
          done(Known<std::shared_ptr<const std::size_t>>{std::make_shared<const std::size_t>(bytes.size())});
        });
  }
  std::optional<Duration> lifetime(const FactKey<SizeKind>&, const FactOf<SizeKind>&,
                                   FetchCost) const override {
    return std::chrono::seconds(10);
  }
  std::size_t weight(const std::size_t&) const override { return sizeof(std::size_t); }
  std::size_t cache_bytes() const override { return 10'000; }
  std::string write(const std::size_t& size, const Evidence& evidence) const override {
    return json({{"size", size}, {"evidence", evidence.hash}}).dump();
  }
  Result<Readback<SizeKind>> read(const json& known) const override {
    TEGATA_TRY(auto hash, string_member(known, "evidence"));
    return Readback<SizeKind>(RecordedEvidence{std::move(hash).value_or("")});
  }
  std::string write_question(const SizeKind::Question& question) const override {
    return "\"blob\":\"" + question.blob.text() + "\"";
  }
  bool is_about(const json& recorded, const SizeKind::Question& question) const override {
    return recorded.value("blob", "") == question.blob.text();
  }
  bool keeps_evidence() const override { return true; }
};

/// The sum of two sizes: depends on other facts, each through its own cache.
struct TotalKind {
  static constexpr std::string_view kName = "aTotal";  // before "image" in a record
  static constexpr std::string_view kMetric = "totals";
  static constexpr Needs kNeeds = Needs::Digest;
  static constexpr bool kOnce = true;
  struct Question {
    std::vector<Digest> blobs;
    friend bool operator==(const Question&, const Question&) = default;
  };
  using Value = std::size_t;
};

class TotalMaker final : public FactMaker<TotalKind> {
 public:
  void fetch(const FactKey<TotalKind>& key, const FetchContext& context, Done done) const override {
    struct Sum {
      std::mutex mutex;
      std::size_t total = 0, open;
      Done done;
    };
    const auto sum = std::make_shared<Sum>();
    sum->open = key.question.blobs.size();
    sum->done = std::move(done);
    for (const auto& blob : key.question.blobs)
      context.others.ask<SizeKind>(key.subject, {blob}, context.terms, [sum](const FactOf<SizeKind>& size) {
        const std::lock_guard lock(sum->mutex);
        if (const auto* known = std::get_if<Known<std::shared_ptr<const std::size_t>>>(&size))
          sum->total += *known->value;
        if (--sum->open == 0)
          sum->done(
              Known<std::shared_ptr<const std::size_t>>{std::make_shared<const std::size_t>(sum->total)});
      });
  }
  std::optional<Duration> lifetime(const FactKey<TotalKind>&, const FactOf<TotalKind>&,
                                   FetchCost) const override {
    return std::chrono::seconds(10);
  }
  std::size_t weight(const std::size_t&) const override { return sizeof(std::size_t); }
  std::size_t cache_bytes() const override { return 10'000; }
  std::string write(const std::size_t& size, const Evidence&) const override { return std::to_string(size); }
  Result<Readback<TotalKind>> read(const json& known) const override {
    if (!known.is_number_unsigned()) return Error{ErrorCode::Malformed, "a total is a number"};
    return Readback<TotalKind>(std::make_shared<const std::size_t>(known.get<std::size_t>()));
  }
};

/// What a service runs now: about the request, and with the last known answer where there is none now.
struct ServiceKind {
  static constexpr std::string_view kName = "service";
  static constexpr std::string_view kMetric = "services";
  static constexpr Needs kNeeds = Needs::Nothing;
  static constexpr bool kOnce = true;
  struct Question {
    std::string name;
    friend bool operator==(const Question&, const Question&) = default;
  };
  using Value = std::string;
};

class ServiceMaker final : public FactMaker<ServiceKind> {
 public:
  void fetch(const FactKey<ServiceKind>& key, const FetchContext& context, Done done) const override {
    if (key.question.name == "throws") throw std::runtime_error("a bug");
    if (key.question.name == "new") return done(Absent{});
    done(Unknown{{ErrorCode::Unavailable, "503"},
                 LastKnown{std::make_shared<const std::string>("revision 7"), context.now()}});
  }
  std::optional<Duration> lifetime(const FactKey<ServiceKind>&, const FactOf<ServiceKind>&,
                                   FetchCost) const override {
    return std::chrono::seconds(1);
  }
  std::size_t weight(const std::string& value) const override { return value.size(); }
  std::size_t cache_bytes() const override { return 10'000; }
  std::string write(const std::string& value, const Evidence&) const override { return json(value).dump(); }
  Result<Readback<ServiceKind>> read(const json& known) const override {
    if (!known.is_string()) return Error{ErrorCode::Malformed, "a revision is a string"};
    return Readback<ServiceKind>(std::make_shared<const std::string>(known.get<std::string>()));
  }
};

class NewKindTest : public EvidenceTest {
 protected:
  NewKindTest() {
    auto name = (fs::temp_directory_path() / "tegata-kinds-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    store_ = *EvidenceStore::open(folder_);
    recording_ = settings();
    recording_.evidence = store_;
    recording_.wall_clock = [] { return Time(std::chrono::milliseconds(77)); };
    kinds_ = fact_kinds(*verifier_, recording_);
    kinds_.push_back(made_by<SizeKind>(std::make_shared<SizeMaker>()));
    kinds_.push_back(made_by<TotalKind>(std::make_shared<TotalMaker>()));
    kinds_.push_back(made_by<ServiceKind>(std::make_shared<ServiceMaker>()));
    for (const auto* text : {"one", "three"})
      source_.answer(BlobRequest{image_.repository(), sha256(text), 1000}, {Content{sha256(text), "", text}});
  }
  ~NewKindTest() override { fs::remove_all(folder_); }

  [[nodiscard]] LiveGatherer with_new_kinds() { return {source_, kinds_, recording_}; }
  [[nodiscard]] EvidencePlan total() const {
    ImageQuestions asked{image_};
    asked.ask<TotalKind>({{sha256("one"), sha256("three")}});
    return {{asked}};
  }
  [[nodiscard]] EvidencePlan sizes() const {
    ImageQuestions asked{image_};
    for (const auto* text : {"one", "three", "one"}) asked.ask<SizeKind>({sha256(text)});
    return {{asked}};
  }
  static EvidencePlan service(const std::string& name) {
    EvidencePlan plan;
    plan.request.ask<ServiceKind>({name});
    return plan;
  }
  static std::size_t total_of(const GatheredFacts& facts) {
    return *std::get<tegata::Known<std::shared_ptr<const std::size_t>>>(
                *facts.images.at(0).facts.find<TotalKind>())
                .value;
  }
  GatheredFacts replayed(const GatheredFacts& live, const EvidencePlan& plan) {
    std::map<std::string, std::shared_ptr<const std::string>> texts;
    for (const auto& image : live.images)
      for (const auto& entry : image.facts.all())
        texts[entry.answer->evidence.hash] = entry.answer->evidence.text;
    EvidenceReplay again([&](const std::string& hash) { return texts[hash]; }, store_, kinds_);
    auto gatherer = ReplayGatherer::of(json::parse(array_of(live).dump()), again, Time{});
    if (!gatherer.ok()) throw std::runtime_error(gatherer.error().message);
    return (*gatherer)->gather(plan, at_once());
  }

  const ImageReference image_ = reference("r.example/app@" + sha256("image").text());
  fs::path folder_;
  std::shared_ptr<EvidenceStore> store_;
  GatherSettings recording_;
  FactKinds kinds_;
};

TEST_F(NewKindTest, IsGatheredKeptAndCounted) {
  auto under_test = with_new_kinds();
  EXPECT_EQ(total_of(under_test.gather(total(), long_enough())), 8U);
  const int asked = source_.asked();
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(total_of(under_test.gather(total(), at_once())), 8U) << "kept";
  EXPECT_EQ(source_.asked(), asked);
  EXPECT_EQ(counts(under_test, "totals").flights, 1U);
  EXPECT_EQ(counts(under_test, "totals").hits, 1U);
  EXPECT_EQ(counts(under_test, "sizes").flights, 2U) << "the facts that it depends on have their own cache";
  advance(std::chrono::seconds(10) + Clock::duration(1));
  (void)under_test.gather(total(), long_enough());
  EXPECT_EQ(source_.asked(), 2 * asked) << "its own lifetime";
}

TEST_F(NewKindTest, IsFetchedOnceForAllWhoAskAtOnceAndIsLateForWhoCannotWait) {
  auto under_test = with_new_kinds();
  source_.hold();
  for (int i = 0; i < 2; ++i) {
    const auto facts = under_test.gather(total(), at_once());
    const auto& unknown = std::get<Unknown>(*facts.images.at(0).facts.find<TotalKind>());
    EXPECT_EQ(unknown.error.code, ErrorCode::CutShort);
  }
  source_.release();
  EXPECT_EQ(total_of(under_test.gather(total(), at_once())), 8U);
  EXPECT_EQ(counts(under_test, "totals").flights, 1U);
  EXPECT_EQ(counts(under_test, "totals").joins, 1U);
}

TEST_F(NewKindTest, NeedsTheDigestThatATagNames) {
  auto under_test = with_new_kinds();
  ImageQuestions asked{reference("r.example/app:v1")};
  asked.ask<TotalKind>({{sha256("one")}});
  source_.answer(TagRequest{image_.repository(), "v1"},
                 {Content{sha256("image"), "application/vnd.oci.image.manifest.v1+json", "{}"}});
  EXPECT_EQ(total_of(under_test.gather({{asked}}, long_enough())), 3U);
  source_.answer(TagRequest{image_.repository(), "v2"}, Error{ErrorCode::NotFound, "404"});
  ImageQuestions absent{reference("r.example/app:v2")};
  absent.ask<TotalKind>({{sha256("one")}});
  const auto facts = under_test.gather({{absent}}, long_enough());
  EXPECT_TRUE(std::holds_alternative<Absent>(*facts.images.at(0).facts.find<TotalKind>()));
}

TEST_F(NewKindTest, IsRecordedAndReplayedAsAValue) {
  auto under_test = with_new_kinds();
  const auto live = under_test.gather(total(), long_enough());
  EXPECT_EQ(array_of(live).at(0).dump(), R"({"aTotal":{"known":8},"image":")" + image_.canonical() + R"("})");
  const auto again = replayed(live, total());
  EXPECT_EQ(total_of(again), 8U);
  EXPECT_EQ(array_of(again), array_of(live));
  EXPECT_EQ(std::get<Unknown>(*replayed({}, total()).images.at(0).facts.find<TotalKind>()).error.code,
            ErrorCode::NotRecorded);
}

TEST_F(NewKindTest, IsMadeAgainFromItsEvidenceInAReplay) {
  auto under_test = with_new_kinds();
  const auto live = under_test.gather(sizes(), long_enough());
  EXPECT_EQ(array_of(live).at(0).at("sizes").size(), 2U) << "each question once";
  const int asked = source_.asked();
  EXPECT_EQ(array_of(replayed(live, sizes())), array_of(live));
  EXPECT_EQ(source_.asked(), asked) << "a replay asks no registry";
  fs::remove_all(folder_);
  const auto lost = replayed(live, sizes());
  EXPECT_EQ(std::get<Unknown>(*lost.images.at(0).facts.find<SizeKind>()).error.code, ErrorCode::NotRecorded);
}

TEST_F(NewKindTest, CanBeAboutTheRequestWithItsLastKnownValue) {
  auto under_test = with_new_kinds();
  const auto live = under_test.gather(service("shop"), long_enough());
  const auto& unknown = std::get<Unknown>(*live.request.find<ServiceKind>());
  EXPECT_EQ(unknown.error.code, ErrorCode::Unavailable);
  ASSERT_TRUE(unknown.last);
  EXPECT_EQ(*static_cast<const std::string*>(unknown.last->value.get()), "revision 7");
  EXPECT_EQ(array_of(live).at(0).dump(),
            R"({"request":true,"service":{"lastKnown":{"at":77,"known":"revision 7"},)"
            R"("unknown":{"code":"Unavailable","message":"503"}}})");
  const auto again = replayed(live, service("shop"));
  EXPECT_EQ(array_of(again), array_of(live));
  EXPECT_EQ(std::get<Unknown>(*again.request.find<ServiceKind>()).last->at, unknown.last->at);
}

TEST_F(NewKindTest, ThatThrowsIsUnknownAndStopsNothing) {
  auto under_test = with_new_kinds();
  const auto facts = under_test.gather(service("throws"), long_enough());
  const auto& unknown = std::get<Unknown>(*facts.request.find<ServiceKind>());
  EXPECT_EQ(unknown.error, (Error{ErrorCode::Internal, "service: a bug"}));
  EXPECT_TRUE(std::holds_alternative<Absent>(
      *under_test.gather(service("new"), long_enough()).request.find<ServiceKind>()));
}

TEST_F(NewKindTest, WithoutAMakerIsABugThatIsTold) {
  auto without = gatherer();
  EXPECT_THROW((void)without.gather(total(), long_enough()), std::logic_error);
}

}  // namespace
}  // namespace tegata::verifier
