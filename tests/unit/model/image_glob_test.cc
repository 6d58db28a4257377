// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/pattern.h"

#include <gmock/gmock.h>

#include <random>

#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

using ::testing::HasSubstr;

bool matches(const std::string& glob, const std::string& image) {
  const auto parsed = ImageGlob::parse(glob);
  if (!parsed.ok()) throw std::runtime_error(glob + ": " + parsed.error().message);
  return parsed->matches(ImageReference::parse(image)->repository());
}

TEST(ImageGlob, LooksAtCanonicalHostAndRepository) {
  const std::vector<std::tuple<std::string, std::string, bool>> cases{
      {"**", "nginx", true},
      {"**", "[::1]:5000/x", true},
      {"docker.io/**", "nginx", true},
      {"docker.io/**", "index.docker.io/acme/app:v1", true},
      {"docker.io/**", "registry-1.docker.io:443/acme/app", true},
      {"index.docker.io/**", "nginx", true},
      {"DOCKER.io:443/library/*", "nginx", true},
      {"docker.io/nginx", "nginx", true},
      {"docker.io/nginx", "docker.io/acme/nginx", false},
      {"docker.io/*", "nginx", false},
      {"docker.io/*/nginx", "nginx", true},
      {"ghcr.io/acme/*", "ghcr.io/acme/app", true},
      {"ghcr.io/acme/*", "ghcr.io/acme/team/app", false},
      {"ghcr.io/acme/**", "ghcr.io/acme/team/app", true},
      {"ghcr.io/acme/**", "ghcr.io/acme", false},
      {"ghcr.io/acme/**", "ghcr.io/acmeevil/app", false},
      {"ghcr.io/acme/**", "ghcr.io.evil.example/acme/app", false},
      {"ghcr.io/acme/**", "evil.example/ghcr.io/acme/app", false},
      {"ghcr.io/acme/**", "ghcr.io:8443/acme/app", false},
      {"ghcr.io/acme/app*", "ghcr.io/acme/app", true},
      {"ghcr.io/**app", "ghcr.io/acme/app", true},
      {"ghcr.io/**/app", "ghcr.io/a/b/app", true},
      {"ghcr.io/acme/app", "ghcr.io/acme/app:v1", true},
      {"111122223333.dkr.ecr.*.amazonaws.com/**", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a/b", true},
      {"111122223333.dkr.ecr.*.amazonaws.com/**", "111122223333.dkr-ecr-fips.us-east-1.on.aws/a", true},
      {"111122223333.dkr-ecr.*.on.aws/**", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a", true},
      {"111122223333.dkr.ecr.*.amazonaws.com/**", "111122223333.dkr.ecr.a.evil.amazonaws.com/a", false},
      {"111122223333.dkr.ecr.*.amazonaws.com/**", "999922223333.dkr.ecr.eu-west-1.amazonaws.com/a", false},
      {"111122223333.dkr.ecr.*.amazonaws.com/**", "111122223333.dkr.ecr.eu-west-1.amazonaws.com:8443/a",
       false},
      {"*.example/**", "a.example/x", true},
      {"*.example/**", "a.b.example/x", false},
      {"*.example/**", "a.example:5000/x", false},
      {"a*.example/**", "a.example/x", true},
      {"h.example:5000/**", "h.example:5000/x", true},
      {"h.example:5000/**", "h.example/x", false},
      {"h.example:*/**", "h.example:5000/x", false},
      {"h.example:*/**", "h.example/x", false},
      {"h.example:50*/**", "h.example:5000/x", false},
      {"localhost/**", "localhost/x", true},
      {"localhost/**", "localhost:5000/x", false},
      {"[::1]:5000/**", "[0:0:0:0:0:0:0:1]:5000/x", true},
  };
  for (const auto& [glob, image, expected] : cases)
    EXPECT_EQ(matches(glob, image), expected) << glob << " against " << image;
}

TEST(ImageGlob, RefusesWhatNamesNoHostOrIsNoPattern) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "is a host and a path"},
      {"nginx", "is a host and a path"},
      {"*", "is a host and a path"},
      {"*/**", "is a host and a path"},
      {"**/app", "is a host and a path"},
      {"acme/*", "is a host and a path"},
      {"/app", "is a host and a path"},
      {"ghcr.io", "is a host and a path"},
      {"https://ghcr.io/", "not with a scheme"},
      {"oci://ghcr.io/a", "not with a scheme"},
      {"ghcr.io/", "empty part"},
      {"ghcr.io//a", "empty part"},
      {"ghcr.io/a/", "empty part"},
      {"**.example/a", "**"},
      {"ghcr.io/***", "more than two stars"},
      {"ghcr.io/a:v1", "never at tag or digest"},
      {"ghcr.io/a@sha256:00", "never at tag or digest"},
      {"ghcr.io/A", "lower case"},
      {"ghcr.io/a?", "unexpected \"?\""},
      {"ghcr.io/[ab]", "unexpected \"[\""},
      {"ghcr.io./a", "empty label"},
      {"*..io/a", "empty label"},
      {"gh cr.io/a", "host name"},
      {"ghcr.io:x/a", "port"},
      {"ghcr.io:*x/a", "port"},
      {"ghcr.io:0/a", "port"},
      {"[::z]/a", "IPv6"},
  };
  for (const auto& [glob, message] : cases) {
    const auto parsed = ImageGlob::parse(glob);
    ASSERT_FALSE(parsed.ok()) << glob;
    EXPECT_EQ(parsed.error().code, ErrorCode::Malformed);
    EXPECT_THAT(parsed.error().message, HasSubstr(message)) << glob;
  }
}

TEST(ImageGlob, HoldsItsLimit) {
  const std::string host = "ghcr.io/";
  EXPECT_TRUE(ImageGlob::parse(host + std::string(limits::kGlob - host.size(), 'a')).ok());
  const auto long_one = ImageGlob::parse(host + std::string(limits::kGlob - host.size() + 1, 'a'));
  ASSERT_FALSE(long_one.ok());
  EXPECT_EQ(long_one.error().code, ErrorCode::LimitExceeded);
}

TEST(ImageGlob, KeepsItsTextAsWritten) {
  EXPECT_EQ(ImageGlob::parse("Index.docker.io:443/**")->text(), "Index.docker.io:443/**");
}

TEST(ImageGlob, EmptyListIsEveryImage) {
  EXPECT_TRUE(matches_any({}, ImageReference::parse("nginx")->repository()));
  EXPECT_FALSE(matches_any({*ImageGlob::parse("ghcr.io/**")}, ImageReference::parse("nginx")->repository()));
}

/// The definition itself, recursive and slow: `*` any run without `stop`; `**`, where `crossing`, any run.
bool naive(std::string_view pattern, std::string_view text, char stop, bool crossing) {
  if (pattern.empty()) return text.empty();
  if (crossing && pattern.starts_with("**")) {
    for (std::size_t i = 0; i <= text.size(); ++i)
      if (naive(pattern.substr(2), text.substr(i), stop, crossing)) return true;
    return false;
  }
  if (pattern.front() == '*') {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (naive(pattern.substr(1), text.substr(i), stop, crossing)) return true;
      if (i < text.size() && stop != '\0' && text[i] == stop) return false;
    }
    return false;
  }
  return !text.empty() && text.front() == pattern.front() &&
         naive(pattern.substr(1), text.substr(1), stop, crossing);
}

std::string random_text(std::mt19937& random, std::string_view letters, std::size_t longest) {
  std::string text(random() % (longest + 1), ' ');
  for (char& c : text) c = letters[random() % letters.size()];
  return text;
}

TEST(WildcardMatches, AgreesWithItsDefinitionOnRandomTexts) {
  std::mt19937 random(20261122);
  int matched = 0;
  for (int i = 0; i < 60'000; ++i) {
    const auto pattern = random_text(random, "ab/**", 8);
    const auto text = random_text(random, "ab/", 9);
    const char stop = i % 2 == 0 ? '/' : '\0';
    const bool expected = naive(pattern, text, stop, false);
    matched += expected ? 1 : 0;
    ASSERT_EQ(wildcard_matches(pattern, text, stop), expected) << pattern << " against " << text;
  }
  EXPECT_GT(matched, 2'000);
}

TEST(ImageGlob, AgreesWithItsDefinitionOnRandomPaths) {
  std::mt19937 random(4711);
  int compared = 0;
  int matched = 0;
  for (int i = 0; i < 60'000; ++i) {
    const auto pattern = random_text(random, "ab/**", 8);
    const auto path = random_text(random, "ab/", 9);
    const auto glob = ImageGlob::parse("h.example/" + pattern);
    const auto repository = Repository::parse("h.example/" + path);
    if (!glob.ok() || !repository.ok()) continue;
    const bool expected = naive(pattern, path, '/', true);
    ASSERT_EQ(glob->matches(*repository), expected) << pattern << " against " << path;
    ++compared;
    matched += expected ? 1 : 0;
  }
  EXPECT_GT(compared, 2'000);
  EXPECT_GT(matched, 200);
}

TEST(WildcardMatches, IsQuickOnPatternsMadeToBeSlow) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  EXPECT_FALSE(wildcard_matches(pattern + "b", std::string(4000, 'a')));
}

}  // namespace
}  // namespace tegata::policy
