// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/url.h"

#include <gtest/gtest.h>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

TEST(Url, KnowsItsOrigin) {
  const auto url = *Url::parse("https://Example.COM/v2/a?b=c");
  EXPECT_EQ(url.host(), "example.com");
  EXPECT_EQ(url.port(), 443);
  EXPECT_EQ(url.origin(), "https://example.com:443");
  EXPECT_TRUE(url.same_origin(*Url::parse("https://example.com:443/other")));
  for (const std::string other :
       {"http://example.com:443/", "https://example.com:8443/", "https://example.org/",
        "https://example.com.evil.test/", "http://example.com/"})
    EXPECT_FALSE(url.same_origin(*Url::parse(other))) << other;
  EXPECT_EQ(Url::parse("http://h/")->port(), 80);
  EXPECT_EQ(Url::parse("http://[::1]:5000/")->host_and_port(), "[::1]:5000");
}

TEST(Url, ParsesItsOwnTextAgain) {
  for (const std::string text :
       {"https://example.com/a/../b?x=%2F", "http://127.0.0.1:5000/v2/", "https://h/?a=b&c=d"}) {
    const auto url = *Url::parse(text);
    EXPECT_EQ(Url::parse(url.text())->text(), url.text());
  }
}

TEST(Url, RefusesWhatIsNotPlain) {
  for (const std::string text :
       {"", "example.com", "//example.com", "ftp://h/", "file:///etc/passwd", "javascript:alert(1)",
        "https://", "https:///x", "https://u@h/", "https://u:p@h/", "https://h/#f", "https://h/ x",
        "https://h/\r\nX: y", "https://h\\@evil/", "https://h:0/", "https://h:99999/", "https://h:x/",
        "https://[fe80::1%25eth0]/", "https://h/\xc3\xa9"})
    EXPECT_FALSE(Url::parse(text).ok()) << text;
}

TEST(Url, ResolvesReferences) {
  const auto base = *Url::parse("https://h.example.com/v2/a/blobs/x?q=1");
  const std::vector<std::pair<std::string, std::string>> table{
      {"/other", "https://h.example.com/other"},          {"y?z", "https://h.example.com/v2/a/blobs/y?z"},
      {"//evil.test/x", "https://evil.test/x"},           {"https://evil.test/x", "https://evil.test/x"},
      {"?n=2", "https://h.example.com/v2/a/blobs/x?n=2"},
  };
  for (const auto& [reference, expected] : table)
    EXPECT_EQ(base.resolve(reference)->text(), expected) << reference;
  for (const std::string bad : {"file:///x", "https://u:p@h/", "/a b", "/a\nb", "\\\\evil"})
    EXPECT_FALSE(base.resolve(bad).ok()) << bad;
}

TEST(Url, EscapesWhatItAddsToTheQuery) {
  const auto url = Url::parse("https://h/token?a=1")->with_query("service", "x&y=z #");
  EXPECT_EQ(Url::parse(url.text())->text(), url.text());
  EXPECT_EQ(url.text().find("&y="), std::string::npos);
  EXPECT_EQ(url.text().rfind("https://h/token?a=1&service=", 0), 0U);
}

TEST(Url, IsBounded) {
  const std::string start = "https://h/";
  EXPECT_TRUE(Url::parse(start + std::string(limits::kUrl - start.size(), 'x')).ok());
  EXPECT_EQ(Url::parse(start + std::string(limits::kUrl - start.size() + 1, 'x')).error().code,
            ErrorCode::LimitExceeded);
}

}  // namespace
}  // namespace tegata::verifier
