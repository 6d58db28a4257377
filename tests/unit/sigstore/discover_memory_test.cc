// SPDX-License-Identifier: Apache-2.0
// What a search for candidates may hold in memory.
#include <deque>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/discovery.h"
#include "verifier/oci/memory_budget.h"

namespace tegata::testing {
namespace {

constexpr std::size_t kMiB = 1024 * 1024;

/// Answers when the test says so.
class SlowSource final : public ContentSource {
 public:
  explicit SlowSource(ScriptedSource& inner) : inner_(inner) {}
  void fetch(std::vector<ContentRequest> requests, Terms terms, Done done) override {
    open_.push_back([this, requests = std::move(requests), terms, done = std::move(done)] {
      inner_.fetch(requests, terms, done);
    });
  }
  bool answer_one() {
    if (open_.empty()) return false;
    const auto next = std::move(open_.front());
    open_.pop_front();
    next();
    return true;
  }

 private:
  ScriptedSource& inner_;
  std::deque<std::function<void()>> open_;
};

class DiscoverMemory : public Discovery {
 protected:
  SlowSource slow_{source_};
  std::vector<std::function<void()>> timers_;
  std::shared_ptr<MemoryBudget> budget_;
  std::vector<Candidates> found_;

  void budget_of(std::size_t bytes) {
    budget_ = MemoryBudget::of(bytes, [this](auto, auto task, auto) { timers_.push_back(std::move(task)); });
  }
  void start() {
    discover_signatures(
        slow_, kImages, kSignatures, image(), reach_, Deadline::after(std::chrono::hours(1)),
        [this](Candidates found) { found_.push_back(std::move(found)); }, budget_);
  }
  std::size_t run() {
    std::size_t most = 0;
    do most = std::max(most, budget_->used());
    while (slow_.answer_one());
    return most;
  }
  /// `count` payloads of `size` bytes each, all different, in the .sig manifest.
  void put_payloads(std::size_t count, std::size_t size) {
    auto layers = json::array();
    for (std::size_t i = 0; i < count; ++i) {
      std::string payload(size, static_cast<char>('a' + i % 26));
      payload += std::to_string(i);
      payload.resize(size);
      payload.replace(0, 4, std::to_string(1000 + i));
      put_blob(payload);
      layers.push_back(descriptor(payload));
    }
    put_sig(manifest(layers));
  }
};

TEST_F(DiscoverMemory, HoldsWhatIsReservedUntilTheCandidatesAreDestroyed) {
  budget_of(256 * kMiB);
  put_payloads(63, kMiB);
  start();
  EXPECT_GE(run(), 63 * kMiB);
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_EQ(found_[0].list.size(), 63U);
  EXPECT_GE(budget_->used(), 63 * kMiB);
  EXPECT_LT(budget_->used(), 64 * kMiB);
  found_.clear();
  EXPECT_EQ(budget_->used(), 0U);
}

TEST_F(DiscoverMemory, TwoImagesOf63MiBAreSearchedOneAfterTheOther) {
  budget_of(96 * kMiB);
  put_payloads(63, kMiB);
  start();
  start();
  EXPECT_LE(run(), 96 * kMiB);
  ASSERT_EQ(found_.size(), 1U);
  found_.clear();  // as once it is verified
  EXPECT_LE(run(), 96 * kMiB);
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_EQ(found_[0].list.size(), 63U);
  EXPECT_FALSE(found_[0].unknown);
  found_.clear();
  EXPECT_EQ(budget_->used(), 0U);
}

TEST_F(DiscoverMemory, WhatDoesNotGetMemoryInTimeIsCutShort) {
  budget_of(96 * kMiB);
  put_payloads(63, kMiB);
  start();
  start();
  run();
  ASSERT_EQ(timers_.size(), 1U);
  timers_.front()();
  ASSERT_EQ(found_.size(), 2U);
  ASSERT_TRUE(found_[1].unknown);
  EXPECT_EQ(found_[1].unknown->code, ErrorCode::CutShort);
  EXPECT_TRUE(found_[1].list.empty());
}

TEST_F(DiscoverMemory, AnOrdinaryImageDoesNotWaitForALargeOne) {
  budget_of(96 * kMiB);
  put_payloads(63, kMiB);
  start();
  run();
  put_payloads(3, 250);
  start();
  run();
  ASSERT_EQ(found_.size(), 2U);
  EXPECT_EQ(found_[1].list.size(), 3U);
}

TEST_F(DiscoverMemory, EndsWithABudgetThatIsTooSmall) {
  budget_of(kMiB);
  put_payloads(63, kMiB);
  start();
  run();
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_EQ(found_[0].list.size(), 63U);
}

TEST_F(DiscoverMemory, LargeReferrersAreReadInSmallGroupsAndThePayloadsAfterThem) {
  budget_of(96 * kMiB);
  put_payloads(2, 100);
  std::vector<Descriptor> list;
  for (int i = 0; i < 32; ++i) {
    auto document = manifest(json::array());
    document["annotations"] = {{"n", std::to_string(i)}};
    document["annotations"]["fill"] =
        std::string(limits::kReferrerManifest - document.dump().size() - 10, 'x');
    ASSERT_EQ(document.dump().size(), limits::kReferrerManifest);
    list.push_back(put_manifest(document.dump()));
  }
  put_referrers(list);
  start();
  EXPECT_LE(run(), limits::kReferrerRound + kMiB);
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_EQ(found_[0].list.size(), 2U);
  EXPECT_EQ(source_.most_manifests, limits::kReferrerRound / limits::kReferrerManifest);
}

TEST_F(DiscoverMemory, AReferrerAboveTheBoundIsRefusedWithoutBeingRead) {
  auto at = put_manifest(manifest(json::array()).dump());
  auto above = at;
  at.size = limits::kReferrerManifest;
  above.size = limits::kReferrerManifest + 1;
  above.digest = sha256("another");
  put_referrers({at, above});
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 1U);
  EXPECT_EQ(reason(found.list[0]), "TooLarge");
  EXPECT_EQ(
      std::count(source_.asked.begin(), source_.asked.end(), "signatures manifest " + above.digest.text()),
      0);
}

TEST_F(DiscoverMemory, AReferrerWithMoreBytesThanTheListSaysIsRefused) {
  auto descriptor = put_referrer("{}", kBundleType);
  --descriptor.size;
  put_referrers({descriptor});
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 1U);
  EXPECT_EQ(reason(found.list[0]), "TooLarge");
}

TEST_F(DiscoverMemory, AListWithoutSizesIsReadAllTheSame) {
  auto descriptor = put_referrer("{}", kBundleType);
  descriptor.size = 0;
  put_referrers({descriptor});
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 1U);
  EXPECT_EQ(reason(found.list[0]), "readable");
}

TEST_F(DiscoverMemory, AnnotationsCountAsBytesOfTheImage) {
  // 64 payloads of 1 MiB are the bound; with an annotation the last one is too many.
  put_payloads(64, kMiB);
  EXPECT_FALSE(discover().too_many);
  auto document = json::parse(
      std::get<Content>(*source_.answers.at("signatures tag " + image().tag_prefix() + ".sig")).bytes);
  document["layers"][0]["annotations"] = {{"x", "y"}};
  put_sig(document);
  const auto found = discover();
  EXPECT_TRUE(found.too_many);
  EXPECT_EQ(found.list.size(), 63U);
}

TEST_F(DiscoverMemory, AThousandLayersWithCertificatesAreCandidates) {
  auto layers = json::array();
  for (std::size_t i = 0; i < limits::kSignatureLayers; ++i) {
    const auto payload = "payload " + std::to_string(i);
    put_blob(payload);
    auto layer = descriptor(payload);
    layer["annotations"] = {{"dev.sigstore.cosign/certificate", std::string(3900, 'c')}};
    layers.push_back(layer);
  }
  put_sig(manifest(layers));
  const auto found = discover();
  EXPECT_FALSE(found.too_many);
  EXPECT_EQ(found.list.size(), limits::kSignatureLayers);
}

}  // namespace
}  // namespace tegata::testing
