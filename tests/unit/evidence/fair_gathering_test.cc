// SPDX-License-Identifier: Apache-2.0
#include <future>
#include <thread>
#include <vector>

#include "evidence_test.h"
#include "verifier/evidence/live_gatherer.h"
#include "verifier/evidence/live_sources.h"

namespace tegata::verifier {
namespace {

using std::chrono::milliseconds;

constexpr auto kImage = "registry.example/fx/signed:v1";

/// In whose turn facts are fetched, and what happens to those that are not fetched.
class FairGathering : public EvidenceTest {
 protected:
  [[nodiscard]] std::string pinned(const std::string& path) const {
    return "registry.example/" + path + "@" + source_.layout(path).tags().at("v1").text();
  }
  static TagRequest tag_request(const std::string& path) { return {{"registry.example", path}, "v1"}; }
};

/// A registry that fails, and answers nothing by the time that the caller waits.
struct FailingSource : ContentSource {
  void fetch(std::vector<ContentRequest>, Terms terms, Done) override {
    terms.askers->note_failure({ErrorCode::RateLimited, "429"});
  }
};

TEST(CostlyFetch, IsToBlameForTheFailuresOfItsRequests) {
  FailingSource failing;
  const auto failed_after = [&](std::size_t requests) {
    ImageSource source(failing, {}, nullptr, nullptr);
    const auto askers = Askers::of({"a", 1, 0});
    source.first().fetch(std::vector<ContentRequest>(requests, TagRequest{{"registry.example", "a"}, "v1"}),
                         {Deadline::never(), askers}, [](auto) {});
    return askers->failure().has_value();
  };
  EXPECT_TRUE(failed_after(limits::kCheapFetch));
  EXPECT_FALSE(failed_after(limits::kCheapFetch + 1));
}

/// A registry that answers everything with one error.
struct BrokenSource : ContentSource {
  void fetch(std::vector<ContentRequest> requests, Terms, Done done) override {
    done(std::vector<ContentAnswer>(requests.size(), Error{code, "broken"}));
  }
  ErrorCode code = ErrorCode::Internal;
};

TEST(CostlyFetch, HasCausedWhatItsLoadCanCause) {
  BrokenSource broken;
  const auto told = [&](std::size_t requests) {
    ImageSource source(broken, {}, nullptr, nullptr);
    auto seen = ErrorCode::Internal;
    source.first().fetch(std::vector<ContentRequest>(requests, TagRequest{{"registry.example", "a"}, "v1"}),
                         Deadline::never(),
                         [&](const auto& answers) { seen = answers.front().error().code; });
    return seen;
  };
  for (const auto code : {ErrorCode::RateLimited, ErrorCode::Unauthorized, ErrorCode::Unavailable,
                          ErrorCode::DeadlineExceeded}) {
    broken.code = code;
    EXPECT_EQ(told(limits::kCheapFetch), code);
    EXPECT_EQ(told(limits::kCheapFetch + 1), ErrorCode::OwnRate);
  }
  for (const auto code : {ErrorCode::NotFound, ErrorCode::CutShort, ErrorCode::UnexpectedAnswer}) {
    broken.code = code;
    EXPECT_EQ(told(limits::kCheapFetch + 1), code);
  }
}

TEST_F(FairGathering, IsToBlameForWhatItDelayedItself) {
  auto under_test = gatherer();
  TurnQueue<std::function<void()>> requests;
  source_.queue_in(requests);
  EXPECT_EQ(outcome(under_test.gather(plan(pinned("fx/signed")), at_once())), "CutShort") << "it waits";
  while (auto send = requests.pop().item) (*send)();
  EXPECT_EQ(outcome(under_test.gather(plan(pinned("fx/signed")), at_once())), "verified");
}

TEST_F(FairGathering, TakesTheTurnsOfAllWhoWaitForAFetch) {
  auto under_test = gatherer();
  TurnQueue<std::function<void()>> requests;
  source_.queue_in(requests);
  const auto by = [&](const std::string& user, EvidencePlan asked) {
    asked.user = user;
    return std::async(std::launch::async, [&under_test, asked = std::move(asked)] {
      return outcome(signatures(under_test.gather(asked, long_enough()), asked.images.size() - 1));
    });
  };
  EvidencePlan many{{questions("registry.example/fx/unsigned:v1", signer_)}};
  for (int i = 0; i < 20; ++i)
    many.images.push_back(questions("registry.example/fx/nothing-" + std::to_string(i) + ":v1", signer_));
  many.images.push_back(questions(kImage, signer_));
  auto attacker = by("many", many);
  while (requests.size() < many.images.size()) std::this_thread::yield();
  auto other = by("few", plan(kImage));
  while (counts(under_test, "tags").joins < 1) std::this_thread::yield();
  std::this_thread::sleep_for(milliseconds(50));  // it is counted just before it adds its turn
  int sent = 0;
  while (source_.asked(tag_request("fx/signed")) == 0)
    if (auto send = requests.pop().item) (*send)(), ++sent;
  EXPECT_LT(sent, 12) << "the fetch that user `many` started came in the turns of user `few`";
  while (other.wait_for(milliseconds(0)) != std::future_status::ready)
    if (auto send = requests.pop().item) (*send)();
  EXPECT_EQ(other.get(), "verified");
  while (auto send = requests.pop().item) (*send)();
  EXPECT_EQ(attacker.get(), "verified");
}

TEST_F(FairGathering, ComesLastOnceNobodyWaits) {
  auto under_test = gatherer();
  TurnQueue<std::function<void()>> requests;
  source_.queue_in(requests);
  EXPECT_EQ(outcome(under_test.gather(plan(kImage), at_once())), "CutShort");
  auto other = std::async(std::launch::async, [&] {
    return outcome(under_test.gather(plan("registry.example/fx/unsigned:v1"), long_enough()));
  });
  while (requests.size() < 2) std::this_thread::yield();
  while (other.wait_for(milliseconds(0)) != std::future_status::ready)
    if (source_.asked(tag_request("fx/signed")) == 0)
      if (auto send = requests.pop().item) (*send)();
  EXPECT_EQ(other.get(), "none");
  EXPECT_EQ(outcome(under_test.gather(plan(kImage), at_once())), "CutShort") << "not sent yet";
  while (auto send = requests.pop().item) (*send)();
  EXPECT_EQ(outcome(under_test.gather(plan(kImage), at_once())), "verified") << "it filled the cache";
}

TEST_F(FairGathering, EndsAllCallsWhenItIsToldTo) {
  auto under_test = gatherer();
  source_.hold();
  auto waiter =
      std::async(std::launch::async, [&] { return outcome(under_test.gather(plan(kImage), long_enough())); });
  while (source_.asked() < 1) std::this_thread::yield();
  under_test.end_by(Deadline::after(milliseconds(10)));
  EXPECT_EQ(waiter.get(), "CutShort");
  EXPECT_EQ(outcome(under_test.gather(plan(kImage), long_enough())), "CutShort") << "later calls, too";
  source_.release();
}

TEST_F(FairGathering, OneUsersCallsDoNotHoldAllThreads) {
  auto bounds = settings();
  bounds.waiting_calls = 3;
  bounds.waiting_calls_of_a_user = 2;
  bounds.crowded_wait = milliseconds(10);
  auto under_test = gatherer(bounds);
  ASSERT_EQ(outcome(under_test.gather(plan("registry.example/fx/unsigned:v1"), long_enough())), "none");
  source_.hold();
  const auto by = [&](const std::string& user, const std::string& image) {
    auto asked = plan(image);
    asked.user = user;
    return std::async(std::launch::async,
                      [&under_test, asked] { return under_test.gather(asked, long_enough()); });
  };
  const auto waits = [](auto& call) {
    return call.wait_for(milliseconds(50)) == std::future_status::timeout;
  };
  std::vector<std::future<GatheredFacts>> waiting;
  const auto expect_waiting = [&](const std::string& user, const std::string& image) {
    waiting.push_back(by(user, image));
    EXPECT_TRUE(waits(waiting.back())) << user << " " << image;
  };
  for (const char* image : {"/a:v1", "/b:v1", "/c:v1"})
    expect_waiting("many", std::string("registry.example") + image);
  EXPECT_EQ(outcome(by("many", kImage).get()), "CutShort") << "as many as may wait";
  EXPECT_EQ(outcome(by("many", "registry.example/fx/unsigned:v1").get()), "none") << "it is cached";
  expect_waiting("few", kImage);
  expect_waiting("few", "registry.example/d:v1");
  EXPECT_EQ(outcome(by("few", "registry.example/e:v1").get()), "CutShort") << "as many as one user's may";
  source_.release();
  for (auto& call : waiting) (void)call.get();
  EXPECT_EQ(outcome(by("many", kImage).get()), "verified") << "there is room again";
}

TEST_F(FairGathering, FetchesNothingForARequestThatIsDeniedAlready) {
  auto under_test = gatherer();
  auto denied = plan(kImage);
  denied.cached_only = true;
  const auto facts = under_test.gather(denied, long_enough());
  EXPECT_EQ(outcome(facts), "CutShort");
  EXPECT_EQ(tag_outcome(facts), "CutShort");
  EXPECT_EQ(std::get<Unknown>(signatures(facts, 0)).error.message,
            "not looked up, because the deployer is not allowed");
  EXPECT_EQ(source_.asked(), 0);
  ASSERT_EQ(outcome(under_test.gather(plan(kImage), long_enough())), "verified");
  EXPECT_EQ(outcome(under_test.gather(denied, long_enough())), "verified");
}

}  // namespace
}  // namespace tegata::verifier
