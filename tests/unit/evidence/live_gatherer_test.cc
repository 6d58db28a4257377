// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/live_gatherer.h"

#include <future>
#include <thread>
#include <vector>

#include "evidence_test.h"

namespace tegata::verifier {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kImage = "registry.example/fx/signed:v1";

class LiveGathererTest : public EvidenceTest {
 protected:
  [[nodiscard]] Digest digest_of(const std::string& path) const {
    return source_.layout(path).tags().at("v1");
  }
  [[nodiscard]] std::string pinned(const std::string& path) const {
    return "registry.example/" + path + "@" + digest_of(path).text();
  }
  static TagRequest tag_request(const std::string& path) { return {{"registry.example", path}, "v1"}; }
  [[nodiscard]] ManifestRequest manifest_request(const std::string& path) const {
    return {{"registry.example", path}, digest_of(path)};
  }
};

TEST_F(LiveGathererTest, FindsTagAndSignaturesAndThenAsksNothingMore) {
  auto under_test = gatherer();
  const auto first = under_test.gather(plan(kImage), long_enough());
  EXPECT_EQ(outcome(first), "verified");
  EXPECT_EQ(tag_outcome(first), digest_of("fx/signed").text());
  EXPECT_EQ(first.images.at(0).image, kImage);
  const int asked = source_.asked();
  EXPECT_EQ(source_.asked_most(), 1) << "nothing is asked twice";

  const auto second = under_test.gather(plan(kImage), at_once());
  EXPECT_EQ(outcome(second), "verified") << "what is kept needs no time";
  EXPECT_EQ(source_.asked(), asked);
}

TEST_F(LiveGathererTest, AsksNoTagForAPinnedDigestAndNothingForNoQuestion) {
  auto under_test = gatherer();
  const auto facts = under_test.gather(plan(pinned("fx/signed")), long_enough());
  EXPECT_EQ(outcome(facts), "verified");
  EXPECT_EQ(tag_outcome(facts), "not asked");
  EXPECT_EQ(source_.asked(tag_request("fx/signed")), 0);

  const int asked = source_.asked();
  const EvidencePlan nothing{{{reference(kImage)}}};
  EXPECT_TRUE(under_test.gather(nothing, long_enough()).images.at(0).facts.all().empty());
  EXPECT_EQ(source_.asked(), asked);
}

TEST_F(LiveGathererTest, DoesNotAskAgainForTheManifestThatATagWasAnsweredWith) {
  auto under_test = gatherer();
  ASSERT_EQ(outcome(under_test.gather(plan(kImage), long_enough())), "verified");
  EXPECT_EQ(source_.asked(manifest_request("fx/signed")), 0);
  auto another = gatherer();
  ASSERT_EQ(outcome(another.gather(plan(pinned("fx/signed")), long_enough())), "verified");
  EXPECT_EQ(source_.asked(manifest_request("fx/signed")), 1);
}

TEST_F(LiveGathererTest, KeepsManifestsWithTheirTagUpToABoundAndAsksAgainForLargerOnes) {
  const auto resolved_to = [&](std::size_t bytes) {
    const Content manifest{digest_of("fx/signed"), "application/vnd.oci.image.manifest.v1+json",
                           std::string(bytes, ' ')};
    source_.answer(tag_request("fx/signed"), {manifest});
    auto under_test = gatherer();
    EXPECT_EQ(outcome(under_test.gather(plan(kImage), long_enough())), "verified");
    return source_.asked(manifest_request("fx/signed"));
  };
  EXPECT_EQ(resolved_to(limits::kKeptManifest), 0);
  EXPECT_EQ(resolved_to(limits::kKeptManifest + 1), 1);
}

TEST_F(LiveGathererTest, ResolvesTheTagWhereOnlySignaturesAreAsked) {
  auto under_test = gatherer();
  EvidencePlan only_signatures{{{reference(kImage)}}};
  only_signatures.images.at(0).ask<SignatureKind>({reference(kImage).repository(), {signer_}});
  const auto facts = under_test.gather(only_signatures, long_enough());
  EXPECT_EQ(outcome(facts), "verified");
  EXPECT_EQ(tag_outcome(facts), digest_of("fx/signed").text());
}

TEST_F(LiveGathererTest, JudgesTheDigestInTheReferenceWhateverTheTagNames) {
  auto under_test = gatherer();
  const auto both = std::string(kImage) + "@" + digest_of("fx/signed").text();
  source_.answer(tag_request("fx/signed"), Error{ErrorCode::Unavailable, "down"});
  const auto facts = under_test.gather(plan(both), long_enough());
  EXPECT_EQ(tag_outcome(facts), "Unavailable");
  EXPECT_EQ(outcome(facts), "verified");
}

TEST_F(LiveGathererTest, KeepsTwoDigestsApart) {
  auto under_test = gatherer();
  const EvidencePlan two{{questions(kImage, signer_), questions("registry.example/fx/unsigned:v1", signer_)}};
  for (int i = 0; i < 2; ++i) {
    const auto facts = under_test.gather(two, long_enough());
    EXPECT_EQ(outcome(signatures(facts, 0)), "verified");
    EXPECT_EQ(outcome(signatures(facts, 1)), "none");
  }
}

TEST_F(LiveGathererTest, KeepsTwoPoliciesApart) {
  auto under_test = gatherer();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(outcome(under_test.gather(plan(kImage, signer_), long_enough())), "verified");
    EXPECT_EQ(outcome(under_test.gather(plan(kImage, stranger_), long_enough())), "rejected");
  }
}

TEST_F(LiveGathererTest, KeepsOneDigestInTwoRepositoriesApart) {
  // The same image without its signatures: a copy that only took the manifest along.
  source_.serve("fx/copy", "legacy-key-p256");
  const auto signature_tag = digest_of("fx/signed").tag_prefix() + ".sig";
  source_.answer(TagRequest{{"registry.example", "fx/copy"}, signature_tag},
                 Error{ErrorCode::NotFound, "404"});
  auto under_test = gatherer();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(outcome(under_test.gather(plan(pinned("fx/signed")), long_enough())), "verified");
    EXPECT_EQ(outcome(under_test.gather(plan(pinned("fx/copy")), long_enough())), "none");
  }
}

TEST_F(LiveGathererTest, LooksForSignaturesWhereTheRuleSaysThatTheyAre) {
  source_.serve("fx/copy", "legacy-key-p256");
  const auto signature_tag = digest_of("fx/signed").tag_prefix() + ".sig";
  source_.answer(TagRequest{{"registry.example", "fx/copy"}, signature_tag},
                 Error{ErrorCode::NotFound, "404"});
  auto elsewhere = plan(pinned("fx/copy"));
  elsewhere.images.at(0).ask<SignatureKind>({{"registry.example", "fx/signed"}, {signer_}});
  const auto facts = gatherer().gather(elsewhere, long_enough());
  EXPECT_EQ(outcome(signatures(facts, 0)), "none");
  EXPECT_EQ(outcome(signatures(facts, 0, 1)), "verified");
}

TEST_F(LiveGathererTest, AnswersWithinTheCallersBudgetAndFillsTheCacheAllTheSame) {
  auto under_test = gatherer();
  source_.hold();
  const auto facts = under_test.gather(plan(kImage), at_once());
  EXPECT_EQ(outcome(facts), "CutShort");
  EXPECT_EQ(tag_outcome(facts), "CutShort");
  const auto& unknown = std::get<Unknown>(signatures(facts, 0));
  EXPECT_EQ(unknown.error.message,
            "no answer within the caller's time budget: signatures of registry.example/fx/signed");

  source_.release();
  const int asked = source_.asked();
  EXPECT_EQ(outcome(under_test.gather(plan(kImage), at_once())), "verified");
  EXPECT_EQ(source_.asked(), asked);
}

TEST_F(LiveGathererTest, WaitsUntilTheDeadlineAndNotLonger) {
  auto under_test = gatherer();
  source_.hold();
  const auto deadline = Deadline::after(milliseconds(30));
  EXPECT_EQ(outcome(under_test.gather(plan(kImage), deadline)), "CutShort");
  EXPECT_TRUE(deadline.passed());
  source_.release();
}

TEST_F(LiveGathererTest, TellsWhatIsThereWhenOnlyOneImageIsLate) {
  auto under_test = gatherer();
  ASSERT_EQ(outcome(under_test.gather(plan(kImage), long_enough())), "verified");
  source_.hold();
  const EvidencePlan two{{questions(kImage, signer_), questions("registry.example/fx/unsigned:v1", signer_)}};
  const auto facts = under_test.gather(two, at_once());
  EXPECT_EQ(outcome(signatures(facts, 0)), "verified");
  EXPECT_EQ(outcome(signatures(facts, 1)), "CutShort");
  source_.release();
}

TEST_F(LiveGathererTest, NeverKeepsATagThatCouldNotBeResolved) {
  auto under_test = gatherer();
  source_.answer(tag_request("fx/signed"), Error{ErrorCode::RateLimited, "429"});
  const auto facts = under_test.gather(plan(kImage), long_enough());
  EXPECT_EQ(tag_outcome(facts), "RateLimited");
  EXPECT_EQ(outcome(facts), "RateLimited") << "signatures share the error of their prerequisite";
  EXPECT_EQ(source_.asked(), 1) << "no digest, so nothing else to ask";
  source_.forget(tag_request("fx/signed"));
  EXPECT_EQ(outcome(under_test.gather(plan(kImage), long_enough())), "verified");
}

TEST_F(LiveGathererTest, NeverKeepsSignaturesOfWhichSomeCouldNotBeRead) {
  auto under_test = gatherer();
  const auto signature_tag = digest_of("fx/signed").tag_prefix() + ".sig";
  const TagRequest request{{"registry.example", "fx/signed"}, signature_tag};
  source_.answer(request, Error{ErrorCode::Unavailable, "connection reset"});
  EXPECT_EQ(outcome(under_test.gather(plan(pinned("fx/signed")), long_enough())), "Unavailable");
  source_.forget(request);
  EXPECT_EQ(outcome(under_test.gather(plan(pinned("fx/signed")), long_enough())), "verified");
  EXPECT_EQ(source_.asked(request), 2);
}

TEST_F(LiveGathererTest, GivesALeadersErrorToAllWhoWaitAndThenAsksAgain) {
  auto under_test = gatherer();
  source_.hold();
  source_.answer(tag_request("fx/signed"), Error{ErrorCode::Unavailable, "503"});
  std::vector<std::future<std::string>> waiters;
  for (int i = 0; i < 3; ++i)
    waiters.push_back(std::async(std::launch::async,
                                 [&] { return outcome(under_test.gather(plan(kImage), long_enough())); }));
  while (counts(under_test, "tags").joins < 2) std::this_thread::yield();
  source_.release();
  for (auto& waiter : waiters) EXPECT_EQ(waiter.get(), "Unavailable");
  EXPECT_EQ(source_.asked(tag_request("fx/signed")), 1);
  source_.forget(tag_request("fx/signed"));
  EXPECT_EQ(outcome(under_test.gather(plan(kImage), long_enough())), "verified");
}

TEST_F(LiveGathererTest, VerifiesOnceForEightWhoAskAtOnce) {
  auto under_test = gatherer();
  source_.hold();
  std::vector<std::future<std::string>> askers;
  for (int i = 0; i < 8; ++i)
    askers.push_back(std::async(std::launch::async, [&] {
      return outcome(under_test.gather(plan("registry.example/fx/unsigned:v1"), long_enough()));
    }));
  while (counts(under_test, "tags").joins < 7) std::this_thread::yield();
  source_.release();
  for (auto& asker : askers) EXPECT_EQ(asker.get(), "none");
  EXPECT_EQ(source_.asked_most(), 1);
  EXPECT_EQ(counts(under_test, "signatures").flights, 1U);
}

TEST_F(LiveGathererTest, FollowsAMovedTagOnceItsLifetimeIsOver) {
  auto under_test = gatherer();
  const auto before = digest_of("fx/signed");
  ASSERT_EQ(tag_outcome(under_test.gather(plan(kImage), long_enough())), before.text());
  const auto moved = digest_of("fx/unsigned");
  source_.answer(tag_request("fx/signed"),
                 {Content{moved, "application/vnd.oci.image.manifest.v1+json", "{}"}});

  advance(limits::kTagLifetime);
  const auto within = under_test.gather(plan(kImage), long_enough());
  EXPECT_EQ(tag_outcome(within), before.text());
  EXPECT_EQ(outcome(within), "verified");

  advance(Clock::duration(1));
  const auto after = under_test.gather(plan(kImage), long_enough());
  EXPECT_EQ(tag_outcome(after), moved.text());
  EXPECT_NE(outcome(after), "verified");
}

TEST_F(LiveGathererTest, SaysAbsentOfATagThatDoesNotExistAndLooksAgainAMomentLater) {
  auto under_test = gatherer();
  source_.answer(tag_request("fx/signed"), Error{ErrorCode::NotFound, "404"});
  const auto facts = under_test.gather(plan(kImage), long_enough());
  EXPECT_EQ(tag_outcome(facts), "absent");
  EXPECT_EQ(outcome(facts), "absent");
  source_.forget(tag_request("fx/signed"));
  advance(limits::kAbsentLifetime);
  EXPECT_EQ(outcome(under_test.gather(plan(kImage), long_enough())), "absent");
  advance(Clock::duration(1));
  EXPECT_EQ(outcome(under_test.gather(plan(kImage), long_enough())), "verified");
}

TEST_F(LiveGathererTest, SaysAbsentOfADigestThatDoesNotExist) {
  auto under_test = gatherer();
  const auto nowhere = "registry.example/fx/signed@sha256:" + std::string(64, 'a');
  EXPECT_EQ(outcome(under_test.gather(plan(nowhere), long_enough())), "absent");
  EXPECT_EQ(outcome(under_test.gather(plan(nowhere), at_once())), "absent") << "kept for a moment";
  advance(limits::kAbsentLifetime + Clock::duration(1));
  source_.hold();
  EXPECT_EQ(outcome(under_test.gather(plan(nowhere), at_once())), "CutShort");
  source_.release();
}

TEST_F(LiveGathererTest, KeepsWhatIsVerifiedForAnHourAndWhatIsNotForHalfAMinute) {
  struct Case {
    std::string image;
    std::shared_ptr<const TrustSettings> trust;
    std::chrono::seconds lifetime;
  };
  const auto nobody = TrustSettings::of({});
  for (const auto& [image, trust, lifetime] :
       {Case{pinned("fx/signed"), signer_, limits::kVerifiedLifetime},
        Case{pinned("fx/signed"), stranger_, limits::kRejectedLifetime},
        Case{pinned("fx/unsigned"), signer_, limits::kRejectedLifetime},
        Case{pinned("fx/signed"), nobody, limits::kCostlyRejectedLifetime}}) {
    auto under_test = gatherer();
    (void)under_test.gather(plan(image, trust), long_enough());
    const int asked = source_.asked();
    advance(lifetime);
    (void)under_test.gather(plan(image, trust), long_enough());
    EXPECT_EQ(source_.asked(), asked) << image;
    advance(Clock::duration(1));
    (void)under_test.gather(plan(image, trust), long_enough());
    EXPECT_GT(source_.asked(), asked) << image;
  }
}

TEST_F(LiveGathererTest, KeepsFiftyImagesInRotation) {
  EvidencePlan fifty;
  for (int i = 0; i < 50; ++i) {
    const auto path = "fx/image-" + std::to_string(i);
    source_.serve(path, i % 2 == 0 ? "legacy-key-p256" : "neg-unsigned");
    fifty.images.push_back(questions("registry.example/" + path + ":v1", signer_));
  }
  auto under_test = gatherer();
  (void)under_test.gather(fifty, long_enough());
  const int asked = source_.asked();
  for (int round = 0; round < 3; ++round)
    for (int i = 0; i < 50; ++i) {
      const auto facts = under_test.gather({{fifty.images.at(i)}}, at_once());
      EXPECT_EQ(outcome(facts), i % 2 == 0 ? "verified" : "none") << i;
    }
  EXPECT_EQ(source_.asked(), asked);
}

TEST_F(LiveGathererTest, MayBeDestroyedWhileFetchesAreUnderWayAndStartsNoneAfterThat) {
  source_.hold();
  {
    auto short_lived = gatherer();
    EXPECT_EQ(outcome(short_lived.gather(plan(kImage), at_once())), "CutShort");
  }
  source_.release();
  EXPECT_EQ(source_.asked(), 1) << "the tag is answered, its signatures are not asked for any more";
}

TEST_F(LiveGathererTest, TellsCallersAtOnceWhenASourceDropsTheirFetch) {
  auto under_test = gatherer();
  source_.hold();
  auto waiter =
      std::async(std::launch::async, [&] { return outcome(under_test.gather(plan(kImage), long_enough())); });
  while (source_.asked() < 1) std::this_thread::yield();
  source_.drop();
  EXPECT_EQ(waiter.get(), "Internal");
}

TEST_F(LiveGathererTest, AnswersManyThreadsWhileTimePasses) {
  auto under_test = gatherer();
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      const EvidencePlan two{{questions(kImage, t % 2 == 0 ? signer_ : stranger_),
                              questions("registry.example/fx/bundled:v1", signer_)}};
      for (int i = 0; i < 40; ++i) {
        const auto facts = under_test.gather(two, long_enough());
        wrong += outcome(signatures(facts, 0)) != (t % 2 == 0 ? "verified" : "rejected");
        wrong += outcome(signatures(facts, 1)) != "verified";
        advance(seconds(2));
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace tegata::verifier
