// SPDX-License-Identifier: Apache-2.0
#include "policy/model/tag_mutability.h"

#include <gmock/gmock.h>

namespace tegata {
namespace {

using Setting = TagMutability::Setting;

TEST(TagMutability, IsTheSettingUnlessAFilterMatches) {
  for (const char* tag : {"v1", "latest", ""}) {
    EXPECT_TRUE(TagMutability{Setting::Immutable}.holds(tag));
    EXPECT_FALSE(TagMutability{Setting::Mutable}.holds(tag));
    EXPECT_FALSE(TagMutability{}.holds(tag)) << "a registry without the setting";
  }
  const TagMutability immutable{Setting::Immutable, {"dev-*", "latest"}};
  EXPECT_TRUE(immutable.holds("v1"));
  EXPECT_FALSE(immutable.holds("dev-1"));
  EXPECT_FALSE(immutable.holds("latest"));
  EXPECT_EQ(*immutable.filter_of("latest"), "latest");
  const TagMutability may_move{Setting::Mutable, {"v*"}};
  EXPECT_TRUE(may_move.holds("v1"));
  EXPECT_FALSE(may_move.holds("latest"));
}

TEST(TagMutability, AFilterMatchesTheWholeTag) {
  struct Case {
    std::string filter, tag;
    bool matches;
  };
  for (const auto& [filter, tag, matches] : std::vector<Case>{
           {"a", "a", true},         {"a", "ab", false},        {"a", "ba", false},   {"a", "A", false},
           {"*", "", true},          {"*", "anything", true},   {"a*", "a", true},    {"*a", "bca", true},
           {"a*c", "abbc", true},    {"a*c", "abbcd", false},   {"*b*", "abc", true}, {"*b*", "acd", false},
           {"a*b*c", "axbyc", true}, {"a*b*c", "axcyb", false}, {"a**", "a", true},   {"a.c", "abc", false},
           {"a?", "ab", false},      {"[a]", "a", false},       {"*ab", "aab", true}, {"*aab", "aaab", true}})
    EXPECT_EQ((TagMutability{Setting::Mutable, {filter}}.holds(tag)), matches) << filter << " " << tag;
}

}  // namespace
}  // namespace tegata
