// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/http_transport.h"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <atomic>
#include <future>

#include "policy/model/limits.h"
#include "tests/support/fake_registry.h"
#include "tests/support/guarded.h"
#include "verifier/net/address_check.h"

namespace tegata::verifier {
namespace {

using testing::Ending;
using testing::FakeRegistry;
using ::testing::HasSubstr;
using testing::Reply;

HttpOutcome get(HttpTransport& transport, const std::string& url, Deadline deadline) {
  std::promise<HttpOutcome> promise;
  auto outcome = promise.get_future();
  transport.send({*Url::parse(url), {}, Secret(), 1000}, deadline,
                 [&promise](HttpOutcome what) { promise.set_value(std::move(what)); });
  return outcome.get();
}
Deadline soon() { return Deadline::after(std::chrono::seconds(30)); }

class HttpTransportTest : public ::testing::Test {
 protected:
  HttpTransportTest() { settings_.loopback_hosts = {server_.host()}; }
  std::string url(const std::string& path) const { return "http://" + server_.host() + path; }
  FakeRegistry server_;
  HttpSettings settings_;
};

TEST_F(HttpTransportTest, GivesStatusHeadersAndBody) {
  server_.on("/x", Reply{203, {{"X-One", " 1 "}, {"x-one", "2"}}, "body"});
  HttpTransport transport(settings_);
  const auto outcome = get(transport, url("/x"), soon());
  const auto& response = std::get<HttpResponse>(outcome);
  EXPECT_EQ(response.status, 203);
  EXPECT_EQ(response.body, "body");
  EXPECT_EQ(response.header("x-one"), "1");
  EXPECT_THAT(response.all("x-one"), ::testing::ElementsAre("1", "2"));
  EXPECT_EQ(response.header("X-One"), std::nullopt);
}

TEST_F(HttpTransportTest, KeepsItsConnections) {
  server_.on("/x", Reply{200, {}, ""});
  HttpTransport transport(settings_);
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(std::holds_alternative<HttpResponse>(get(transport, url("/x"), soon())));
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(HttpTransportTest, OpensNoMoreConnectionsToAHostThanItMay) {
  settings_.connections_per_host = 3;
  server_.on("/x", Reply{200, {}, ""});
  HttpTransport transport(settings_);
  std::promise<void> all;
  std::atomic<int> left = 100;
  for (int i = 0; i < 100; ++i)
    transport.send({*Url::parse(url("/x")), {}, Secret(), 10}, soon(), [&](HttpOutcome) {
      if (--left == 0) all.set_value();
    });
  all.get_future().wait();
  EXPECT_LE(server_.connections(), 3U);
  EXPECT_EQ(server_.total(), 100U);
}

TEST_F(HttpTransportTest, AQueuedRequestIsStillAnsweredAtItsDeadline) {
  settings_.connections_per_host = 1;
  server_.on("/hang", Reply{200, {}, "", Ending::HangFirst});
  HttpTransport transport(settings_);
  transport.send({*Url::parse(url("/hang")), {}, Secret(), 10}, soon(), [](HttpOutcome) {});
  const auto outcome = get(transport, url("/queued"), Deadline::after(std::chrono::milliseconds(100)));
  EXPECT_EQ(std::get<HttpFailure>(outcome).error.code, ErrorCode::CutShort) << "it was never sent";
}

TEST_F(HttpTransportTest, WithoutADescriptorNoRequestIsSentAndTheServerIsNotToBlame) {
  server_.on("/x", Reply{200, {}, ""});
  FakeRegistry other;
  settings_.loopback_hosts.insert(other.host());
  HttpTransport transport(settings_);
  ASSERT_TRUE(std::holds_alternative<HttpResponse>(get(transport, url("/x"), soon())));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto outcome = get(transport, "http://" + other.host() + "/x", soon());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(std::get<HttpFailure>(outcome).error.code, ErrorCode::CutShort);
}

TEST_F(HttpTransportTest, SaysWhoseFaultAPassedDeadlineIs) {
  server_.on("/hang", Reply{200, {}, "", Ending::HangFirst});
  HttpTransport transport(settings_);
  const auto code_after = [&](Deadline::Clock::duration delay) {
    const auto askers = Askers::of({"user", 1, 0});
    if (delay > delay.zero()) askers->begin_delay();
    std::promise<ErrorCode> code;
    transport.send({*Url::parse(url("/hang")), {}, Secret(), 10},
                   {Deadline::after(std::chrono::milliseconds(50)), askers},
                   [&](HttpOutcome outcome) { code.set_value(std::get<HttpFailure>(outcome).error.code); });
    return code.get_future().get();
  };
  EXPECT_EQ(code_after(std::chrono::seconds(0)), ErrorCode::DeadlineExceeded) << "sent at once";
  EXPECT_EQ(code_after(std::chrono::seconds(1)), ErrorCode::CutShort) << "sent too late";
}

TEST_F(HttpTransportTest, OneUsersRequestsDelayAnothersByOneAtATime) {
  settings_.connections_per_host = 1;
  std::promise<void> open;
  server_.on_ask("/first", [opened = open.get_future().share()](const testing::ServedRequest&) {
    opened.wait();
    return Reply{200, {}, ""};
  });
  HttpTransport transport(settings_);
  std::atomic<int> left = 103;
  std::promise<void> all;
  const auto send = [&](const std::string& path, const std::shared_ptr<Askers>& askers) {
    transport.send({*Url::parse(url(path)), {}, Secret(), 1000}, {soon(), askers}, [&](HttpOutcome) {
      if (--left == 0) all.set_value();
    });
  };
  send("/first", nullptr);
  for (std::uint64_t i = 0; i < 100; ++i) send("/many", Askers::of({"many", i, 0}));
  // A request of user `many` that user `few` waits for, too.
  const auto joined = Askers::shared(Askers::of({"many", 1000, 0}));
  send("/joined", joined);
  send("/few", Askers::of({"few", 1, 0}));
  Askers::join(joined, Askers::of({"few", 2, 0}));
  open.set_value();
  all.get_future().wait();
  std::vector<std::string> order;
  for (const auto& request : server_.requests()) order.push_back(request.target);
  const auto place = [&](const std::string& path) {
    return std::find(order.begin(), order.end(), path) - order.begin();
  };
  EXPECT_LE(place("/few"), 5) << "two of its requests, each after one of the others";
  EXPECT_LE(place("/joined"), 5);
}

TEST_F(HttpTransportTest, SendsLastWhatNobodyWaitsForAndDropsWhatIsTooMuchOfIt) {
  settings_.connections_per_host = 1;
  std::promise<void> open;
  server_.on_ask("/first", [opened = open.get_future().share()](const testing::ServedRequest&) {
    opened.wait();
    return Reply{200, {}, ""};
  });
  HttpTransport transport(settings_);
  std::atomic<std::size_t> left = limits::kAbandonedRequests + 4;
  std::atomic<std::size_t> dropped = 0;
  std::promise<void> all;
  const auto send = [&](const std::string& path, const std::shared_ptr<Askers>& askers) {
    transport.send({*Url::parse(url(path)), {}, Secret(), 1000}, {soon(), askers}, [&](HttpOutcome outcome) {
      if (const auto* failure = std::get_if<HttpFailure>(&outcome))
        dropped += failure->error.code == ErrorCode::CutShort;
      if (--left == 0) all.set_value();
    });
  };
  send("/first", nullptr);
  const auto gone = Askers::of({"gone", 1, 0});
  const auto abandoned = Askers::shared(gone);
  for (std::size_t i = 0; i < limits::kAbandonedRequests + 2; ++i) send("/abandoned", abandoned);
  gone->leave();
  send("/wanted", Askers::of({"here", 2, 0}));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // all wait before the first is answered
  open.set_value();
  all.get_future().wait();
  EXPECT_EQ(dropped, 2U);
  EXPECT_EQ(server_.requests().at(1).target, "/wanted");
}

TEST_F(HttpTransportTest, PostsABodyOfAnyLength) {
  server_.on("/x", Reply{200, {}, "said"});
  HttpTransport transport(settings_);
  for (const std::size_t size : {0U, 1U, 3'000'000U}) {  // curl would ask first for a body above 1 MiB
    const std::string body(size, 'b');
    std::promise<HttpOutcome> promise;
    transport.send({*Url::parse(url("/x")),
                    {{"Content-Type", "application/json"}},
                    Secret(std::string("me")),
                    1000,
                    HttpMethod::Post,
                    Secret(body)},
                   soon(), [&promise](HttpOutcome what) { promise.set_value(std::move(what)); });
    const auto outcome = promise.get_future().get();
    ASSERT_TRUE(std::holds_alternative<HttpResponse>(outcome)) << size;
    EXPECT_EQ(std::get<HttpResponse>(outcome).body, "said");
    const auto asked = server_.requests().back();
    EXPECT_EQ(asked.method, "POST");
    EXPECT_EQ(asked.body.size(), size);
    EXPECT_EQ(asked.body, body);
    EXPECT_EQ(asked.header("content-type"), "application/json");
    EXPECT_EQ(asked.header("authorization"), "me");
    EXPECT_EQ(asked.header("expect"), "");
  }
}

TEST_F(HttpTransportTest, AsksForBytesAsTheyAre) {
  server_.on("/x", Reply{200, {}, ""});
  HttpTransport transport(settings_);
  ASSERT_TRUE(std::holds_alternative<HttpResponse>(get(transport, url("/x"), soon())));
  EXPECT_EQ(server_.requests().at(0).method, "GET");
  EXPECT_EQ(server_.requests().at(0).header("accept-encoding"), "identity");
}

TEST_F(HttpTransportTest, ACallbackThatThrowsEndsNothingElse) {
  server_.on("/x", Reply{200, {}, "body"});
  testing::Guarded<std::string> told{""};
  settings_.on_exception = [&](const char* what) { told = what; };
  HttpTransport transport(settings_);
  for (std::size_t i = 0; i < 2 * settings_.callback_threads; ++i)
    transport.send({*Url::parse(url("/x")), {}, Secret(), 10}, soon(),
                   [](HttpOutcome) { throw std::runtime_error("out of something"); });
  EXPECT_TRUE(std::holds_alternative<HttpResponse>(get(transport, url("/x"), soon())));
  EXPECT_EQ(told.get(), "out of something");
}

TEST_F(HttpTransportTest, FollowsNoRedirect) {
  server_.on("/x", Reply{302, {{"Location", "/y"}}, ""});
  HttpTransport transport(settings_);
  EXPECT_EQ(std::get<HttpResponse>(get(transport, url("/x"), soon())).status, 302);
  EXPECT_EQ(server_.count("/y"), 0U);
}

TEST_F(HttpTransportTest, ANameThatResolvesToLoopbackIsRefusedAfterDns) {
  // The settings name 127.0.0.1 and this port; `localhost` is another name for the same place.
  HttpTransport transport(settings_);
  const auto outcome = get(transport, "http://localhost:" + std::to_string(server_.port()) + "/", soon());
  const auto& failure = std::get<HttpFailure>(outcome);
  EXPECT_EQ(failure.error.code, ErrorCode::AddressRefused);
  EXPECT_NE(failure.error.message.find("loopback"), std::string::npos) << failure.error.message;
  EXPECT_EQ(server_.connections(), 0U);
}

TEST_F(HttpTransportTest, AnAddressInTheUrlIsRefusedToo) {
  HttpTransport transport{HttpSettings{}};
  const auto outcome = get(transport, url("/"), soon());
  EXPECT_EQ(std::get<HttpFailure>(outcome).error.code, ErrorCode::AddressRefused);
  EXPECT_EQ(server_.connections(), 0U);
}

TEST_F(HttpTransportTest, AHeadWithoutItsEndIsNoAnswer) {
  HttpTransport transport(settings_);
  for (const int status : {200, 404}) {
    server_.on("/x", Reply{status, {{"Content-Type", "text/plain"}}, "", Ending::CutHead});
    const auto outcome = get(transport, url("/x"), soon());
    ASSERT_TRUE(std::holds_alternative<HttpFailure>(outcome)) << status;
    EXPECT_EQ(std::get<HttpFailure>(outcome).error.code, ErrorCode::Unavailable);
    EXPECT_EQ(std::get<HttpFailure>(outcome).again, Again::MayHelp);
  }
}

TEST_F(HttpTransportTest, SaysWhichAddressAnsweredOrDidNot) {
  server_.on("/x", Reply{200, {}, ""});
  server_.on("/reset", Reply{200, {}, "", Ending::Reset});
  const std::string closed = "127.0.0.1:1";
  settings_.loopback_hosts.insert({closed, "localhost:" + std::to_string(server_.port())});
  HttpTransport transport(settings_);
  const auto peer = "127.0.0.1 " + std::to_string(server_.port());
  for (int i = 0; i < 2; ++i)  // the second time over the same connection
    EXPECT_EQ(std::get<HttpResponse>(get(transport, url("/x"), soon())).peer, peer);
  const auto other = "http://localhost:" + std::to_string(server_.port()) + "/x";
  EXPECT_EQ(std::get<HttpResponse>(get(transport, other, soon())).peer, peer);
  EXPECT_EQ(std::get<HttpFailure>(get(transport, url("/reset"), soon())).peer, peer);
  EXPECT_EQ(std::get<HttpFailure>(get(transport, "http://" + closed + "/", soon())).peer, "127.0.0.1 1");
}

TEST_F(HttpTransportTest, OneUsersRequestsToAnyHostLeaveRoomForOthers) {
  FakeRegistry second;
  settings_.loopback_hosts.insert(second.host());
  settings_.requests_of_a_user = 4;
  server_.on("/hang", Reply{200, {}, "", Ending::HangFirst});
  second.on("/hang", Reply{200, {}, "", Ending::HangFirst});
  server_.on("/x", Reply{200, {}, ""});
  HttpTransport transport(settings_);
  const auto by = [&](const std::string& user, const std::string& where, HttpTransport::Done done) {
    transport.send({*Url::parse(where), {}, Secret(), 10}, {soon(), Askers::of({user, 1, 0})},
                   std::move(done));
  };
  for (int i = 0; i < 4; ++i) {
    by("many", url("/hang"), [](HttpOutcome) {});
    by("many", "http://" + second.host() + "/hang", [](HttpOutcome) {});
  }
  std::promise<HttpOutcome> few;
  by("few", url("/x"), [&](HttpOutcome outcome) { few.set_value(std::move(outcome)); });
  EXPECT_TRUE(std::holds_alternative<HttpResponse>(few.get_future().get()));
  while (server_.total() + second.total() < 5) std::this_thread::yield();
  EXPECT_EQ(get(transport, url("/x"), soon()).index(), 0U);
  EXPECT_EQ(server_.count("/hang") + second.count("/hang"), 4U);
}

TEST_F(HttpTransportTest, AControlCharacterInAHeaderIsOurOwnFault) {
  HttpTransport transport(settings_);
  EXPECT_THROW(transport.send({*Url::parse(url("/x")), {{"A", "b\r\nC: d"}}, Secret(), 10}, soon(),
                              [](HttpOutcome) {}),
               std::logic_error);
  EXPECT_THROW(transport.send({*Url::parse(url("/x")), {}, Secret(std::string("a\nb")), 10}, soon(),
                              [](HttpOutcome) {}),
               std::logic_error);
}

TEST_F(HttpTransportTest, AnswersWhatIsOnItsWayWhenItEnds) {
  server_.on("/hang", Reply{200, {}, "", Ending::HangFirst});
  std::atomic<int> unavailable = 0;
  std::atomic<int> ran = 0;
  {
    HttpTransport transport(settings_);
    for (int i = 0; i < 50; ++i)
      transport.send({*Url::parse(url("/hang")), {}, Secret(), 10}, soon(), [&](HttpOutcome outcome) {
        if (std::get<HttpFailure>(outcome).error.code == ErrorCode::CutShort) ++unavailable;
        // Whoever sends again now is answered, too.
        transport.send({*Url::parse(url("/hang")), {}, Secret(), 10}, soon(), [&](HttpOutcome) { ++ran; });
      });
    transport.at(Deadline::Clock::now() + std::chrono::hours(1), [&] { ++ran; });
  }
  EXPECT_EQ(unavailable, 50);
  EXPECT_EQ(ran, 51);
}

TEST_F(HttpTransportTest, TimersRunInTheirOrderAndNotBeforeTheirTime) {
  HttpTransport transport(settings_);
  std::promise<void> last;
  std::vector<int> order;
  std::mutex mutex;
  const auto now = Deadline::Clock::now();
  const auto note = [&](int which) {
    const std::lock_guard lock(mutex);
    order.push_back(which);
  };
  transport.at(now + std::chrono::milliseconds(60), [&] {
    note(2);
    last.set_value();
  });
  transport.at(now + std::chrono::milliseconds(10), [&] { note(1); });
  last.get_future().wait();
  EXPECT_GE(Deadline::Clock::now() - now, std::chrono::milliseconds(60));
  EXPECT_THAT(order, ::testing::ElementsAre(1, 2));
}

TEST(ProxyInEnvironment, IsTrueForAnyOfItsVariables) {
  for (const char* name : {"HTTPS_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy"}) {
    ::unsetenv(name);
    EXPECT_FALSE(proxy_in_environment());
    ::setenv(name, "", 1);
    EXPECT_FALSE(proxy_in_environment());
    ::setenv(name, "http://proxy.example.com:3128", 1);
    EXPECT_TRUE(proxy_in_environment()) << name;
    ::unsetenv(name);
  }
}

TEST(ProxyPorts, AreThoseOnLoopbackInTheEnvironment) {
  for (const char* name : {"HTTPS_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy"})
    ::unsetenv(name);
  EXPECT_TRUE(loopback_proxy_ports().empty());
  ::setenv("HTTPS_PROXY", "http://user:pass@127.0.0.1:3128", 1);
  ::setenv("http_proxy", "localhost:8080/", 1);
  ::setenv("ALL_PROXY", "http://proxy.example.com:9999", 1);
  ::setenv("all_proxy", "http://169.254.169.254:7777", 1);
  EXPECT_THAT(loopback_proxy_ports(), ::testing::ElementsAre(3128, 8080));
  for (const char* name : {"HTTPS_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"}) ::unsetenv(name);
}

}  // namespace
}  // namespace tegata::verifier
