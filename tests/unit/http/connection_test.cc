// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/connection.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <optional>
#include <thread>

#include "policy/model/limits.h"
#include "tests/unit/http/echo_server.h"
#include "tests/unit/http/tls_client.h"

namespace tegata::webhook::http {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::echo_settings;
using testing::Gate;
using testing::gated;
using testing::get;
using testing::post;
using testing::serve;

/// A connection without a server: its socket is read only when a test says so.
struct UnreadConnection : ::testing::Test {
  HttpServerSettings settings = echo_settings();
  Current<TlsContext> plain{nullptr};
  BodyBudget budget{limits::kBodiesInFlight};
  std::array<int, 2> sockets{};
  std::optional<Connection> connection;
  Connection::Clock::time_point start = Connection::Clock::now();

  void SetUp() override {
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets.data()), 0);
    connection.emplace(sockets[0], Shared{settings, plain, budget}, start, std::chrono::hours(1));
  }
  void TearDown() override { ::close(sockets[1]); }
  void send(std::string_view bytes) const {
    ASSERT_EQ(::write(sockets[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
};

TEST_F(UnreadConnection, IsNotEndedAtShutdownWhileItsRequestWaitsInTheSocket) {
  using Stopping = Connection::Stopping;
  const auto later = start + limits::kDrainIdle;
  EXPECT_TRUE(connection->is_late(later, Stopping::Yes)) << "nothing has arrived";
  send("POST /validate HTTP/1.1\r\n");
  EXPECT_FALSE(connection->is_late(later, Stopping::Yes)) << "before its first byte is read";
  ASSERT_EQ(connection->ready(start), Connection::Next::Read);
  EXPECT_TRUE(connection->is_late(later, Stopping::Yes)) << "half a head, and nothing more";
  send("Host: a\r\n");
  EXPECT_FALSE(connection->is_late(later, Stopping::Yes)) << "more of it waits";
}

TEST_F(UnreadConnection, IsNotEndedAsIdleWhileItsRequestWaitsInTheSocket) {
  ASSERT_EQ(connection->ready(start), Connection::Next::Read);
  const auto later = start + settings.keep_alive;
  EXPECT_TRUE(connection->is_late(later, Connection::Stopping::No));
  send("P");
  EXPECT_FALSE(connection->is_late(later, Connection::Stopping::No));
}

/// Over TLS, and plain.
struct ConnectionTest : ::testing::TestWithParam<Client::Tls> {
  HttpServerSettings settings = [] {
    auto made = echo_settings();
    if (GetParam() == Client::Tls::No) made.tls = nullptr;
    return made;
  }();
  std::unique_ptr<HttpServer> server;

  void SetUp() override { server = serve(settings); }
  [[nodiscard]] int status(const std::string& bytes) const {
    Client client(server->port(), GetParam());
    client.send(bytes);
    const auto reply = client.receive();
    return reply ? reply->status : 0;
  }
  void await_connections(std::size_t count) const {
    while (server->connections() != count) std::this_thread::yield();
  }
};
INSTANTIATE_TEST_SUITE_P(Tls, ConnectionTest, ::testing::Values(Client::Tls::Yes, Client::Tls::No),
                         [](const auto& one) { return one.param == Client::Tls::Yes ? "Yes" : "No"; });

TEST_P(ConnectionTest, TakesARequestOneByteAtATime) {
  Client client(server->port(), GetParam());
  for (int i = 0; i < 3; ++i) {
    for (const char c : post("/validate", "12345")) ASSERT_TRUE(client.send(std::string(1, c)));
    const auto reply = client.receive();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "12345");
    EXPECT_FALSE(reply->closes());
  }
}

TEST_P(ConnectionTest, AnswersHeadLikeGetWithoutBody) {
  Client client(server->port(), GetParam());
  client.send("HEAD /readyz HTTP/1.1\r\nHost: a\r\n\r\n" + get("/readyz"));
  const auto head = client.receive(Client::Body::None);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_THAT(head->head, ::testing::HasSubstr("\r\nContent-Length: 3\r\n"));
  EXPECT_EQ(client.receive()->body, "ok\n");
}

TEST_P(ConnectionTest, AnswersPipelinedRequestsInTheirOrder) {
  Client client(server->port(), GetParam());
  std::string all;
  for (int i = 0; i < 500; ++i) all += post("/validate", std::to_string(i));
  ASSERT_TRUE(client.send(all + get("/readyz")));
  for (int i = 0; i < 500; ++i) {
    const auto reply = client.receive();
    ASSERT_TRUE(reply) << i;
    ASSERT_EQ(reply->body, std::to_string(i));
  }
  EXPECT_EQ(client.receive()->body, "ok\n");
}

TEST_P(ConnectionTest, AnswersALargeRequestAfterASmallOneInOnePiece) {
  Client client(server->port(), GetParam());
  const std::string large(3'000'000, 'x');
  client.send(post("/validate", "1") + post("/validate", large));
  EXPECT_EQ(client.receive()->body, "1");
  EXPECT_EQ(client.receive()->body, large);
  client.send(post("/validate", "2"));
  EXPECT_EQ(client.receive()->body, "2");
}

TEST_P(ConnectionTest, ABodyThatIsTooLongIsTheNextRequest) {
  Client client(server->port(), GetParam());
  client.send(
      "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n" +
      std::string("{}}\r\n\r\n"));
  EXPECT_EQ(client.receive()->body, "{}");
  const auto next = client.receive();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->status, 400);
  EXPECT_TRUE(next->closes());
  EXPECT_TRUE(client.ended(10s));
}

TEST_P(ConnectionTest, ForgetsAClientThatClosesEarly) {
  for (const auto& bytes : {std::string(), std::string("P"), post("/validate", "12345").substr(0, 60),
                            post("/validate", std::string(1'000'000, 'x')).substr(0, 500'000)}) {
    auto client = std::make_unique<Client>(server->port(), GetParam());
    client->send(bytes);
    await_connections(1);
    client.reset();
    await_connections(0);
  }
  EXPECT_EQ(status(post("/validate", "1")), 200);
}

TEST_P(ConnectionTest, AClientThatDoesNotReadItsReplyHoldsNoThread) {
  std::vector<std::unique_ptr<Client>> deaf;
  const auto large = post("/validate", std::string(16'000'000, 'x'));  // more than sockets hold
  for (std::size_t i = 0; i < limits::kPollingThreads + 1; ++i) {
    deaf.push_back(std::make_unique<Client>(server->port(), GetParam()));
    deaf.back()->send(large);
    EXPECT_EQ(status(post("/validate", "1")), 200) << i;
  }
}

TEST_P(ConnectionTest, IdleConnectionsHoldNoThread) {
  const auto threads = [] {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
      if (line.starts_with("Threads:")) return std::stoi(line.substr(8));
    return 0;
  };
  const int before = threads();
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 100; ++i) {
    idle.push_back(std::make_unique<Client>(server->port(), GetParam()));
    idle.back()->send(post("/validate", "1"));
    ASSERT_TRUE(idle.back()->receive());
  }
  EXPECT_LT(threads() - before, 20);
  EXPECT_EQ(server->connections(), 100U);
  for (const auto& client : idle) {
    client->send(post("/validate", "2"));
    EXPECT_EQ(client->receive()->body, "2");
  }
}

TEST(Handlers, AsManyAsAreAllowedRunAtOnceAndOthersAreAnsweredBeside) {
  constexpr int kHeldUp = 40;  // more than the threads that usually wait for connections
  Gate gate(kHeldUp);
  const auto server = serve(gated(gate));
  std::vector<std::unique_ptr<Client>> busy;
  for (int i = 0; i < kHeldUp; ++i) {
    busy.push_back(std::make_unique<Client>(server->port(), Client::Tls::Yes));
    busy.back()->send(post("/gated", "{}"));
  }
  gate.entered.wait();
  Client other(server->port(), Client::Tls::Yes);
  other.send(post("/validate", "1"));
  EXPECT_EQ(other.receive()->body, "1");
  gate.open.count_down();
  for (const auto& client : busy) EXPECT_EQ(client->receive()->status, 200);
}

TEST(Handlers, ARequestAboveTheirNumberWaitsAndIsAnswered) {
  Gate gate(2);
  auto settings = gated(gate);
  settings.max_handlers = 2;
  const auto server = serve(std::move(settings));
  std::vector<std::unique_ptr<Client>> busy;
  for (int i = 0; i < 2; ++i) {
    busy.push_back(std::make_unique<Client>(server->port(), Client::Tls::Yes));
    busy.back()->send(post("/gated", "{}"));
  }
  gate.entered.wait();
  std::vector<std::unique_ptr<Client>> waiting;
  for (int i = 0; i < 30; ++i) {
    waiting.push_back(std::make_unique<Client>(server->port(), Client::Tls::Yes));
    ASSERT_TRUE(waiting.back()->connected());  // connections and handshakes go on
    waiting.back()->send(post("/validate", std::to_string(i)));
  }
  EXPECT_FALSE(waiting.front()->ended(200ms));
  gate.open.count_down();
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(waiting[static_cast<std::size_t>(i)]->receive()->body, std::to_string(i));
  for (const auto& client : busy) EXPECT_EQ(client->receive()->status, 200);
}

TEST(Age, AnOldConnectionEndsWithAReplyThatSaysSo) {
  auto settings = echo_settings();
  settings.max_age = 0ms;
  const auto server = serve(std::move(settings));
  Client client(server->port(), Client::Tls::Yes);
  client.send(post("/validate", "1"));
  const auto reply = client.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "1");
  EXPECT_TRUE(reply->closes());
  EXPECT_TRUE(client.ended(10s));
}

}  // namespace
}  // namespace tegata::webhook::http
