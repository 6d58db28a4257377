// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "verifier/oci/registry_http.h"

namespace tegata::verifier {
namespace {

std::string told(std::string_view header) {
  const auto parsed = parse_www_authenticate(header);
  if (!parsed.ok()) return std::string(name_of(parsed.error().code));
  std::string text;
  for (const auto& challenge : *parsed) {
    text += challenge.scheme + "{";
    for (const auto& [name, value] : challenge.parameters) text += name + "=" + value + ";";
    text += "}";
  }
  return text;
}

TEST(QuotedHeader, IsCutAtItsBound) {
  const std::string most(limits::kQuotedHeader, 'x');
  EXPECT_EQ(quoted_header(most, Secret()), "\"" + most + "\"");
  const auto cut = quoted_header(most + "y", Secret());
  EXPECT_LE(cut.size(), limits::kQuotedHeader + 2);
  EXPECT_EQ(cut.find('y'), std::string::npos);
}

TEST(QuotedHeader, DoesNotShowCredentials) {
  const Secret basic("Basic bWU6c2VzYW1l");   // me:sesame
  const Secret padded("Basic bWU6c2VzYW0=");  // me:sesam
  const Secret bearer("Bearer opens");
  EXPECT_EQ(quoted_header("a bWU6c2VzYW1l", basic), "(not shown)");
  EXPECT_EQ(quoted_header("abwu6c2vzyw1l", basic), "(not shown)");  // Content-Type is in lower case
  EXPECT_EQ(quoted_header("bWU6c2VzYW0", padded), "(not shown)");
  EXPECT_EQ(quoted_header("x-sesame-x", basic), "(not shown)");
  EXPECT_EQ(quoted_header("it opens", bearer), "(not shown)");
  EXPECT_EQ(quoted_header("BEARER x", Secret()), "(not shown)");
  EXPECT_EQ(quoted_header("Basic x", Secret()), "(not shown)");
  EXPECT_EQ(quoted_header(std::string(limits::kQuotedHeader, 'x') + "opens", bearer), "(not shown)");
  EXPECT_EQ(quoted_header("me", basic), "\"me\"");
  EXPECT_EQ(quoted_header("text/html", Secret("Basic bWU6")), "\"text/html\"");  // an empty password
  EXPECT_EQ(quoted_header("", bearer), "\"\"");
}

TEST(WwwAuthenticate, ReadsChallenges) {
  const std::vector<std::pair<std::string, std::string>> table{
      {R"(Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull")",
       "bearer{realm=https://auth.docker.io/token;scope=repository:a/b:pull;service=registry.docker.io;}"},
      {R"(BEARER Realm=x)", "bearer{realm=x;}"},
      {R"(Basic realm="a \"quoted\" \\ one")", R"(basic{realm=a "quoted" \ one;})"},
      {R"(Basic realm="a, Bearer realm=b")", "basic{realm=a, Bearer realm=b;}"},
      {R"(Basic realm="x", Bearer realm="y",service="z")", "basic{realm=x;}bearer{realm=y;service=z;}"},
      {R"(Bearer realm = "y" , service = z)", "bearer{realm=y;service=z;}"},
      {R"(Negotiate, Basic realm="x")", "negotiate{}basic{realm=x;}"},
      {R"(Negotiate a87421000492aa874209af8bc028==, Basic realm="x")", "negotiate{}basic{realm=x;}"},
      {"Negotiate", "negotiate{}"},
      {R"(, ,Basic realm="",)", "basic{realm=;}"},
      {"", ""},
  };
  for (const auto& [header, expected] : table) EXPECT_EQ(told(header), expected) << header;
}

TEST(WwwAuthenticate, RefusesWhatItCannotRead) {
  for (const std::string header :
       {R"(Bearer realm="open)", R"(Bearer realm="open\)", R"(Bearer realm="x",realm="y")",
        R"(Bearer realm="x" service="y")", "=", "Bearer service=h:5000,realm=x", "Bearer realm=\"x\";",
        "Bearer a b", "\"x\"", "Bearer\x01x"})
    EXPECT_EQ(told(header), "Malformed") << header;
}

TEST(WwwAuthenticate, IsBounded) {
  const std::string start = "Basic realm=\"";
  EXPECT_NE(told(start + std::string(limits::kChallenge - start.size() - 1, 'x') + "\""), "LimitExceeded");
  EXPECT_EQ(told(start + std::string(limits::kChallenge - start.size(), 'x') + "\""), "LimitExceeded");
  std::string many = "Basic p0=x";
  for (std::size_t i = 1; i < limits::kChallengeParameters; ++i) many += ",p" + std::to_string(i) + "=x";
  EXPECT_NE(told(many), "LimitExceeded");
  EXPECT_EQ(told(many + ",last=x"), "LimitExceeded");
}

TEST(NextLink, FindsTheNextPage) {
  const std::vector<std::pair<std::string, std::string>> table{
      {R"(</v2/a/referrers/x?from=3>; rel="next")", "/v2/a/referrers/x?from=3"},
      {"<n>;rel=next", "n"},
      {R"(<a>; rel="prev", <b>; REL="Next")", "b"},
      {R"(<a>; title="x, <y>; rel=next", <b>; rel="first next")", "b"},
      {R"(<a,b;c>; rel="next")", "a,b;c"},
      {R"(<a>; rel="nextish")", "none"},
      {"<a>; rel=\"prev\"", "none"},
      {"<a>", "none"},
      {"<a; rel=next", "none"},
      {"a; rel=next", "none"},
      {"", "none"},
  };
  for (const auto& [header, expected] : table)
    EXPECT_EQ(next_link(header).value_or("none"), expected) << header;
}

TEST(TokenAnswer, HasATokenAndABoundedLife) {
  const auto of = [](std::string_view body) { return parse_token_answer(body); };
  EXPECT_EQ(of(R"({"token":"t"})")->header.reveal(), "Bearer t");
  EXPECT_EQ(of(R"({"access_token":"t","token":""})")->header.reveal(), "Bearer t");
  EXPECT_EQ(of(R"({"token":"t"})")->lifetime, std::chrono::seconds(60));
  EXPECT_EQ(of(R"({"token":"t","expires_in":300})")->lifetime, std::chrono::seconds(300));
  EXPECT_EQ(of(R"({"token":"t","expires_in":3600})")->lifetime, limits::kTokenLifetime);
  EXPECT_EQ(of(R"({"token":"t","expires_in":3601})")->lifetime, limits::kTokenLifetime);
  for (const std::string body :
       {"", "[]", "{}", R"({"token":null})", R"({"token":"a b"})", R"({"token":"\u00e9"})",
        R"({"token":"t","expires_in":-1})", R"({"token":"t","token":"u"})"})
    EXPECT_EQ(of(body).error().code, ErrorCode::UnexpectedAnswer) << body;
}

}  // namespace
}  // namespace tegata::verifier
