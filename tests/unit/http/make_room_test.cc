// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <barrier>
#include <ctime>
#include <thread>

#include "tests/unit/http/echo_server.h"
#include "tests/unit/http/tls_client.h"
#include "webhook/http/connection_table.h"

namespace tegata::webhook::http {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::echo_settings;
using testing::Gate;
using testing::gated;
using testing::post;
using testing::serve;

using Clients = std::vector<std::unique_ptr<Client>>;

std::unique_ptr<HttpServer> server_of(std::size_t max_connections) {
  auto settings = echo_settings();
  settings.max_connections = max_connections;
  return serve(std::move(settings));
}

std::unique_ptr<Client> connected(const HttpServer& server, Client::Tls tls) {
  return std::make_unique<Client>(server.port(), tls);
}

bool answers(Client& client) {
  client.send(post("/validate", "1"));
  const auto reply = client.receive();
  return reply && reply->status == 200;
}

TEST(MakeRoom, BareConnectionsDoNotKeepAClientOut) {
  const auto server = server_of(50);
  Clients bare;
  for (int i = 0; i < 120; ++i) bare.push_back(connected(*server, Client::Tls::No));
  for (int i = 0; i < 20; ++i) {
    auto client = connected(*server, Client::Tls::Yes);
    ASSERT_TRUE(client->connected()) << i;
    ASSERT_TRUE(answers(*client)) << i;
    bare.push_back(connected(*server, Client::Tls::No));
  }
  EXPECT_TRUE(bare.front()->ended(10s));
  EXPECT_LE(server->connections(), 50U);
}

TEST(MakeRoom, TheOldestSilentOneGoesFirst) {
  const auto server = server_of(3);
  auto useful = connected(*server, Client::Tls::Yes);
  ASSERT_TRUE(answers(*useful));
  auto first = connected(*server, Client::Tls::No);
  auto second = connected(*server, Client::Tls::No);
  std::this_thread::sleep_for(limits::kSilentConnection + 50ms);
  auto newcomer = connected(*server, Client::Tls::Yes);
  EXPECT_TRUE(answers(*newcomer));
  EXPECT_TRUE(first->ended(10s));
  EXPECT_FALSE(second->ended(100ms));
  EXPECT_TRUE(answers(*useful));
}

TEST(MakeRoom, AHalfRequestGoesBeforeAConnectionThatWasUseful) {
  const auto server = server_of(2);
  auto useful = connected(*server, Client::Tls::Yes);
  ASSERT_TRUE(answers(*useful));
  auto half = connected(*server, Client::Tls::Yes);
  half->send("POST /validate HTTP/1.1\r\n");
  std::this_thread::sleep_for(limits::kUnprovenConnection + 50ms);
  auto newcomer = connected(*server, Client::Tls::Yes);
  EXPECT_TRUE(answers(*newcomer));
  EXPECT_TRUE(half->ended(10s));
  EXPECT_TRUE(answers(*useful));
}

TEST(MakeRoom, TheLongestIdleOneGoesIfAllWereUseful) {
  const auto server = server_of(3);
  Clients useful;
  for (int i = 0; i < 3; ++i) {
    useful.push_back(connected(*server, Client::Tls::Yes));
    ASSERT_TRUE(answers(*useful.back()));
  }
  ASSERT_TRUE(answers(*useful[0]));  // so the second one is idle for longest
  auto newcomer = connected(*server, Client::Tls::Yes);
  EXPECT_TRUE(answers(*newcomer));
  EXPECT_TRUE(useful[1]->ended(10s));
  EXPECT_TRUE(answers(*useful[0]));
  EXPECT_TRUE(answers(*useful[2]));
}

TEST(MakeRoom, ANewcomerWaitsWhileAllAreBusy) {
  Gate gate(2);
  auto settings = gated(gate);
  settings.max_connections = 2;
  const auto server = serve(std::move(settings));
  Clients busy;
  for (int i = 0; i < 2; ++i) {
    busy.push_back(connected(*server, Client::Tls::Yes));
    busy.back()->send(post("/gated", "{}"));
  }
  gate.entered.wait();
  bool answered = false;
  std::thread waiting([&] {
    auto newcomer = connected(*server, Client::Tls::Yes);
    answered = answers(*newcomer);
  });
  std::this_thread::sleep_for(100ms);
  gate.open.count_down();
  waiting.join();
  EXPECT_TRUE(answered);
  for (const auto& client : busy) EXPECT_EQ(client->receive()->status, 200);
}

TEST(MakeRoom, ABurstOfFourHundredConnectionsIsServed) {
  const auto server = serve(echo_settings());
  constexpr std::size_t kBurst = 400;
  Clients clients(kBurst);
  std::barrier together(8);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      together.arrive_and_wait();
      for (std::size_t i = t; i < kBurst; i += 8) clients[i] = connected(*server, Client::Tls::No);
    });
  for (auto& thread : threads) thread.join();
  for (const auto& client : clients) EXPECT_TRUE(client->connected());
  while (server->connections() != kBurst) std::this_thread::yield();
  auto newcomer = connected(*server, Client::Tls::Yes);
  EXPECT_TRUE(answers(*newcomer));
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// The limit on descriptors for as long as this lives.
struct DescriptorLimit {
  explicit DescriptorLimit(rlim_t limit) {
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit changed{limit, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &changed);
  }
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before); }
  rlimit before{};
};

/// The number of descriptors below which all are in use.
rlim_t descriptors_in_use() {
  const int next = ::dup(0);
  ::close(next);
  return static_cast<rlim_t>(next);
}

TEST(MakeRoom, WithoutDescriptorsASilentConnectionGoesForANewOne) {
  const auto server = serve(echo_settings());
  Clients bare;
  for (std::size_t i = 0; i < 5; ++i) bare.push_back(connected(*server, Client::Tls::No));
  while (server->connections() != 5) std::this_thread::yield();
  std::this_thread::sleep_for(limits::kSilentConnection + 50ms);
  const DescriptorLimit limit(descriptors_in_use() + 1);  // one for the client, and none for the server
  auto client = connected(*server, Client::Tls::Yes);
  EXPECT_TRUE(answers(*client));
  EXPECT_TRUE(bare[0]->ended(10s));
}

TEST(MakeRoom, WithoutDescriptorsAndRoomTheServerDoesNotSpin) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer needs a descriptor to look at an object's type";
#endif
  Gate gate;
  const auto server = serve(gated(gate));
  Client busy(server->port(), Client::Tls::Yes);
  busy.send(post("/gated", "{}"));
  gate.entered.wait();
  bool answered = false;
  std::thread waiting;
  {
    const DescriptorLimit limit(descriptors_in_use() + 1);
    waiting = std::thread([&] {
      auto newcomer = connected(*server, Client::Tls::Yes);
      answered = answers(*newcomer);
    });
    std::this_thread::sleep_for(100ms);
    const auto started = cpu_seconds();
    std::this_thread::sleep_for(300ms);
    EXPECT_LT(cpu_seconds() - started, 0.1);
  }
  waiting.join();
  EXPECT_TRUE(answered);
  gate.open.count_down();
  EXPECT_EQ(busy.receive()->status, 200);
}

}  // namespace
}  // namespace tegata::webhook::http
