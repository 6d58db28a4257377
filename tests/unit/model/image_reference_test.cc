// SPDX-License-Identifier: Apache-2.0
#include "policy/model/image_reference.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"

namespace tegata {
namespace {

using ::testing::HasSubstr;

const std::string kHex(64, 'a');
const std::string kDigest = "sha256:" + kHex;

struct Accepted {
  std::string text;
  std::string canonical;
};

const std::vector<Accepted> kAccepted{
    {"nginx", "docker.io/library/nginx:latest"},
    {"nginx:1.25", "docker.io/library/nginx:1.25"},
    {"nginx@" + kDigest, "docker.io/library/nginx@" + kDigest},
    {"nginx:1.25@" + kDigest, "docker.io/library/nginx:1.25@" + kDigest},
    {"docker.io/nginx", "docker.io/library/nginx:latest"},
    {"docker.io/library/nginx", "docker.io/library/nginx:latest"},
    {"index.docker.io/nginx", "docker.io/library/nginx:latest"},
    {"registry-1.docker.io/library/nginx", "docker.io/library/nginx:latest"},
    {"DOCKER.IO/nginx", "docker.io/library/nginx:latest"},
    {"docker.io:443/nginx", "docker.io/library/nginx:latest"},
    {"acme/app", "docker.io/acme/app:latest"},
    {"acme/team/app:v1", "docker.io/acme/team/app:v1"},
    {"localhost/app", "localhost/app:latest"},
    {"Localhost/app", "localhost/app:latest"},
    {"localhost:5000", "docker.io/library/localhost:5000"},
    {"localhost:5000/app:v1", "localhost:5000/app:v1"},
    {"ghcr.io/acme/app:V1_x.y-z", "ghcr.io/acme/app:V1_x.y-z"},
    {"GHCR.io/acme/app", "ghcr.io/acme/app:latest"},
    {"ghcr.io:443/acme/app", "ghcr.io/acme/app:latest"},
    {"buildhost:443/app", "buildhost:443/app:latest"},
    {"buildhost:1/app", "buildhost:1/app:latest"},
    {"h.example:65535/app", "h.example:65535/app:latest"},
    {"[::1]:5000/x", "[::1]:5000/x:latest"},
    {"[::1]/x", "[::1]/x:latest"},
    {"[2001:DB8:0:0:0:0:0:1]:443/x", "[2001:db8::1]/x:latest"},
    {"127.0.0.1:5000/x", "127.0.0.1:5000/x:latest"},
    {"xn--gthub-zsa.io/x", "xn--gthub-zsa.io/x:latest"},
    {"h.example/a/b/c/d_e__f-g--h.i", "h.example/a/b/c/d_e__f-g--h.i:latest"},
    {"h.example/a:_", "h.example/a:_"},
    {kHex + ":v1", "docker.io/library/" + kHex + ":v1"},
    {"h.example/" + kHex, "h.example/" + kHex + ":latest"},
};

TEST(ImageReference, IsCompletedAsAContainerRuntimeDoes) {
  for (const auto& [text, canonical] : kAccepted) {
    const auto reference = ImageReference::parse(text);
    ASSERT_TRUE(reference.ok()) << text << ": " << reference.error().message;
    EXPECT_EQ(reference->canonical(), canonical) << text;
    EXPECT_EQ(reference->as_written(), text);
  }
}

TEST(ImageReference, ParsesItsCanonicalFormBack) {
  for (const auto& [text, canonical] : kAccepted) {
    const auto again = ImageReference::parse(canonical);
    ASSERT_TRUE(again.ok()) << canonical;
    EXPECT_TRUE(*again == *ImageReference::parse(text)) << text;
    EXPECT_EQ(again->canonical(), canonical);
    EXPECT_EQ(again->repository(), ImageReference::parse(text)->repository());
  }
}

TEST(ImageReference, KeepsBothTagAndDigest) {
  const auto reference = ImageReference::parse("h.example/app:abc@" + kDigest);
  ASSERT_TRUE(reference.ok());
  EXPECT_EQ(reference->tag(), "abc");
  EXPECT_EQ(reference->effective_tag(), "abc");
  EXPECT_EQ(reference->digest()->text(), kDigest);
}

TEST(ImageReference, AsksForLatestOnlyWhereNeitherTagNorDigestIsWritten) {
  const auto bare = ImageReference::parse("h.example/app");
  EXPECT_FALSE(bare->tag());
  EXPECT_EQ(bare->effective_tag(), "latest");
  const auto pinned = ImageReference::parse("h.example/app@" + kDigest);
  EXPECT_FALSE(pinned->tag());
  EXPECT_FALSE(pinned->effective_tag());
}

struct Refused {
  std::string text;
  std::string message;
};

TEST(ImageReference, RefusesWhatARuntimeWouldRefuseOrReadDifferentlyAndNamesThePart) {
  const std::vector<Refused> cases{
      {"", "no image is named"},
      {" ", "blank at byte 1"},
      {" nginx", "blank at byte 1"},
      {"nginx ", "blank at byte 6"},
      {"ng inx", "blank at byte 3"},
      {"nginx\n", "control character (0x0a) at byte 6"},
      {std::string("ng\0inx", 6), "control character (0x00) at byte 3"},
      {"nginx\x7f", "control character (0x7f)"},
      {"ghсr.io/acme/app", "not ASCII (0xd1) at byte 3"},  // a Cyrillic letter
      {"ghcr。io/acme/app", "not ASCII"},
      {kHex, "image id"},
      {"sha256:" + kHex, "image id"},
      {"sha384:" + std::string(96, 'a'), "image id"},
      {"sha512:" + std::string(128, 'a'), "image id"},
      {"Nginx", "upper-case letter in the repository name \"Nginx\""},
      {"Foo/bar", "upper-case letter in the repository name \"Foo\""},
      {"h.example/Acme/app", "upper-case"},
      {"h.example/", "no repository"},
      {"h.example//app", "not a part of a repository name: \"\""},
      {"/app", "not a part of a repository name: \"\""},
      {"h.example/app/", "not a part of a repository name: \"\""},
      {"h.example/../app", "not a part of a repository name: \"..\""},
      {"h.example/-app", "\"-app\""},
      {"h.example/app-", "\"app-\""},
      {"h.example/a..b", "\"a..b\""},
      {"h.example/a___b", "\"a___b\""},
      {"h.example/a._b", "\"a._b\""},
      {"h.example/a%2fb", "\"a%2fb\""},
      {"h.example./app", "empty label"},
      {"docker.io./nginx", "empty label"},
      {".example/app", "empty label"},
      {"h..example/app", "empty label"},
      {"-h.example/app", "hyphen"},
      {"h-.example/app", "hyphen"},
      {"h_x.example/app", "\"h_x\""},
      {"user@h.example/app", "sha256"},
      {"https://h.example/app", "an image name has no scheme; remove \"https://\""},
      {"http://h.example:5000/app:1", "remove \"http://\""},
      {"docker://h.example/app@" + kDigest, "remove \"docker://\""},
      {"docker://nginx", "remove \"docker://\""},
      {"oci://h.example/app", "remove \"oci://\""},
      {"OCI://h.example/app", "remove \"OCI://\""},
      {"git+ssh://h.example/app", "remove \"git+ssh://\""},
      {"docker:///app", "remove \"docker://\""},
      {"://h.example/app", "empty label"},
      {"h_x://h.example/app", "\"h_x\""},
      {"h.example:5000//app", "not a part of a repository name"},
      {"h.example:/app", "port"},
      {"h.example:0/app", "port"},
      {"h.example:65536/app", "port"},
      {"h.example:0443/app", "port"},
      {"h.example:+5/app", "port"},
      {"h.example:99999999999999999999/app", "port"},
      {"h.example:80:81/app", "port"},
      {"127.1/app", "IPv4"},
      {"0177.0.0.1/app", "IPv4"},
      {"127.0.0.256/app", "IPv4"},
      {"1.2.3.4.5/app", "IPv4"},
      {"h.0x7f/app", "IPv4"},
      {"[::1/app", "IPv6"},
      {"[::g]/app", "IPv6"},
      {"[]/app", "not a part of a repository name"},
      {"[::1]x/app", "IPv6"},
      {"[fe80::1%25eth0]/app", "IPv6"},
      {"h.example/app:", "without a tag"},
      {"h.example/app:-x", "not a tag: \"-x\""},
      {"h.example/app:.x", "not a tag"},
      {"h.example/app:a+b", "not a tag"},
      {"h.example/app:a:b", "\"app:a\""},
      {"h.example/app@", "sha256"},
      {"h.example/app@sha512:" + kHex + kHex, "sha256"},
      {"h.example/app@sha256:" + std::string(63, 'a'), "63"},
      {"h.example/app@sha256:" + std::string(65, 'a'), "65"},
      {"h.example/app@sha256:" + std::string(64, 'A'), "lower-case"},
      {"h.example/app@" + kDigest + "@" + kDigest, "64 hex digits"},
      {"@" + kDigest, "no repository"},
      {":tag", "no repository"},
  };
  for (const auto& [text, message] : cases) {
    const auto reference = ImageReference::parse(text);
    ASSERT_FALSE(reference.ok()) << text << " became " << reference->canonical();
    EXPECT_THAT(reference.error().message, HasSubstr(message)) << text;
    EXPECT_EQ(reference.error().code, ErrorCode::Malformed) << text;
  }
}

void expect_limit(const std::string& at_bound, const std::string& past_it) {
  const auto good = ImageReference::parse(at_bound);
  EXPECT_TRUE(good.ok()) << good.error().message;
  const auto bad = ImageReference::parse(past_it);
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, ErrorCode::LimitExceeded);
}

TEST(ImageReference, HoldsTheLimitOfATag) {
  const std::string name = "h.example/app:";
  expect_limit(name + std::string(limits::kTag, 'a'), name + std::string(limits::kTag + 1, 'a'));
}

TEST(ImageReference, HoldsTheLimitOfARepositoryName) {
  const std::string host = "h.example/";
  expect_limit(host + std::string(limits::kRepositoryName, 'a'),
               host + std::string(limits::kRepositoryName + 1, 'a'));
}

TEST(ImageReference, CountsWhatCompletionAddsToARepositoryName) {
  const std::size_t room = limits::kRepositoryName - std::string("library/").size();
  expect_limit(std::string(room, 'a'), std::string(room + 1, 'a'));
}

TEST(ImageReference, HoldsTheLimitOfTheWholeText) {
  const std::string end = ".example/app:v1";
  expect_limit(std::string(limits::kReferenceText - end.size(), 'a') + end,
               std::string(limits::kReferenceText - end.size() + 1, 'a') + end);
}

// What is told of an image is shown as a sentence of ours: nothing in its text may end the quotation.
TEST(ImageReference, QuotesWhatItRefusesSoThatNothingInItEndsTheQuotation) {
  const auto refused = [](const std::string& text) { return ImageReference::parse(text).error().message; };
  EXPECT_THAT(refused("a.example/x\";fix=\"y"), HasSubstr(R"("x\";fix=\"y")"));
  EXPECT_THAT(refused("a\"b.example/x"), HasSubstr(R"(\")"));
  EXPECT_THAT(refused("a.example/x:t\"u"), HasSubstr(R"(\")"));
}

TEST(Repository, IsCompletedLikeAReference) {
  EXPECT_EQ(Repository::parse("GHCR.io:443/acme/sigs")->text(), "ghcr.io/acme/sigs");
  EXPECT_EQ(Repository::parse("index.docker.io/nginx")->text(), "docker.io/library/nginx");
}

TEST(Repository, RefusesTagAndDigest) {
  EXPECT_THAT(Repository::parse("ghcr.io/acme/sigs:v1").error().message, HasSubstr("without a tag"));
  EXPECT_THAT(Repository::parse("ghcr.io/acme/sigs@" + kDigest).error().message,
              HasSubstr("without a digest"));
  EXPECT_FALSE(Repository::parse("").ok());
  EXPECT_FALSE(Repository::parse(kHex).ok());
}

}  // namespace
}  // namespace tegata
