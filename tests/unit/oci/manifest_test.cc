// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/manifest.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

using ::testing::HasSubstr;

const std::string kDigest = "sha256:" + std::string(64, 'a');
const std::string kDescriptor = R"({"mediaType":"a/b","size":5,"digest":")" + kDigest + "\"}";

std::string manifest_with(const std::string& rest) {
  return R"({"schemaVersion":2,"config":)" + kDescriptor + rest + "}";
}
ErrorCode code_of(const std::string& bytes) {
  const auto parsed = parse_manifest(bytes);
  EXPECT_FALSE(parsed.ok()) << bytes;
  return parsed.ok() ? ErrorCode::Internal : parsed.error().code;
}

TEST(ParseManifest, ReadsAllThatTheVerifierLooksAt) {
  const auto parsed = parse_manifest(manifest_with(
      R"(,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"x/y","layers":[)" +
      kDescriptor.substr(0, kDescriptor.size() - 1) + R"(,"annotations":{"k":"v"}}],"subject":)" +
      kDescriptor + R"(,"annotations":{"a":"b"})"));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const auto& manifest = std::get<Manifest>(*parsed);
  EXPECT_EQ(manifest.artifact_type, "x/y");
  EXPECT_EQ(manifest.config.size, 5U);
  EXPECT_EQ(manifest.config.media_type, "a/b");
  ASSERT_EQ(manifest.layers.size(), 1U);
  EXPECT_EQ(manifest.layers[0].descriptor.digest.text(), kDigest);
  EXPECT_EQ(manifest.layers[0].annotations.at("k"), "v");
  EXPECT_EQ(manifest.subject.value().digest.text(), kDigest);
  EXPECT_EQ(manifest.annotations.at("a"), "b");
}

TEST(ParseManifest, WhatIsAbsentOrNullIsEmpty) {
  for (const std::string rest :
       {"", R"(,"layers":null,"subject":null,"annotations":null,"artifactType":null)"}) {
    const auto parsed = parse_manifest(manifest_with(rest));
    ASSERT_TRUE(parsed.ok());
    const auto& manifest = std::get<Manifest>(*parsed);
    EXPECT_TRUE(manifest.layers.empty() && manifest.annotations.empty() && manifest.media_type.empty());
    EXPECT_FALSE(manifest.subject.has_value());
  }
}

TEST(ParseManifest, ReadsAnIndex) {
  const auto parsed =
      parse_manifest(R"({"schemaVersion":2,"manifests":[)" + kDescriptor + "," + kDescriptor + "]}");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(std::get<Index>(*parsed).manifests.size(), 2U);
}

std::string index_of(const std::string& platform, const std::string& rest = "") {
  return R"({"schemaVersion":2,"manifests":[)" + kDescriptor.substr(0, kDescriptor.size() - 1) +
         R"(,"platform":)" + platform + "}]" + rest + "}";
}

TEST(ParseManifest, ReadsThePlatformsAndAnnotationsOfAnIndex) {
  const auto parsed =
      parse_manifest(index_of(R"({"os":"linux","architecture":"arm64"})", R"(,"annotations":{"a":"b"})"));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const auto& index = std::get<Index>(*parsed);
  EXPECT_EQ(index.manifests.at(0).os, "linux");
  EXPECT_EQ(index.manifests.at(0).architecture, "arm64");
  EXPECT_EQ(index.annotations.at("a"), "b");
  for (const auto* none : {"null", "{}", R"({"os":null})"}) {
    const auto without = parse_manifest(index_of(none));
    ASSERT_TRUE(without.ok()) << none;
    EXPECT_EQ(std::get<Index>(*without).manifests.at(0).os, "");
  }
  for (const auto* wrong : {"[]", R"("linux")", R"({"os":1})", R"({"architecture":[]})"})
    EXPECT_EQ(code_of(index_of(wrong)), ErrorCode::Malformed) << wrong;
  EXPECT_EQ(code_of(index_of("{}", R"(,"annotations":{"a":1})")), ErrorCode::Malformed);
}

TEST(ParseManifest, RefusesWhatCouldBeReadInTwoWays) {
  const std::string index_type = R"(,"mediaType":"application/vnd.oci.image.index.v1+json")";
  const std::string list_type = R"(,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json")";
  const std::string image_type = R"("mediaType":"application/vnd.oci.image.manifest.v1+json")";
  for (const std::string& bytes :
       {manifest_with(R"(,"manifests":[])"), manifest_with(index_type), manifest_with(list_type),
        manifest_with(R"(,"fsLayers":[])"), manifest_with(R"(,"schemaVersion":2)"),
        R"({"schemaVersion":2,"manifests":[],)" + image_type + "}",
        std::string(R"({"schemaVersion":2,"layers":[],"manifests":[]})"),
        std::string(R"({"schemaVersion":2})")})
    EXPECT_EQ(code_of(bytes), ErrorCode::Malformed);
}

TEST(ParseManifest, RefusesNamesThatGoReadsAsKnownOnes) {
  const auto bad = kDescriptor.substr(0, kDescriptor.size() - 1);
  for (const auto& bytes :
       {manifest_with(R"(,"Config":)" + kDescriptor), manifest_with(R"(,"Manifests":[])"),
        manifest_with(R"(,"layerS":[])"), manifest_with(",\"layer\u017f\":[]"),
        manifest_with(R"(,"MediaType":"x")"), manifest_with(R"(,"layers":[)" + bad + R"(,"Digest":"x"}])"),
        R"({"SchemaVersion":2,"config":)" + kDescriptor + "}",
        index_of(R"({"os":"unknown","architecture":"unknown","OS":"linux"})")})
    EXPECT_EQ(code_of(bytes), ErrorCode::Malformed) << bytes;
  EXPECT_TRUE(parse_manifest(manifest_with(R"(,"configs":{},"Other":1)")).ok());
}

TEST(ParseManifest, RefusesOtherVersionsAndTypes) {
  EXPECT_EQ(code_of(R"({"schemaVersion":1,"fsLayers":[]})"), ErrorCode::Malformed);
  EXPECT_THAT(parse_manifest(R"({"schemaVersion":1})").error().message, HasSubstr("schema 1"));
  for (const std::string bytes :
       {"", "[]", "7", "{}", R"({"schemaVersion":3,"layers":[]})", R"({"schemaVersion":"2","layers":[]})",
        R"({"schemaVersion":2,"layers":[]})"})
    EXPECT_EQ(code_of(bytes), ErrorCode::Malformed) << bytes;
  EXPECT_EQ(code_of(manifest_with(R"(,"mediaType":"text/html")")), ErrorCode::Malformed);
}

TEST(ParseManifest, RefusesBadDescriptors) {
  const auto layer = [](const std::string& text) { return manifest_with(R"(,"layers":[)" + text + "]"); };
  for (const std::string text : {
           "7",
           "null",
           "{}",
           R"({"mediaType":"a","size":1})",
           R"({"mediaType":"a","digest":"sha256:00","size":1})",
       })
    EXPECT_EQ(code_of(layer(text)), ErrorCode::Malformed) << text;
  for (const std::string& rest :
       {R"(,"size":1})" + std::string(), std::string(R"(,"mediaType":"a"})"),
        std::string(R"(,"mediaType":"a","size":-1})"), std::string(R"(,"mediaType":"a","size":1.5})"),
        std::string(R"(,"mediaType":"a","size":"1"})"),
        std::string(R"(,"mediaType":"a","size":9223372036854775808})"),
        std::string(R"(,"mediaType":"a","size":1,"annotations":[]})"),
        std::string(R"(,"mediaType":"a","size":1,"annotations":{"k":1}})")})
    EXPECT_EQ(code_of(layer(R"({"digest":")" + kDigest + "\"" + rest)), ErrorCode::Malformed) << rest;
  EXPECT_EQ(code_of(manifest_with(R"(,"layers":{})")), ErrorCode::Malformed);
  EXPECT_EQ(code_of(manifest_with(R"(,"subject":{})")), ErrorCode::Malformed);
}

TEST(ParseManifest, IsBoundedInBytesAndDepth) {
  std::string bytes = manifest_with("");
  bytes.append(limits::kManifest - bytes.size(), ' ');
  EXPECT_TRUE(parse_manifest(bytes).ok());
  EXPECT_EQ(code_of(bytes + " "), ErrorCode::LimitExceeded);
  EXPECT_EQ(code_of(std::string(10'000, '[')), ErrorCode::LimitExceeded);
}

TEST(ParseReferrers, IsAnIndexOrNothing) {
  EXPECT_FALSE(parse_referrers(manifest_with("")).ok());
  EXPECT_EQ(parse_referrers(R"({"schemaVersion":2,"manifests":[{},)" + kDescriptor + "]}")->size(), 1U);
  EXPECT_TRUE(parse_referrers(R"({"schemaVersion":2,"manifests":null})")->empty());
}

}  // namespace
}  // namespace tegata::verifier
