// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/body_budget.h"

#include <gmock/gmock.h>

#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "tests/support/little_memory.h"
#include "tests/unit/http/echo_server.h"
#include "tests/unit/http/tls_client.h"

namespace tegata::webhook::http {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::echo_settings;
using testing::Gate;
using testing::gated;
using ::testing::HasSubstr;
using testing::post;
using testing::serve;

constexpr std::size_t kLarge = limits::kSmallBody + 1;

TEST(BodyBudget, GivesWhatIsThereAndTakesItBack) {
  BodyBudget budget(100);
  {
    BodyBudget::Share share(budget);
    EXPECT_TRUE(share.take(60, 0));
    EXPECT_TRUE(share.take(40, 0));
    BodyBudget::Share other(budget);
    EXPECT_FALSE(other.take(1, 0));
    EXPECT_FALSE(budget.fits(1));
  }
  BodyBudget::Share later(budget);
  EXPECT_FALSE(later.take(101, 0));
  EXPECT_TRUE(later.take(100, 0));
  later.release();
  EXPECT_TRUE(later.take(100, 0));
}

TEST(BodyBudget, KeepsAQuarterForSmallRequests) {
  BodyBudget budget(8 * kLarge);
  EXPECT_EQ(budget.largest(), 6 * kLarge);
  EXPECT_TRUE(budget.fits(6 * kLarge));
  EXPECT_FALSE(budget.fits(6 * kLarge + 1));
  BodyBudget::Share large(budget);
  EXPECT_TRUE(large.take(6 * kLarge, kLarge));
  EXPECT_FALSE(large.take(1, kLarge));
  EXPECT_TRUE(budget.scarce());
  BodyBudget::Share small(budget);
  EXPECT_TRUE(small.take(2 * kLarge, limits::kSmallBody));
  EXPECT_FALSE(small.take(1, limits::kSmallBody));
}

constexpr std::size_t kBudget = 1 << 20;

struct BodiesTest : ::testing::Test {
  HttpServerSettings settings = [] {
    auto made = echo_settings();
    made.body_budget = kBudget;
    return made;
  }();
};

std::string head_of(std::size_t length) {
  return "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(length) + "\r\n\r\n";
}

int status_of(const HttpServer& server, const std::string& bytes) {
  Client client(server.port(), Client::Tls::Yes);
  client.send(bytes);
  const auto reply = client.receive();
  return reply ? reply->status : 0;
}

TEST_F(BodiesTest, WhatDoesNotFitIsToBeTriedAgainAndIsNotRead) {
  const auto server = serve(settings);
  Client first(server->port(), Client::Tls::Yes);
  first.send(head_of(700'000) + std::string(600'000, 'x'));
  Client second(server->port(), Client::Tls::Yes);
  std::optional<testing::Reply> refused;
  do {  // until the first one has arrived
    Client other(server->port(), Client::Tls::Yes);
    other.send(head_of(kBudget / 4 * 3));
    refused = other.receive();
    ASSERT_TRUE(refused);
  } while (refused->status == 408);
  EXPECT_EQ(refused->status, 429);
  EXPECT_THAT(refused->head, HasSubstr("\r\nRetry-After: 1\r\n"));
  EXPECT_TRUE(refused->closes());
  EXPECT_EQ(status_of(*server, post("/validate", "small")), 200);
  first.send(std::string(100'000, 'x'));
  EXPECT_EQ(first.receive()->body.size(), 700'000U);
  EXPECT_EQ(status_of(*server, post("/validate", std::string(700'000, 'y'))), 200);
}

TEST_F(BodiesTest, ARequestThatIsHandledHoldsItsBytes) {
  Gate gate;
  auto gated_settings = gated(gate);
  gated_settings.body_budget = kBudget;
  const auto server = serve(std::move(gated_settings));
  Client busy(server->port(), Client::Tls::Yes);
  busy.send(post("/gated", std::string(500'000, 'x')));
  gate.entered.wait();
  EXPECT_EQ(status_of(*server, head_of(500'000)), 429);
  gate.open.count_down();
  EXPECT_EQ(busy.receive()->status, 200);
  EXPECT_EQ(status_of(*server, post("/validate", std::string(500'000, 'x'))), 200);
}

TEST_F(BodiesTest, ABodyThatCanNeverFitIsTooLarge) {
  const auto server = serve(settings);
  const auto most = kBudget / 4 * 3;
  EXPECT_EQ(status_of(*server, head_of(most + 1)), 413);
  EXPECT_EQ(status_of(*server, post("/validate", std::string(most - 1000, 'x'))), 200);
}

TEST_F(BodiesTest, ALargeBodyThatStopsIsEnded) {
  settings.request = 1h;  // so that it is not this that ends it
  const auto server = serve(settings);
  Client slow(server->port(), Client::Tls::Yes);
  slow.send(head_of(700'000) + std::string(600'000, 'x'));
  const auto reply = slow.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 408);
  EXPECT_EQ(status_of(*server, post("/validate", std::string(700'000, 'y'))), 200);
}

TEST_F(BodiesTest, ALargeBodyThatTricklesIsEnded) {
  settings.request = 1h;
  const auto server = serve(settings);
  Client slow(server->port(), Client::Tls::Yes);
  slow.send(head_of(700'000));
  std::atomic<bool> open = true;
  std::thread trickle([&] {
    while (open && slow.send("x")) std::this_thread::sleep_for(100ms);
  });
  // The client's TLS object is used by one thread at a time: the server knows whether it has ended.
  const auto until = std::chrono::steady_clock::now() + 30s;
  while (server->connections() != 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(10ms);
  EXPECT_EQ(server->connections(), 0U);
  open = false;
  trickle.join();
}

TEST_F(BodiesTest, ASmallBodyMayBeSlowWhileThereIsRoom) {
  const auto server = serve(settings);
  Client slow(server->port(), Client::Tls::Yes);
  slow.send(head_of(25));
  for (int i = 0; i < 25; ++i) {
    std::this_thread::sleep_for(100ms);
    ASSERT_TRUE(slow.send("x"));
  }
  EXPECT_EQ(slow.receive()->status, 200);
}

TEST_F(BodiesTest, SmallBodiesThatStopDoNotHoldAllTheRoom) {
  const auto incomplete = head_of(50'000) + std::string(49'999, 'x');
  settings.body_budget = 4 * incomplete.size() + 500;
  settings.request = 1h;
  const auto server = serve(settings);
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 4; ++i) {
    slow.push_back(std::make_unique<Client>(server->port(), Client::Tls::Yes));
    slow.back()->send(incomplete);
  }
  const auto request = post("/validate", std::string(1000, 'x'));
  while (status_of(*server, request) != 429) std::this_thread::yield();  // until they have arrived
  const auto until = std::chrono::steady_clock::now() + 30s;
  while (status_of(*server, request) != 200 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(50ms);
  EXPECT_EQ(status_of(*server, request), 200);
}

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::getpagesize());
}

TEST(Bodies, AnnouncedBytesUseNoMemoryAndNoRoom) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer's own memory is counted too";
#endif
  const auto server = serve(echo_settings());
  const auto before = resident_bytes();
  std::vector<std::unique_ptr<Client>> announced;
  for (int i = 0; i < 20; ++i) {
    announced.push_back(std::make_unique<Client>(server->port(), Client::Tls::Yes));
    announced.back()->send(head_of(15'000'000) + "x");
  }
  EXPECT_EQ(status_of(*server, post("/validate", std::string(3'000'000, 'x'))), 200);
  EXPECT_LT(resident_bytes() - before, 30'000'000U);  // TLS of both sides, and the 3 MB three times
}

#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)  // they need more memory
TEST(Bodies, WithoutMemoryARequestEndsAndOthersGoOn) {
  std::atomic<int> reported = 0;
  auto with_report = echo_settings();
  with_report.on_bug = [&](const std::string&) { ++reported; };
  const auto server = serve(std::move(with_report));
  EXPECT_EQ(status_of(*server, post("/validate", "1")), 200);
  {
    const tegata::testing::LittleMemory little(4'000'000);
    EXPECT_EQ(status_of(*server, head_of(15'000'000) + "x"), 0);
    EXPECT_EQ(status_of(*server, post("/validate", "1")), 200);
  }
  EXPECT_EQ(reported, 1);
  EXPECT_EQ(status_of(*server, post("/validate", std::string(15'000'000, 'x'))), 200);
}
#endif

}  // namespace
}  // namespace tegata::webhook::http
