// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/refused_requests.h"

#include <gtest/gtest.h>

#include <string>

namespace tegata::webhook {
namespace {

TEST(RefusedRequests, AreCountedByStatusAndLoggedOnceInAWhile) {
  RefusedRequests refused;
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 5; ++i) refused.add({429, "too many requests at one time"});
  refused.add({413, "request body too large"});
  refused.add({999, "no status of ours"});
  const auto lines = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2) << lines;
  EXPECT_NE(lines.find(R"("code":429)"), std::string::npos) << lines;
  EXPECT_NE(lines.find(R"("reason":"request body too large")"), std::string::npos) << lines;
  for (std::size_t place = 0; place < RefusedRequests::kStatuses.size(); ++place) {
    const auto status = RefusedRequests::kStatuses[place];
    EXPECT_EQ(refused.count(place), status == 429 ? 5U : status == 413 ? 1U : 0U) << status;
  }
}

}  // namespace
}  // namespace tegata::webhook
