// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/listener.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/unit/http/tls_client.h"

namespace tegata::webhook::http {
namespace {

using State = Listener::Accepted::State;

TEST(Listener, AcceptsWhatWaitsAndDoesNotWaitItself) {
  auto listener = Listener::open("127.0.0.1:0");
  ASSERT_TRUE(listener.ok());
  EXPECT_FALSE(listener->has_waiting());
  EXPECT_EQ(listener->accept_waiting().state, State::None);
  const testing::Client client(listener->port(), testing::Client::Tls::No);
  EXPECT_TRUE(listener->has_waiting());
  const auto accepted = listener->accept_waiting();
  EXPECT_EQ(accepted.state, State::Connection);
  ::close(accepted.socket);
  EXPECT_EQ(listener->accept_waiting().state, State::None);
  listener->close();
  EXPECT_EQ(listener->accept_waiting().state, State::None);
}

}  // namespace
}  // namespace tegata::webhook::http
