// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/recorded_layout.h"
#include "testdata_folder.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "policy/model/limits.h"
#include "tests/support/registry_fixture.h"

namespace tegata::verifier {
namespace {

const std::string kCases = std::string(TEGATA_TESTDATA) + "/sigstore/cases/";

TEST(RecordedLayout, AnswersTagsManifestsBlobsAndReferrers) {
  auto layout = *RecordedLayout::open(kCases + "bundle-20-signatures-refapi");
  const Repository where{"any.example.com", "fx/bundle-20-signatures-refapi"};
  const Digest image = layout.tags().at("v1");
  const auto answers = fetch_and_wait(
      layout, {TagRequest{where, "v1"}, ManifestRequest{where, image}, ReferrersRequest{where, image}},
      testing::soon());
  EXPECT_EQ(testing::content_of(answers[0]).digest, image);
  EXPECT_EQ(testing::content_of(answers[0]).media_type, "application/vnd.oci.image.manifest.v1+json");
  EXPECT_EQ(testing::content_of(answers[1]).bytes, testing::content_of(answers[0]).bytes);
  EXPECT_EQ(testing::referrers_of(answers[2]).manifests.size(), 20U);
}

TEST(RecordedLayout, ReadsReferrersFromTheFallbackTag) {
  auto layout = *RecordedLayout::open(kCases + "bundle-many-referrers-300");
  const auto answer = layout.answer(ReferrersRequest{layout.repository(), layout.tags().at("v1")});
  EXPECT_EQ(testing::referrers_of(answer).manifests.size(), 300U);
}

TEST(RecordedLayout, WhatItDoesNotHoldIsNotFound) {
  auto layout = *RecordedLayout::open(kCases + "neg-huge-payload");
  const auto repository = layout.repository();
  const auto huge = *Digest::parse("sha256:" + std::string(64, 'e'));
  EXPECT_EQ(layout.answer(BlobRequest{repository, huge, 100}).error().code, ErrorCode::NotFound);
  EXPECT_EQ(layout.answer(TagRequest{repository, "v9"}).error().code, ErrorCode::NotFound);
  EXPECT_EQ(layout.answer(TagRequest{{repository.registry, "fx/other"}, "v1"}).error().code,
            ErrorCode::NotFound);
  EXPECT_TRUE(testing::referrers_of(layout.answer(ReferrersRequest{repository, huge})).manifests.empty());
}

TEST(RecordedLayout, ABlobIsBounded) {
  auto layout = *RecordedLayout::open(kCases + "legacy-key-p256");
  const Digest image = layout.tags().at("v1");
  const auto size = layout.read(image, limits::kManifest)->size();
  EXPECT_TRUE(layout.answer(BlobRequest{layout.repository(), image, size}).ok());
  EXPECT_EQ(layout.answer(BlobRequest{layout.repository(), image, size - 1}).error().code,
            ErrorCode::LimitExceeded);
}

TEST(RecordedLayout, BytesUnderAnotherDigestAreRefused) {
  char folder[] = "/tmp/tegata-layout-XXXXXX";
  ASSERT_TRUE(::mkdtemp(folder));
  const std::filesystem::path root(folder);
  const std::string hex(64, 'a');
  std::filesystem::create_directories(root / "oci/blobs/sha256");
  std::ofstream(root / "case.json") << R"({"repository":"r.example.com/a","tags":{"v1":"sha256:)" << hex
                                    << "\"}}";
  std::ofstream(root / "oci/blobs/sha256" / hex) << "other bytes";
  const auto layout = RecordedLayout::open(root);
  ASSERT_TRUE(layout.ok()) << layout.error().message;
  EXPECT_EQ(layout->answer(TagRequest{layout->repository(), "v1"}).error().code, ErrorCode::Malformed);
  std::filesystem::remove_all(root);
}

TEST(RecordedLayout, AFolderWithoutCaseIsAnError) {
  EXPECT_EQ(RecordedLayout::open("/nonexistent").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace tegata::verifier
