// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/http_server.h"

#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <barrier>
#include <mutex>
#include <thread>

#include "tests/unit/http/echo_server.h"
#include "tests/unit/http/tls_client.h"

namespace tegata::webhook::http {
namespace {

using testing::Client;
using testing::echo_settings;
using testing::Gate;
using testing::gated;
using testing::get;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::post;
using testing::serve;

struct HttpServerTest : ::testing::Test {
  std::unique_ptr<HttpServer> server = serve(echo_settings());

  std::optional<testing::Reply> ask(const std::string& bytes) const {
    Client client(server->port(), Client::Tls::Yes);
    client.send(bytes);
    return client.receive();
  }
};

TEST_F(HttpServerTest, AnswersAPostOverTls13WithHttp11) {
  Client client(server->port(), Client::Tls::Yes);
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.protocol(), "http/1.1");
  client.send(post("/validate?timeout=10s", R"({"a":1})"));
  const auto reply = client.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, R"({"a":1})");
  EXPECT_FALSE(reply->closes());
}

TEST_F(HttpServerTest, SpeaksTls12AndRefusesTls11) {
  EXPECT_TRUE(Client(server->port(), Client::Tls::Yes, TLS1_2_VERSION).connected());
  EXPECT_FALSE(Client(server->port(), Client::Tls::Yes, TLS1_1_VERSION).connected());
}

TEST_F(HttpServerTest, KeepsOneConnectionForMoreThanAHundredRequests) {
  Client client(server->port(), Client::Tls::Yes);
  for (int i = 0; i < 250; ++i) {
    const auto body = std::to_string(i);
    ASSERT_TRUE(client.send(post("/validate", body)));
    const auto reply = client.receive();
    ASSERT_TRUE(reply) << "request " << i;
    ASSERT_EQ(reply->body, body);
  }
}

TEST_F(HttpServerTest, AnswersRequestsThatCameInOneRecord) {
  Client client(server->port(), Client::Tls::Yes);
  client.send(post("/validate", "1") + post("/validate", "2") + post("/validate", "3"));
  for (const char* body : {"1", "2", "3"}) {
    const auto reply = client.receive();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, body);
  }
}

TEST_F(HttpServerTest, AnswersEachOfAHundredConnectionsAtOnce) {
  constexpr int kConnections = 100;
  std::barrier together(kConnections);
  std::vector<int> statuses(kConnections, 0);
  std::vector<std::thread> threads;
  for (int i = 0; i < kConnections; ++i)
    threads.emplace_back([&, i] {
      Client client(server->port(), Client::Tls::Yes);
      together.arrive_and_wait();
      client.send(post("/validate", std::to_string(i)));
      const auto reply = client.receive();
      if (reply && reply->body == std::to_string(i)) statuses[static_cast<std::size_t>(i)] = reply->status;
      together.arrive_and_wait();  // all of them are open until the last has its answer
    });
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(statuses, ::testing::Each(200));
}

struct RefusedCase {
  std::string name;
  std::string request;
  int status;
};

TEST_F(HttpServerTest, RefusesWhatItDoesNotServe) {
  const auto raw = [](const std::string& line, const std::string& fields, const std::string& body = "") {
    return line + "\r\nHost: tegata\r\n" + fields + "\r\n" + body;
  };
  const std::vector<RefusedCase> cases{
      {"unknown path", post("/other", "{}"), 404},
      {"path below", post("/validate/x", "{}"), 404},
      {"other method", get("/validate"), 405},
      {"PUT", raw("PUT /validate HTTP/1.1", "Content-Length: 0\r\n"), 405},
      {"no content type", raw("POST /validate HTTP/1.1", "Content-Length: 2\r\n", "{}"), 415},
      {"text", raw("POST /validate HTTP/1.1", "Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}"),
       415},
      {"almost JSON",
       raw("POST /validate HTTP/1.1", "Content-Type: application/json5\r\nContent-Length: 2\r\n", "{}"), 415},
      {"two content types", post("/validate", "{}", "Content-Type: application/json\r\n"), 400},
      {"chunked",
       raw("POST /validate HTTP/1.1", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
           "2\r\n{}\r\n0\r\n\r\n"),
       400},
      {"chunked and length", post("/validate", "{}", "Transfer-Encoding: chunked\r\n"), 400},
      {"gzip", post("/validate", "{}", "Content-Encoding: gzip\r\n"), 415},
      {"no length", raw("POST /validate HTTP/1.1", "Content-Type: application/json\r\n"), 411},
      {"two lengths", post("/validate", "{}", "Content-Length: 2\r\n"), 400},
      {"negative length", raw("POST /validate HTTP/1.1", "Content-Length: -1\r\n"), 400},
      {"length with plus", raw("POST /validate HTTP/1.1", "Content-Length: +2\r\n", "{}"), 400},
      {"endless length", raw("POST /validate HTTP/1.1", "Content-Length: 99999999999999999999\r\n"), 400},
      {"folded field", raw("POST /validate HTTP/1.1", "A: b\r\n c\r\nContent-Length: 2\r\n", "{}"), 400},
      {"blank before colon", raw("POST /validate HTTP/1.1", "Content-Length : 2\r\n", "{}"), 400},
      {"bare LF", "POST /validate HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"no host", "GET /validate HTTP/1.1\r\n\r\n", 400},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\n", 400},
      {"HTTP/1.2", raw("GET /validate HTTP/1.2", ""), 505},
      {"absolute form", raw("GET http://a/validate HTTP/1.1", ""), 400},
      {"expectation", post("/validate", "{}", "Expect: magic\r\n"), 417},
      {"handler that throws", post("/throws", "{}"), 500},
  };
  for (const auto& c : cases) {
    const auto reply = ask(c.request);
    ASSERT_TRUE(reply) << c.name;
    EXPECT_EQ(reply->status, c.status) << c.name << ": " << reply->body;
    EXPECT_THAT(reply->head + reply->body, Not(HasSubstr("secret"))) << c.name;
  }
}

TEST_F(HttpServerTest, ReportsWhatAHandlerThrows) {
  auto settings = echo_settings();
  std::mutex mutex;
  std::vector<std::string> bugs;
  settings.on_bug = [&](const std::string& bug) {
    const std::lock_guard lock(mutex);
    bugs.push_back(bug);
  };
  server = serve(std::move(settings));
  ASSERT_TRUE(ask(post("/throws", "{}")));
  ASSERT_TRUE(ask(post("/validate", "{}")));
  server->stop();
  EXPECT_EQ(bugs, std::vector<std::string>{"secret text"});
}

TEST_F(HttpServerTest, TakesABodyAtTheBoundAndRefusesOneBytePastIt) {
  Client client(server->port(), Client::Tls::Yes);
  const std::string at_bound(limits::kAdmissionBody, 'x');
  client.send(post("/validate", at_bound));
  const auto taken = client.receive();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->status, 200);
  EXPECT_EQ(taken->body.size(), at_bound.size());
  client.send(post("/validate", at_bound + "x"));
  const auto refused = client.receive();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 413);
  EXPECT_TRUE(refused->closes());
}

TEST_F(HttpServerTest, TakesAHeaderAtTheBoundAndRefusesOneBytePastIt) {
  const auto with_header_of = [](std::size_t size) {
    auto request = post("/validate", "", "X: ");
    const auto room = size - request.size();
    return post("/validate", "", "X: " + std::string(room - 2, 'x') + "\r\n");
  };
  const auto at_bound = with_header_of(limits::kRequestHeader);
  ASSERT_EQ(at_bound.size(), limits::kRequestHeader);
  EXPECT_EQ(ask(at_bound)->status, 200);
  EXPECT_EQ(ask(with_header_of(limits::kRequestHeader + 1))->status, 431);
  EXPECT_EQ(ask("GET /validate HTTP/1.1\r\nX: " + std::string(limits::kRequestHeader * 4, 'x'))->status, 431);
}

TEST_F(HttpServerTest, TakesFieldsAndTargetAtTheirBoundsAndRefusesOnePastThem) {
  const auto with_fields = [](std::size_t n) {  // Host, Content-Type and Content-Length are three
    std::string fields;
    for (std::size_t i = 3; i < n; ++i) fields += "X: y\r\n";
    return post("/validate", "1", fields);
  };
  EXPECT_EQ(ask(with_fields(limits::kRequestFields))->status, 200);
  EXPECT_EQ(ask(with_fields(limits::kRequestFields + 1))->status, 431);
  const std::string path = "/validate?timeout=";
  EXPECT_EQ(ask(post(path + std::string(limits::kRequestTarget - path.size(), '1'), "1"))->status, 200);
  EXPECT_EQ(ask(post(path + std::string(limits::kRequestTarget - path.size() + 1, '1'), "1"))->status, 414);
}

TEST_F(HttpServerTest, SendsContinueToAClientThatWaitsForIt) {
  Client client(server->port(), Client::Tls::Yes);
  client.send(
      "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 100);
  client.send("{}");
  EXPECT_EQ(client.receive()->body, "{}");
}

TEST_F(HttpServerTest, ASecondServerOnTheSameAddressFails) {
  auto settings = echo_settings();
  settings.listen = "127.0.0.1:" + std::to_string(server->port());
  const auto second = HttpServer::start(std::move(settings));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::Misconfigured);
  EXPECT_THAT(second.error().message, HasSubstr("Address already in use"));
}

TEST_F(HttpServerTest, HalfRequestsDoNotKeepOthersWaiting) {
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 60; ++i) {
    slow.push_back(std::make_unique<Client>(server->port(), i % 2 == 0 ? Client::Tls::Yes : Client::Tls::No));
    slow.back()->send(i % 2 == 0 ? "POST /validate HTT"
                                 : "\x16\x03\x01");  // half a head, or half a ClientHello
  }
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(post("/validate", "1"))->status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(3));
}

TEST(HttpServerLimits, EndsAHandshakeAndARequestThatTakeTooLong) {
  auto settings = echo_settings();
  settings.handshake = settings.request = std::chrono::milliseconds(300);
  const auto server = serve(std::move(settings));
  Client silent(server->port(), Client::Tls::No);
  EXPECT_TRUE(silent.ended(std::chrono::seconds(10)));
  Client half(server->port(), Client::Tls::Yes);
  half.send("POST /validate HTTP/1.1\r\n");
  const auto reply = half.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 408);
}

TEST(HttpServerLimits, ClosesAConnectionThatIsIdleForTooLong) {
  auto settings = echo_settings();
  settings.keep_alive = std::chrono::milliseconds(200);
  const auto server = serve(std::move(settings));
  Client client(server->port(), Client::Tls::Yes);
  client.send(post("/validate", "1"));
  ASSERT_TRUE(client.receive());
  EXPECT_TRUE(client.ended(std::chrono::seconds(10)));
}

TEST(HttpServerLimits, AsksForClosingAboveThreeQuartersSoThatAllGetTheirTurn) {
  auto settings = echo_settings();
  settings.max_connections = 4;
  const auto server = serve(std::move(settings));
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 12; ++i) clients.push_back(std::make_unique<Client>(server->port(), Client::Tls::No));
  clients.clear();
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 12; ++i)
    threads.emplace_back([&] {
      Client client(server->port(), Client::Tls::Yes);
      client.send(post("/validate", "1"));
      if (const auto reply = client.receive()) ++answered;
      client.ended(std::chrono::milliseconds(1500));  // kept open by the client as long as the server allows
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered, 12);
}

TEST(HttpServerDrain, AnswersWithConnectionCloseAndStillAccepts) {
  const auto server = serve(echo_settings());
  Client old(server->port(), Client::Tls::Yes);
  old.send(post("/validate", "1"));
  EXPECT_FALSE(old.receive()->closes());
  server->begin_drain();
  old.send(post("/validate", "2"));
  EXPECT_TRUE(old.receive()->closes());
  EXPECT_TRUE(old.ended(std::chrono::seconds(10)));
  Client fresh(server->port(), Client::Tls::Yes);
  fresh.send(post("/validate", "3"));
  EXPECT_TRUE(fresh.receive()->closes());
}

TEST(HttpServerDrain, ARequestInProgressEndsWithItsAnswer) {
  Gate gate;
  auto server = serve(gated(gate));
  const int port = server->port();
  Client busy(port, Client::Tls::Yes);
  busy.send(post("/gated", "{}"));
  gate.entered.wait();
  std::thread stopping([&] { server->stop(); });
  while (Client(port, Client::Tls::No).connected()) std::this_thread::yield();
  gate.open.count_down();
  const auto reply = busy.receive();
  stopping.join();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  EXPECT_TRUE(reply->closes());
}

TEST(HttpServerDrain, ClosesIdleConnectionsWithoutWaitingForTheirTimeout) {
  auto server = serve(echo_settings());
  Client idle(server->port(), Client::Tls::Yes);
  idle.send(post("/validate", "1"));
  ASSERT_TRUE(idle.receive());
  const auto begun = std::chrono::steady_clock::now();
  std::thread reader([&] { EXPECT_TRUE(idle.ended(std::chrono::seconds(20))); });
  server->stop();
  reader.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(15));
}

TEST(HttpServerDrain, DropsNothingUnderLoad) {
  auto server = serve(echo_settings());
  const int port = server->port();
  std::atomic<int> answered = 0;
  std::atomic<int> dropped = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 16; ++i)
    clients.emplace_back([&] {
      while (true) {
        Client client(port, Client::Tls::Yes);
        if (!client.connected()) return;  // the listener is closed
        while (true) {
          client.send(post("/validate", "1"));
          const auto reply = client.receive();
          ++(reply && reply->status == 200 ? answered : dropped);
          if (!reply || reply->closes()) break;
        }
      }
    });
  while (answered < 500) std::this_thread::yield();
  server->begin_drain();
  const int before = answered;
  while (answered < before + 100) std::this_thread::yield();
  server->stop();
  for (auto& client : clients) client.join();
  EXPECT_EQ(dropped, 0);
  EXPECT_GE(answered, 600);
}

}  // namespace
}  // namespace tegata::webhook::http
