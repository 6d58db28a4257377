// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/request_reader.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"
#include "tests/unit/http/tls_client.h"

namespace tegata::webhook::http {
namespace {

using Progress = RequestReader::Progress;
using testing::get;
using testing::post;

/// What was framed: bodies, and at the end the status of a refusal.
std::vector<std::string> framed(const std::string& bytes, std::size_t piece, std::size_t max_body = 1 << 20) {
  RequestReader reader(max_body);
  std::vector<std::string> seen;
  std::string_view rest = bytes;
  while (true) {
    const auto fed = reader.feed(rest.substr(0, piece));
    rest.remove_prefix(std::min(piece, rest.size()));
    if (const auto* refusal = std::get_if<Refusal>(&fed)) {
      seen.push_back(std::to_string(refusal->status));
      return seen;
    }
    if (std::get<Progress>(fed) == Progress::Complete) {
      seen.push_back(reader.head().method + " " + std::string(reader.body()));
      reader.next();
    } else if (rest.empty()) {
      return seen;
    }
  }
}

TEST(RequestReader, FramesTheSameInPiecesOfAnySize) {
  const std::string large(limits::kSmallBody + 1, 'x');
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases{
      {post("/a", "1"), {"POST 1"}},
      {post("/a", ""), {"POST "}},
      {get("/a"), {"GET "}},
      {post("/a", "1") + get("/b") + post("/c", "22") + "GET", {"POST 1", "GET ", "POST 22"}},
      {post("/a", large) + post("/a", large), {"POST " + large, "POST " + large}},
      {post("/a", "1") + "2" + get("/b"), {"POST 1", "2GET "}},  // a body that is too long
      {post("/a", "1") + "\r\n\r\n", {"POST 1", "400"}},
      {post("/a", "1").substr(0, 40), {}},
      {"", {}},
  };
  for (const auto& [bytes, expected] : cases)
    for (const std::size_t piece : {1UL, 2UL, 3UL, 7UL, 100UL, 16384UL, 1000000UL})
      EXPECT_EQ(framed(bytes, piece), expected) << bytes.substr(0, 100) << " in pieces of " << piece;
}

TEST(RequestReader, BoundsHeadAndBodyInPiecesOfAnySize) {
  const auto padded = [](std::size_t size) {
    const std::string begin = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    return begin + std::string(size - begin.size() - 4, 'x') + "\r\n\r\n";
  };
  for (const std::size_t piece : {1UL, 100UL, 16384UL, 1000000UL}) {
    EXPECT_THAT(framed(padded(limits::kRequestHeader), piece), ::testing::ElementsAre("GET "));
    EXPECT_THAT(framed(padded(limits::kRequestHeader + 1), piece), ::testing::ElementsAre("431"));
    EXPECT_THAT(framed(std::string(limits::kRequestHeader + 1, 'x'), piece), ::testing::ElementsAre("431"));
    EXPECT_THAT(framed(post("/", "1234"), piece, 4), ::testing::ElementsAre("POST 1234"));
    EXPECT_THAT(framed(post("/", "12345"), piece, 4), ::testing::ElementsAre("413"));
  }
}

TEST(RequestReader, ReadableBytesFollowABody) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{6000}, limits::kSmallBody, limits::kSmallBody + 1}) {
    RequestReader reader(1 << 20);
    const auto fed = reader.feed(post("/", std::string(size, 'x')));
    ASSERT_EQ(std::get<Progress>(fed), Progress::Complete) << size;
    const auto body = reader.body();
    ASSERT_EQ(body.size(), size);
    for (std::size_t i = 0; i < kBodyPadding; ++i) EXPECT_EQ(body.data()[size + i], '\0') << size;
  }
}

}  // namespace
}  // namespace tegata::webhook::http
