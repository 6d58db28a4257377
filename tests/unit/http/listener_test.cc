// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/listener.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <chrono>
#include <ctime>
#include <thread>

#include "webhook/http/http_server.h"
#include "webhook/http/request_reader.h"

namespace tegata::webhook::http {
namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// More descriptors to wait for than the process may have open is an error of poll() itself (EINVAL).
TEST(Listener, DoesNotSpinWherePollFails) {
  auto listener = Listener::open("127.0.0.1:0");
  ASSERT_TRUE(listener.ok());
  WakeFlag wake;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit one{1, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &one), 0);
  std::thread accepting([&] { EXPECT_EQ(listener->accept(wake.fd()), -1); });
  const auto started = cpu_seconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_LT(cpu_seconds() - started, 0.03);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  wake.set();
  accepting.join();
}

TEST(BodyBudget, GivesWhatIsThereAndTakesItBack) {
  BodyBudget budget(100);
  {
    BodyBudget::Share share(budget);
    EXPECT_TRUE(share.take(60));
    EXPECT_TRUE(share.take(40));
    BodyBudget::Share other(budget);
    EXPECT_FALSE(other.take(1));
  }
  BodyBudget::Share later(budget);
  EXPECT_FALSE(later.take(101));
  EXPECT_TRUE(later.take(100));
}

}  // namespace
}  // namespace tegata::webhook::http
