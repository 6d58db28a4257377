// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/router.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "webhook/http/httplib_router.h"
#include "webhook/http/reply_text.h"
#include "webhook/http/request_target.h"

namespace tegata::webhook::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using Parameters = std::map<std::string, std::string>;

TEST(RequestTarget, IsAPathAndParametersDecoded) {
  const std::vector<std::pair<std::string, RequestTarget>> cases{
      {"/validate", {"/validate", {}}},
      {"/validate?", {"/validate", {}}},
      {"/validate?timeout=10s", {"/validate", {{"timeout", "10s"}}}},
      {"/a?b", {"/a", {{"b", ""}}}},
      {"/a?b=", {"/a", {{"b", ""}}}},
      {"/a?=c&&b=d&", {"/a", {{"b", "d"}}}},
      {"/a?b=1&b=2", {"/a", {{"b", "1"}}}},
      {"/a?b=c=d?e", {"/a", {{"b", "c=d?e"}}}},
      {"/%61%2Fb+c?d+e=%2b+%26", {"/a/b+c", {{"d e", "+ &"}}}},
      {"/a%?b=%4&c=%zz&d=%4", {"/a%", {{"b", "%4"}, {"c", "%zz"}, {"d", "%4"}}}},
  };
  for (const auto& [text, expected] : cases) {
    const auto parsed = parse_request_target(text);
    EXPECT_EQ(parsed.path, expected.path) << text;
    EXPECT_EQ(parsed.parameters, expected.parameters) << text;
  }
}

std::vector<Route> routes() {
  return {{Method::PostJson, "/validate",
           [](const HttpRequest& r) {
             std::string text(r.body);
             for (const auto& [name, value] : r.parameters)
               text.append(" ").append(name).append("=").append(value);
             return HttpReply{200, "application/json", text};
           }},
          {Method::Get, "/readyz", [](const HttpRequest&) { return plain_reply(503, "starting"); }},
          {Method::Get, "/throws", [](const HttpRequest&) -> HttpReply { throw std::logic_error("bug"); }}};
}

/// Valid until the next call.
Frame frame(const std::string& method, const std::string& target,
            const std::string& type = "application/json") {
  static RequestHead head;
  head = {method, target, type, "", 2};
  return {head, "{}", {}};
}

/// Both routers answer the same.
template <typename AnyRouter>
struct RouterTest : ::testing::Test {
  AnyRouter router{routes()};
  int status(const Frame& of) { return router(of).status; }
};
using Routers = ::testing::Types<Router, HttplibRouter>;
TYPED_TEST_SUITE(RouterTest, Routers);

TYPED_TEST(RouterTest, CallsTheHandlerWithParametersAndBody) {
  EXPECT_EQ(this->router(frame("POST", "/validate?timeout=2s&x=%20y")).body, "{} timeout=2s x= y");
  EXPECT_EQ(this->router(frame("GET", "/readyz", "")).body, "starting\n");
  EXPECT_EQ(this->status(frame("HEAD", "/readyz", "")), 503);
}

TYPED_TEST(RouterTest, RefusesOtherPathsMethodsAndTypes) {
  EXPECT_EQ(this->status(frame("POST", "/")), 404);
  EXPECT_EQ(this->status(frame("POST", "/validate/")), 404);
  EXPECT_EQ(this->status(frame("POST", "/Validate")), 404);
  EXPECT_EQ(this->status(frame("POST", "/valid")), 404);
  EXPECT_EQ(this->status(frame("GET", "/validate")), 405);
  EXPECT_EQ(this->status(frame("HEAD", "/validate?timeout=2s")), 405);
  EXPECT_EQ(this->status(frame("POST", "/readyz")), 405);
  EXPECT_EQ(this->status(frame("post", "/validate")), 405);
  EXPECT_EQ(this->status(frame("POST", "/validate", "")), 415);
  EXPECT_EQ(this->status(frame("POST", "/validate", "application/json5")), 415);
}

TYPED_TEST(RouterTest, LetsTheExceptionOfAHandlerThrough) {
  EXPECT_THROW((void)this->router(frame("GET", "/throws")), std::logic_error);
  EXPECT_EQ(this->status(frame("POST", "/validate")), 200);  // the next one on this thread
}

TEST(ReplyText, SaysHowLongTheConnectionStaysOpen) {
  const HttpReply reply{200, "application/json", "{}"};
  EXPECT_EQ(reply_text(reply, ReplyBody::Sent, AfterReply::KeepOpen, std::chrono::seconds(120)),
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "Keep-Alive: timeout=120\r\n\r\n{}");
  EXPECT_EQ(reply_text(reply, ReplyBody::Omitted, AfterReply::Close, std::chrono::seconds(120)),
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "Connection: close\r\n\r\n");
}

TEST(ReplyText, AsksForAnotherTryWhereOneCanHelp) {
  for (const int status : {429, 503})
    EXPECT_THAT(refusal_text({status, "busy"}), HasSubstr("\r\nRetry-After: 1\r\n")) << status;
  for (const int status : {400, 413, 415, 500})
    EXPECT_THAT(refusal_text({status, "no"}), Not(HasSubstr("Retry-After"))) << status;
  EXPECT_THAT(refusal_text({429, "busy"}), HasSubstr("\r\nConnection: close\r\n"));
}

}  // namespace
}  // namespace tegata::webhook::http
