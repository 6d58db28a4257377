// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/certificate.h"

#include <gtest/gtest.h>

#include "tests/support/test_pki.h"

namespace tegata::verifier {
namespace {

using testing::TestCertificateHolder;

Certificate parsed(const TestCertificateHolder& holder) { return *Certificate::parse_der(holder.der()); }

TEST(RecentAuthorities, KeepsAnAuthorityAndFindsItByAllOfItsBytes) {
  const auto root = TestCertificateHolder::root();
  RecentAuthorities recent;
  EXPECT_FALSE(recent.find(root.der()));
  recent.keep(parsed(root));
  ASSERT_TRUE(recent.find(root.der()));
  EXPECT_EQ(recent.find(root.der())->der(), root.der());
  for (const std::size_t at : {std::size_t{0}, root.der().size() / 2, root.der().size() - 1}) {
    auto other = root.der();
    other[at] = static_cast<char>(other[at] ^ 1);
    EXPECT_FALSE(recent.find(other)) << at;
  }
  EXPECT_FALSE(recent.find(root.der() + '\0'));
  EXPECT_FALSE(recent.find(root.der().substr(0, root.der().size() - 1)));
}

TEST(RecentAuthorities, DoesNotKeepLeavesWhichComeOnce) {
  const auto leaf = TestCertificateHolder::root().issue({});
  RecentAuthorities recent;
  recent.keep(parsed(leaf));
  EXPECT_FALSE(recent.find(leaf.der()));
}

TEST(RecentAuthorities, HoldsEightAndGivesUpTheOldest) {
  std::vector<TestCertificateHolder> roots;
  RecentAuthorities recent;
  for (int i = 0; i < 9; ++i) {
    roots.push_back(TestCertificateHolder::root("root " + std::to_string(i)));
    if (i == 8) {
      EXPECT_TRUE(recent.find(roots.front().der()));
    }
    recent.keep(parsed(roots.back()));
  }
  EXPECT_FALSE(recent.find(roots.front().der()));
  for (int i = 1; i < 9; ++i) EXPECT_TRUE(recent.find(roots[i].der())) << i;
}

}  // namespace
}  // namespace tegata::verifier
