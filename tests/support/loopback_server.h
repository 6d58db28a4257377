// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tegata::testing {

struct ServedRequest {
  std::string method;
  std::string target;                          ///< path and query
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;                            ///< as long as Content-Length says

  [[nodiscard]] std::string path() const { return target.substr(0, target.find('?')); }
  /// Empty where there is none.
  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

/// How a reply ends, after its headers and body were sent.
enum class Ending {
  Complete,       ///< as HTTP wants it
  HangFirst,      ///< nothing is ever sent
  HangAfterBody,  ///< Content-Length promises one byte more than comes, and the connection stays open
  CutShort,       ///< the same, and the connection is closed
  Endless,        ///< the body is repeated for ever, without Content-Length
  CutHead,        ///< the connection is closed before the blank line after the headers
  Reset           ///< the connection is reset before anything is sent
};

struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Ending ending = Ending::Complete;
};

/// PEM files of a server certificate.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

/// An HTTP/1.1 server on 127.0.0.1 that can misbehave: one thread a connection, keep-alive.
class LoopbackServer {
 public:
  using Handler = std::function<Reply(const ServedRequest&)>;

  /// Listens on a free port, or on `port`. The handler is called on any thread.
  explicit LoopbackServer(Handler handler, std::uint16_t port = 0);
  LoopbackServer(Handler handler, const TlsFiles& tls);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  /// Closes every connection, also those that hang.
  ~LoopbackServer();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// `127.0.0.1:PORT`
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::size_t connections() const noexcept { return connections_; }

 private:
  class Connection;
  void listen_on(std::uint16_t port);
  void accept_all();
  void serve(int socket);
  void wait_until_stopped();

  Handler handler_;
  std::shared_ptr<void> tls_;  ///< SSL_CTX
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_ = 0;

  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::set<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace tegata::testing
