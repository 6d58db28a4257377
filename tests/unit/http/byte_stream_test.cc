// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/byte_stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "tests/unit/http/echo_server.h"

namespace {
thread_local bool refused = false;  ///< memory for OpenSSL, on this thread
}

/// Takes the place of OpenSSL's own, which also calls malloc().
extern "C" void* CRYPTO_malloc(std::size_t size, const char*, int) {
  return refused ? nullptr : std::malloc(size);
}

namespace tegata::webhook::http {
namespace {

using State = ByteStream::State;

/// A server's stream and its client, after the handshake.
struct Pair {
  std::shared_ptr<const TlsContext> tls = testing::test_tls();
  std::array<int, 2> sockets{};
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> client{nullptr, SSL_free};
  std::unique_ptr<ByteStream> server;

  Pair() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets.data()), 0);
    client.reset(SSL_new(context.get()));
    SSL_set_fd(client.get(), sockets[0]);
    server = std::make_unique<ByteStream>(sockets[1]);
    EXPECT_TRUE(server->start_tls(tls->get()));
    auto state = State::NeedsRead;
    for (int i = 0; i < 20 && (state != State::Done || SSL_is_init_finished(client.get()) == 0); ++i) {
      SSL_connect(client.get());
      if (state != State::Done) state = server->handshake();
    }
    EXPECT_EQ(state, State::Done);
  }
  ~Pair() { ::close(sockets[0]); }
};

TEST(ByteStream, StaysEndedAfterThereWasNoMemoryToRead) {
  Pair pair;
  std::array<char, 64> piece;
  ASSERT_EQ(pair.server->read(piece).state, State::NeedsRead);
  ASSERT_EQ(SSL_write(pair.client.get(), "x", 1), 1);
  refused = true;
  EXPECT_EQ(pair.server->read(piece).state, State::Ended);
  refused = false;
  EXPECT_EQ(pair.server->read(piece).state, State::Ended) << "would be polled for ever";
}

}  // namespace
}  // namespace tegata::webhook::http
