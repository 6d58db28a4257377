// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/byte_stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <thread>

#include "tests/unit/http/echo_server.h"

namespace tegata::webhook::http {
namespace {

thread_local bool refused = false;  ///< memory for OpenSSL, on this thread

void* allocate(std::size_t size, const char*, int) { return refused ? nullptr : std::malloc(size); }
void* reallocate(void* memory, std::size_t size, const char*, int) {
  return refused ? nullptr : std::realloc(memory, size);
}
void release(void* memory, const char*, int) { std::free(memory); }

// Before OpenSSL's first allocation.
const bool hooked = CRYPTO_set_mem_functions(allocate, reallocate, release) == 1;

using State = ByteStream::State;

/// A server's stream and its client, after the handshake.
struct Pair {
  std::shared_ptr<const TlsContext> tls = test_tls();
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

TEST(ByteStream, EndsIfThereWasNoMemoryToReadAndNoneToSaySo) {
  ASSERT_TRUE(hooked);
  Pair pair;
  std::array<char, 64> piece;
  ASSERT_EQ(pair.server->read(piece).state, State::NeedsRead);
  ASSERT_EQ(SSL_write(pair.client.get(), "x", 1), 1);
  // A new thread has no error queue yet, and gets none.
  std::thread([&] {
    refused = true;
    EXPECT_EQ(pair.server->read(piece).state, State::Ended);
    refused = false;
  }).join();
  EXPECT_EQ(pair.server->read(piece).state, State::Ended);
}

}  // namespace
}  // namespace tegata::webhook::http
