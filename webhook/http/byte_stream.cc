// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/byte_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace tegata::webhook::http {
namespace {

/// Of a call on the socket that returned a negative number, or 0 for the end of the input.
ByteStream::State socket_state(ssize_t result, ByteStream::State needs) {
  const bool again = result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  return again ? needs : ByteStream::State::Ended;
}

/// recv(), repeated when a signal interrupts it.
ssize_t receive(int socket, std::span<char> into) {
  ssize_t n = 0;
  do {
    n = ::recv(socket, into.data(), into.size(), 0);
  } while (n < 0 && errno == EINTR);
  return n;
}

std::string text_of(const ASN1_STRING* text) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, text);
  std::string made(reinterpret_cast<const char*>(utf8), size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(utf8);
  return made;
}

void add_dns_names(const X509& certificate, std::vector<std::string>& names) {
  auto* found =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(found); ++i) {
    int type = 0;
    const auto* value =
        static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(found, i), &type));
    if (type == GEN_DNS) names.push_back(text_of(value));
  }
  GENERAL_NAMES_free(found);
}

void add_common_names(const X509& certificate, std::vector<std::string>& names) {
  const auto* subject = X509_get_subject_name(&certificate);
  for (int i = -1; (i = X509_NAME_get_index_by_NID(subject, NID_commonName, i)) >= 0;)
    names.push_back(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i))));
}

constexpr std::string_view kFailedState = "SSLERR";  // as SSL_state_string() has it

constexpr int kDropsInOneTurn = 64;  // so that a peer that goes on sending does not hold a thread

}  // namespace

void ByteStream::Free::operator()(ssl_st* ssl) const { SSL_free(ssl); }

ByteStream::~ByteStream() { ::close(socket_); }

bool ByteStream::start_tls(ssl_ctx_st* context) {
  tls_.reset(SSL_new(context));
  return tls_ != nullptr && SSL_set_fd(tls_.get(), socket_) == 1;
}

ByteStream::State ByteStream::tls_state(int result) {
  // After a fatal error, and without memory to keep that error, OpenSSL repeats what it last waited for: the
  // socket would be polled without end.
  const bool failed = SSL_state_string(tls_.get()) == kFailedState;
  switch (failed ? SSL_ERROR_SSL : SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return State::NeedsRead;
    case SSL_ERROR_WANT_WRITE:
      return State::NeedsWrite;
    case SSL_ERROR_ZERO_RETURN:
      return State::Ended;
    default:
      broken_ = true;
      return State::Ended;
  }
}

ByteStream::State ByteStream::handshake() {
  ERR_clear_error();
  const int result = SSL_accept(tls_.get());
  if (result != 1) return tls_state(result);
  // The client's last message has no reply: a client that sends its request only after an acknowledgement
  // (Nagle's algorithm) would wait 40 ms for it.
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
  return State::Done;
}

std::vector<std::string> ByteStream::client_names() const {
  std::vector<std::string> names;
  if (tls_ == nullptr) return names;
  const auto* certificate = SSL_get0_peer_certificate(tls_.get());
  if (certificate == nullptr || SSL_get_verify_result(tls_.get()) != X509_V_OK) return names;
  add_dns_names(*certificate, names);
  add_common_names(*certificate, names);
  return names;
}

ByteStream::Io ByteStream::read(std::span<char> into) {
  if (tls_ == nullptr) {
    const auto n = receive(socket_, into);
    if (n > 0) return {State::Done, static_cast<std::size_t>(n)};
    return {socket_state(n, State::NeedsRead)};
  }
  ERR_clear_error();
  std::size_t n = 0;
  const int result = SSL_read_ex(tls_.get(), into.data(), into.size(), &n);
  if (result == 1) return {State::Done, n};
  return {tls_state(result)};
}

ByteStream::Io ByteStream::write(std::string_view bytes) {
  std::size_t all = 0;
  while (all < bytes.size()) {
    const auto rest = bytes.substr(all);
    if (tls_ == nullptr) {
      const auto n = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return {socket_state(n, State::NeedsWrite), all};
      all += static_cast<std::size_t>(n);
      continue;
    }
    ERR_clear_error();
    std::size_t n = 0;
    const int result = SSL_write_ex(tls_.get(), rest.data(), rest.size(), &n);
    if (result != 1) return {tls_state(result), all};
    all += n;
  }
  return {State::Done, all};
}

bool ByteStream::has_pending() const { return tls_ != nullptr && SSL_has_pending(tls_.get()) == 1; }

bool ByteStream::has_unread() const {
  char first = 0;
  return ::recv(socket_, &first, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void ByteStream::send_end() {
  if (broken_) return;
  if (tls_ != nullptr && SSL_in_init(tls_.get()) == 0) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());  // sends close_notify if the socket accepts it; does not wait for the peer's
  }
  ::shutdown(socket_, SHUT_WR);
}

ByteStream::State ByteStream::drop_input() {
  if (broken_) return State::Ended;
  std::array<char, 16384> dropped;
  for (int i = 0; i < kDropsInOneTurn; ++i) {
    const auto n = receive(socket_, dropped);
    if (n <= 0) return socket_state(n, State::NeedsRead);
  }
  return State::NeedsRead;
}

}  // namespace tegata::webhook::http
