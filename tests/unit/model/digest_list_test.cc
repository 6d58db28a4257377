// SPDX-License-Identifier: Apache-2.0
#include "policy/model/digest_list.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"

namespace tegata {
namespace {

using ::testing::HasSubstr;

std::string digest(char digit) { return "sha256:" + std::string(64, digit); }
std::string error_of(const std::string& text) {
  const auto list = read_digest_list(text, "denied.txt");
  return list.ok() ? "" : list.error().message;
}

TEST(DigestList, HoldsEachDigestOnceInOrderWhateverIsAroundIt) {
  const auto list = read_digest_list(
      "# withdrawn\n\n" + digest('b') + "  # CVE\r\n\t" + digest('a') + "\n" + digest('b') + "#x",
      "denied.txt");
  ASSERT_TRUE(list.ok()) << list.error().message;
  ASSERT_EQ(list->digests.size(), 2U);
  EXPECT_EQ(list->digests[0].text(), digest('a'));
  EXPECT_EQ(list->digests[1].text(), digest('b'));
  EXPECT_TRUE(list->contains(*Digest::parse(digest('b'))));
  EXPECT_FALSE(list->contains(*Digest::parse(digest('c'))));
}

TEST(DigestList, NamesTheFileAndTheLineOfWhatIsNoDigest) {
  for (const auto& wrong : std::vector<std::string>{
           "sha256:abc", "nginx@" + digest('a'), digest('A'), digest('a') + " " + digest('b'),
           digest('a') + ",", "sha512:" + std::string(128, 'a'), "\xef\xbb\xbf" + digest('a')})
    EXPECT_THAT(error_of("# one\n" + digest('a') + "\n" + wrong + "\n"), HasSubstr("denied.txt:3: \""))
        << wrong;
  EXPECT_THAT(error_of("x\x1b[31m\n"), HasSubstr("denied.txt:1: \"x\\x1b[31m\" is not a digest"));
}

TEST(DigestList, IsEmptyOnlyWhereACommentSaysSo) {
  const auto list = read_digest_list("# none\n", "denied.txt");
  ASSERT_TRUE(list.ok());
  EXPECT_TRUE(list->digests.empty());
  for (const std::string nothing : {"", "\n", " \r\n\n"})
    EXPECT_THAT(error_of(nothing), HasSubstr("is empty"));
}

TEST(DigestList, HasAsManyDigestsAsItsBoundAndNoMore) {
  std::string text;
  for (std::size_t i = 0; i < limits::kListedDigests; ++i) text += digest('a') + "\n";
  EXPECT_EQ(error_of(text), "");
  EXPECT_THAT(error_of(text + digest('a') + "\n"), HasSubstr("denied.txt:50001: more than 50000 digests"));
}

}  // namespace
}  // namespace tegata
