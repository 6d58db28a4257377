// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/pattern.h"

#include <gtest/gtest.h>

#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

struct Case {
  const char* glob;
  const char* text;
  bool matches;
};

constexpr Case kCases[] = {
    {"https://github.com/acme/shop", "https://github.com/acme/shop", true},
    {"https://github.com/acme/shop", "https://github.com/acme/shops", false},
    {"https://github.com/acme/shop", "xhttps://github.com/acme/shop", false},
    {"https://github.com/acme/*", "https://github.com/acme/shop", true},
    {"https://github.com/acme/*", "https://github.com/acme/shop/x", false},
    {"https://github.com/acme/*", "https://github.com/acme.evil/x", false},
    {"https://github.com/acme/*", "https://github.com/acme-evil/x", false},
    {"https://github.com/acme/*", "https://github.com/acme/../evil", false},
    {"https://github.com/acme/*/x", "https://github.com/acme/../x", false},
    {"https://github.com/acme/**", "https://github.com/acme/../evil/x", false},
    {"https://github.com/acme/**", "https://github.com/acme/./x", false},
    {"https://github.com/acme/**", "https://github.com/acme//x", false},
    {"https://github.com/acme/*/x", "https://github.com/acme//x", false},
    {"https://github.com/acme/*", "https://github.com/acme/%2e%2e", false},
    {"https://github.com/acme/*", "https://github.com/acme/a%2fb", false},
    {"https://*.acme.com/x", "https://ci.acme.com/x", true},
    {"https://*.acme.com/x", "https://evil.org#.acme.com/x", false},
    {"https://*.acme.com/x", "https://evil.org?.acme.com/x", false},
    {"https://*.acme.com/x", "https://evil.org\\.acme.com/x", false},
    {"https://*.acme.com/x", "https://evil.org/.acme.com/x", false},
    {"https://*.acme.com/x", "https://evil .acme.com/x", false},
    {"https://*.acme.com/x", "https://evil\n.acme.com/x", false},
    {"https://github.com/acme/*/.github/workflows/release.yml@refs/heads/main",
     "https://github.com/acme/shop/.github/workflows/release.yml@refs/heads/main", true},
    {"https://github.com/acme/*/.github/workflows/release.yml@refs/heads/main",
     "https://github.com/acme/shop/.github/workflows/release.yml@refs/heads/main2", false},
    {"https://github.com/acme/*/.github/workflows/release.yml@refs/heads/main",
     "https://github.com/acme/evil/shop/.github/workflows/release.yml@refs/heads/main", false},
    {"https://github.com/acme/**@refs/heads/main",
     "https://github.com/acme/shop/.github/workflows/a.yml@refs/heads/main", true},
    {"https://github.com/acme/**@refs/heads/main",
     "https://github.com/acme/shop/.github/workflows/a.yml@refs/heads/x@refs/heads/main", false},
    {"https://github.com/acme/**", "https://github.com/acme/shop/.github/workflows/a.yml@refs/heads/x", true},
    {"*@example.com", "alice@example.com", true},
    {"*@example.com", "alice@example.com.evil.org", false},
    {"*@example.com", "alice@evil.org@example.com", false},
    {"*@example.com", "alice@EXAMPLE.com", false},
    {"**", "alice@example.com", true},
    {"**", "", false},
    {"refs/tags/v*", "refs/tags/v1.2.3", true},
    {"refs/tags/v*", "refs/tags/v", true},
    {"refs/tags/v*", "refs/tags/v1/x", false},
    {"refs/heads/release/**", "refs/heads/release/2027/01", true},
};

TEST(UriGlob, MatchesWhatItSaysAndNoLookAlikes) {
  for (const auto& c : kCases)
    EXPECT_EQ(UriGlob::parse(c.glob)->matches(c.text), c.matches) << c.glob << " against " << c.text;
}

TEST(UriGlob, ATextWithoutStarsIsComparedByteByByteWhateverItHolds) {
  EXPECT_TRUE(UriGlob::parse("a/../b?c#%")->matches("a/../b?c#%"));
  EXPECT_FALSE(UriGlob::parse("a/../b?c#%")->matches(std::string("a/../b?c#%\0", 11)));
}

TEST(UriGlob, RefusesNothingThreeStarsAndMoreThanItsBound) {
  EXPECT_FALSE(UriGlob::parse("").ok());
  EXPECT_FALSE(UriGlob::parse("a***").ok());
  EXPECT_TRUE(UriGlob::parse(std::string(limits::kGlob, 'a')).ok());
  EXPECT_EQ(UriGlob::parse(std::string(limits::kGlob + 1, 'a')).error().code, ErrorCode::LimitExceeded);
}

TEST(UriGlob, MatchesNoTextBeyondItsBound) {
  EXPECT_TRUE(UriGlob::parse("a*")->matches(std::string(8192, 'a')));
  EXPECT_FALSE(UriGlob::parse("a*")->matches(std::string(8193, 'a')));
}

}  // namespace
}  // namespace tegata::policy
