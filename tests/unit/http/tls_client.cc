// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/http/tls_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

namespace tegata::webhook::http::testing {

namespace {

void identify(SSL_CTX* context, const CertificatePair& identity) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> certificate(
      BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size())), BIO_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> key(
      BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size())), BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> leaf(
      PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr), X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> private_key(
      PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  SSL_CTX_use_certificate(context, leaf.get());
  SSL_CTX_use_PrivateKey(context, private_key.get());
}

}  // namespace

Client::Client(int port, Tls tls, int max_tls_version, const CertificatePair* identity)
    : context_(nullptr, SSL_CTX_free), tls_(nullptr, SSL_free) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval limit{20, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  connected_ = true;
  if (tls == Tls::No) return;
  context_.reset(SSL_CTX_new(TLS_client_method()));
  if (identity != nullptr) identify(context_.get(), *identity);
  if (max_tls_version != 0) SSL_CTX_set_max_proto_version(context_.get(), max_tls_version);
  // Lets an old version be offered at all, so that it is the server that refuses it.
  SSL_CTX_set_security_level(context_.get(), 0);
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  tls_.reset(SSL_new(context_.get()));
  SSL_set_fd(tls_.get(), socket_);
  static constexpr unsigned char kProtocols[] = "\x02h2\x08http/1.1";
  SSL_set_alpn_protos(tls_.get(), kProtocols, sizeof kProtocols - 1);
  connected_ = SSL_connect(tls_.get()) == 1;
}

Client::~Client() { ::close(socket_); }

std::string Client::server_certificate() const {
  X509* certificate = SSL_get1_peer_certificate(tls_.get());
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  std::string der(reinterpret_cast<const char*>(bytes), size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(bytes);
  X509_free(certificate);
  return der;
}

std::string Client::protocol() const {
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(tls_.get(), &chosen, &size);
  return {reinterpret_cast<const char*>(chosen), size};
}

bool Client::send(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto left = static_cast<int>(bytes.size() - sent);
    const auto n =
        tls_ ? SSL_write(tls_.get(), bytes.data() + sent, left)
             : static_cast<int>(::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL));
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

int Client::read(char* into, int size) {
  return tls_ ? SSL_read(tls_.get(), into, size)
              : static_cast<int>(::recv(socket_, into, static_cast<std::size_t>(size), 0));
}

std::optional<Reply> Client::receive(Body body) {
  std::array<char, 4096> piece;
  while (true) {
    const auto head_end = buffer_.find("\r\n\r\n");
    if (head_end != buffer_.npos) {
      Reply reply{std::stoi(buffer_.substr(9, 3)), buffer_.substr(0, head_end + 2), ""};
      const auto field = reply.head.find("Content-Length: ");
      const auto size =
          field == reply.head.npos || body == Body::None ? 0 : std::stoul(reply.head.substr(field + 16));
      if (buffer_.size() >= head_end + 4 + size) {
        reply.body = buffer_.substr(head_end + 4, size);
        buffer_.erase(0, head_end + 4 + size);
        return reply;
      }
    }
    const int n = read(piece.data(), static_cast<int>(piece.size()));
    if (n <= 0) return std::nullopt;
    buffer_.append(piece.data(), static_cast<std::size_t>(n));
  }
}

bool Client::ended(std::chrono::milliseconds within) {
  const timeval limit{within.count() / 1000, (within.count() % 1000) * 1000};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const auto begun = std::chrono::steady_clock::now();
  char one = 0;
  const int n = read(&one, 1);
  return buffer_.empty() && n <= 0 && std::chrono::steady_clock::now() - begun < within;
}

std::string post(const std::string& path, const std::string& body, const std::string& fields) {
  return "POST " + path + " HTTP/1.1\r\nHost: tegata\r\nContent-Type: application/json\r\n" + fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: tegata\r\n\r\n"; }

}  // namespace tegata::webhook::http::testing
