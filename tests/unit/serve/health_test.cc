// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/health.h"

#include <gmock/gmock.h>

namespace tegata::webhook {
namespace {

using ::testing::HasSubstr;

struct HealthTest : ::testing::Test {
  http::HttpReply get(const std::string& path,
                      const std::map<std::string, std::string>& parameters = {}) const {
    for (const auto& route : routes)
      if (route.path == path)
        return route.handler({.path = path, .parameters = parameters, .body = "", .arrived = {}});
    return http::plain_reply(404, "");
  }
  std::shared_ptr<Health> health = std::make_shared<Health>();
  std::vector<http::Route> routes =
      probe_routes(health, std::make_shared<Metrics>(policy::PolicySet{}, "1.2.3", Time{}));
};

TEST_F(HealthTest, IsReadyOnlyWhileServing) {
  for (const char* path : {"/readyz", "/healthz"}) {
    health->set(Health::State::Starting);
    EXPECT_EQ(get(path).status, 503);
    health->set(Health::State::Serving);
    EXPECT_EQ(get(path).status, 200);
    EXPECT_EQ(get(path).body, "ok\n");
    health->set(Health::State::ShuttingDown);
    EXPECT_EQ(get(path).status, 503);
  }
}

TEST_F(HealthTest, IsAliveInEveryState) {
  for (const auto state : {Health::State::Starting, Health::State::Serving, Health::State::ShuttingDown}) {
    health->set(state);
    EXPECT_EQ(get("/livez").status, 200);
  }
}

TEST_F(HealthTest, SaysWhyWhereAsked) {
  EXPECT_THAT(get("/readyz", {{"verbose", ""}}).body, HasSubstr("[-]policy not loaded\n"));
  health->set(Health::State::ShuttingDown);
  const auto body = get("/readyz", {{"verbose", ""}}).body;
  EXPECT_THAT(body, HasSubstr("[+]policy ok\n"));
  EXPECT_THAT(body, HasSubstr("[-]state shutting down\n"));
  EXPECT_THAT(body, HasSubstr("readyz check failed"));
}

TEST_F(HealthTest, ServesMetricsAsText004) {
  const auto reply = get("/metrics");
  EXPECT_EQ(reply.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(reply.body, HasSubstr("tegata_build_info{version=\"1.2.3\"} 1"));
}

}  // namespace
}  // namespace tegata::webhook
