// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/trace_parent.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "webhook/http/request_head.h"

namespace tegata::webhook::http {
namespace {

const std::string kTrace = "0af7651916cd43dd8448eb211c80319c";
const std::string kParent = "b7ad6b7169203331";
const std::string kGood = "00-" + kTrace + "-" + kParent + "-01";

TEST(TraceParent, GivesTheTraceIdOfVersion00) {
  EXPECT_EQ(trace_id_of(kGood), kTrace);
  EXPECT_EQ(trace_id_of("00-" + kTrace + "-" + kParent + "-ff"), kTrace);
  EXPECT_EQ(trace_id_of("00-00000000000000000000000000000001-0000000000000001-00"),
            "00000000000000000000000000000001");
}

TEST(TraceParent, ReadsOfALaterVersionWhatVersion00Defines) {
  EXPECT_EQ(trace_id_of("01-" + kTrace + "-" + kParent + "-01"), kTrace);
  EXPECT_EQ(trace_id_of("fe-" + kTrace + "-" + kParent + "-01-what-comes-later"), kTrace);
  EXPECT_EQ(trace_id_of("cc-" + kTrace + "-" + kParent + "-01-"), kTrace);
  EXPECT_EQ(trace_id_of("cc-" + kTrace + "-" + kParent + "-01.later"), "");
  EXPECT_EQ(trace_id_of("cc-" + kTrace + "-" + kParent + "-012"), "");
}

TEST(TraceParent, IgnoresWhatIsMalformed) {
  const std::string zero_trace(32, '0');
  const std::string zero_parent(16, '0');
  const std::vector<std::string> malformed{
      "",
      "-",
      "00",
      "00-",
      "00-" + kTrace,
      "00-" + kTrace + "-" + kParent,
      "00-" + kTrace + "-" + kParent + "-",
      "00-" + kTrace + "-" + kParent + "-1",
      kGood + "-",
      kGood + "-00",
      kGood + "1",
      " " + kGood,
      "ff-" + kTrace + "-" + kParent + "-01",
      "0-" + kTrace + "-" + kParent + "-01",
      "000-" + kTrace + "-" + kParent + "-01",
      "0g-" + kTrace + "-" + kParent + "-01",
      "00-" + zero_trace + "-" + kParent + "-01",
      "00-" + kTrace + "-" + zero_parent + "-01",
      "00-0AF7651916CD43DD8448EB211C80319C-" + kParent + "-01",
      "00-" + kTrace + "-B7AD6B7169203331-01",
      "00-" + kTrace + "-" + kParent + "-0A",
      "00-" + kTrace + "0-" + kParent + "-01",
      "00-" + kTrace.substr(1) + "-" + kParent + "-01",
      "00-" + kTrace + "-" + kParent + "0-01",
      "00-" + kTrace + "-" + kParent.substr(1) + "-01",
      "00-" + kTrace + "_" + kParent + "-01",
      "00_" + kTrace + "-" + kParent + "-01",
  };
  for (const auto& value : malformed) EXPECT_EQ(trace_id_of(value), "") << value;
}

TEST(TraceParent, IsNeverReadWithOneCharacterReplacedOrRemoved) {
  for (std::size_t i = 0; i < kGood.size(); ++i) {
    auto changed = kGood;
    changed[i] = 'x';
    EXPECT_EQ(trace_id_of(changed), "") << changed;
    auto shorter = kGood;
    shorter.erase(i, 1);
    EXPECT_EQ(trace_id_of(shorter), "") << shorter;
  }
}

std::string trace_id_in(const std::string& fields) {
  const auto parsed = parse_request_head("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  return std::get<RequestHead>(parsed).trace_id;
}

TEST(TraceParent, CountsInARequestOnlyIfItIsThereOnce) {
  EXPECT_EQ(trace_id_in("TraceParent: \t" + kGood + " \r\n"), kTrace);
  EXPECT_EQ(trace_id_in("tracestate: a=b\r\n"), "");
  EXPECT_EQ(trace_id_in("traceparent: " + kGood + "\r\ntraceparent: " + kGood + "\r\n"), "");
  EXPECT_EQ(trace_id_in("traceparent: \r\ntraceparent: " + kGood + "\r\n"), "");
  EXPECT_EQ(trace_id_in("traceparent: " + kGood + "\r\ntraceparent: \r\ntraceparent: " + kGood + "\r\n"), "");
  EXPECT_EQ(trace_id_in("traceparent: " + kGood + "," + kGood + "\r\n"), "");
}

}  // namespace
}  // namespace tegata::webhook::http
