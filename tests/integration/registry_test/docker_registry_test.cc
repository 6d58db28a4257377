// SPDX-License-Identifier: Apache-2.0
// Against the real docker-registry: what was pushed is read back, byte for byte.
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "testdata_folder.h"
#include "tests/support/docker_registry.h"
#include "tests/support/registry_fixture.h"

namespace tegata::verifier {
namespace {

const std::string kCases = std::string(TEGATA_TESTDATA) + "/sigstore/cases/";

class DockerRegistryTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = testing::DockerRegistry::start();
    if (started.ok())
      registry_ = *std::move(started);
    else
      why_not_ = started.error().message;
  }
  static void TearDownTestSuite() { registry_.reset(); }
  void SetUp() override {
    if (!registry_) GTEST_SKIP() << why_not_;
  }
  static inline std::unique_ptr<testing::DockerRegistry> registry_;
  static inline std::string why_not_;
};

TEST_F(DockerRegistryTest, GivesBackEveryByteOfWhatWasPushed) {
  for (const std::string name :
       {"legacy-key-p256", "bundle-key-p256", "legacy-multiarch-recursive", "bundle-many-referrers-300"}) {
    auto layout = RecordedLayout::open(kCases + name);
    ASSERT_TRUE(layout.ok());
    ASSERT_FALSE(layout->referrers_api().has_value()) << name;
    const std::string path = layout->repository().path;
    const auto pushed = registry_->push(*layout, path);
    ASSERT_TRUE(pushed.ok()) << name << ": " << pushed.error().message;
    const auto source = testing::plain_http_source({registry_->host()});
    for (const auto& [tag, digest] : layout->tags()) {
      const Repository there{registry_->host(), path};
      const auto answers =
          fetch_and_wait(*source, {TagRequest{there, tag}, ReferrersRequest{there, digest}}, testing::soon());
      EXPECT_EQ(testing::content_of(answers[0]).digest, digest);
      EXPECT_EQ(testing::content_of(answers[0]).bytes, *layout->read(digest, limits::kManifest));
      const auto recorded = layout->answer(ReferrersRequest{there, digest});
      const auto& expected = testing::referrers_of(recorded).manifests;
      const auto& found = testing::referrers_of(answers[1]).manifests;
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].digest, expected[i].digest);
    }
  }
}

TEST_F(DockerRegistryTest, AFurtherTagNamesTheSameDigest) {
  auto layout = RecordedLayout::open(kCases + "legacy-key-p256");
  ASSERT_TRUE(registry_->push(*layout, "shop/api").ok());
  const Digest image = layout->tags().at("v1");
  ASSERT_TRUE(registry_->tag(*layout, image, "shop/api", "3f2a9c1").ok());
  const auto source = testing::plain_http_source({registry_->host()});
  const auto answer = testing::ask(*source, TagRequest{{registry_->host(), "shop/api"}, "3f2a9c1"});
  EXPECT_EQ(testing::content_of(answer).digest, image);
}

TEST_F(DockerRegistryTest, WhatWasNeverPushedIsNotFound) {
  const auto source = testing::plain_http_source({registry_->host()});
  const auto answer = testing::ask(*source, TagRequest{{registry_->host(), "no/such"}, "v1"});
  EXPECT_EQ(answer.error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace tegata::verifier
