// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/request_head.h"

#include <gmock/gmock.h>

namespace tegata::webhook::http {
namespace {

TEST(RequestHead, KeepsWhatIsUsedOfARequest) {
  const auto parsed = parse_request_head(
      "POST /validate?timeout=10s HTTP/1.1\r\nHost: a\r\nUser-Agent: kube-apiserver-admission\r\n"
      "content-TYPE: \t application/json \r\nContent-Length: 42\r\nAccept: */*\r\n\r\n");
  const auto* head = std::get_if<RequestHead>(&parsed);
  ASSERT_NE(head, nullptr);
  EXPECT_EQ(head->method, "POST");
  EXPECT_EQ(head->target, "/validate?timeout=10s");
  EXPECT_EQ(head->content_type, "application/json");
  EXPECT_EQ(head->content_length, 42U);
  EXPECT_FALSE(head->expects_continue);
  EXPECT_FALSE(head->closes);
}

TEST(RequestHead, KnowsWhenTheClientWantsTheConnectionClosed) {
  const auto closes = [](const std::string& line, const std::string& fields) {
    const auto parsed = parse_request_head(line + "\r\nHost: a\r\n" + fields + "\r\n");
    return std::get<RequestHead>(parsed).closes;
  };
  EXPECT_TRUE(closes("GET / HTTP/1.1", "Connection: close\r\n"));
  EXPECT_TRUE(closes("GET / HTTP/1.1", "connection: Keep-Alive , CLOSE\r\n"));
  EXPECT_TRUE(closes("GET / HTTP/1.0", ""));
  EXPECT_FALSE(closes("GET / HTTP/1.1", "Connection: keep-alive\r\n"));
  EXPECT_FALSE(closes("GET / HTTP/1.1", "Connection: closed\r\n"));
}

TEST(RequestHead, RefusesWhatAnotherParserCouldReadDifferently) {
  const std::string good = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n";
  const std::vector<std::pair<std::string, int>> cases{
      {good, 400},                                               // no empty line
      {good + "\r\nx", 400},                                     // more than a head
      {good + "A b: c\r\n\r\n", 400},                            // blank in a name
      {good + ": c\r\n\r\n", 400},                               // no name
      {good + "A: b\rc\r\n\r\n", 400},                           // bare CR
      {good + "A: b\nTransfer-Encoding: chunked\r\n\r\n", 400},  // bare LF
      {good + std::string("A: b\0c\r\n\r\n", 10), 400},          // NUL
      {good + "Host: b\r\n\r\n", 400},                           // two hosts
      {good + "Content-Length: 1\r\n\r\n", 400},                 // two lengths, though equal
      {good + "transfer-encoding: identity\r\n\r\n", 400},
      {good + "Content-Encoding: identity\r\n\r\n", 415},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n", 400},
      {"POST  / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", 400},
      {"POST /a b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", 400},
      {"POST /#a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", 400},
      {"POST / HTTP/1.1 \r\nHost: a\r\nContent-Length: 1\r\n\r\n", 400},
      {"P@ST / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
      {"", 400},
  };
  for (const auto& [text, status] : cases) {
    const auto parsed = parse_request_head(text);
    const auto* refusal = std::get_if<Refusal>(&parsed);
    ASSERT_NE(refusal, nullptr) << text;
    EXPECT_EQ(refusal->status, status) << text;
  }
}

TEST(RequestHead, OnlyJsonIsJson) {
  for (const char* type :
       {"application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;"})
    EXPECT_TRUE(is_json_type(type)) << type;
  for (const char* type :
       {"", "application/jsonp", "text/json", "application/json x", "application/xml;application/json"})
    EXPECT_FALSE(is_json_type(type)) << type;
}

}  // namespace
}  // namespace tegata::webhook::http
