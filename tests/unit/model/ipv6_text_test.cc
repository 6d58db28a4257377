// SPDX-License-Identifier: Apache-2.0
#include "policy/model/registry_host.h"

#include <gmock/gmock.h>

namespace tegata {
namespace {

TEST(Ipv6Text, HasOneSpelling) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"::", "::"},
      {"0:0:0:0:0:0:0:0", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:DB8::0001", "2001:db8::1"},
      {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
      {"1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
  };
  for (const auto& [text, canonical] : cases) {
    const auto groups = parse_ipv6(text);
    ASSERT_TRUE(groups) << text;
    EXPECT_EQ(ipv6_text(*groups), canonical);
    EXPECT_EQ(parse_ipv6(canonical), groups);
  }
}

TEST(Ipv6Text, RefusesWhatIsNoAddress) {
  for (const std::string text :
       {"", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1.2.3.4",
        "1:2:3:4::5:6:7:8", "::1%eth0", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "::+1"})
    EXPECT_FALSE(parse_ipv6(text)) << text;
}

}  // namespace
}  // namespace tegata
