// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "policy/model/deadline.h"
#include "verifier/net/address_check.h"
#include "verifier/net/http_transport.h"

namespace tegata::verifier {

/// One request in progress: a curl easy handle and the response received so far. After prepare() it is used
/// on the loop's thread only.
class Transfer {
 public:
  using Done = std::function<void(HttpOutcome)>;

  Transfer(HttpRequest request, Deadline deadline, Done done);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer();

  /// Throws std::logic_error if a header has a control character.
  static void check(const HttpRequest& request);

  /// Sets every option of the handle. An error means that the request must not be sent.
  /// Throws std::bad_alloc.
  [[nodiscard]] Status prepare(const HttpSettings& settings, const std::set<std::uint16_t>& proxy_ports);

  [[nodiscard]] CURL* handle() const noexcept { return easy_; }
  [[nodiscard]] Deadline deadline() const noexcept { return deadline_; }
  [[nodiscard]] Done& done() noexcept { return done_; }
  /// The outcome, given curl's result code.
  [[nodiscard]] HttpOutcome outcome(CURLcode code);
  /// DeadlineExceeded; CutShort if it was not sent.
  [[nodiscard]] HttpFailure deadline_failure() const;
  /// See HttpResponse::peer.
  [[nodiscard]] std::string peer() const;

 private:
  /// Why this program aborted the transfer.
  enum class Stopped { No, BodyTooLarge, HeadersTooLarge, ErrorBodyCut };

  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  [[nodiscard]] bool was_sent() const;
  void set_protocol(bool http2);
  void set_headers();
  void set_method();
  void set_signature(const AwsSignature& signature);
  [[nodiscard]] std::optional<std::string> refusal(const sockaddr& address) const;
  void set_bounds(const HttpSettings& settings);
  [[nodiscard]] bool take_header(std::string_view line);
  [[nodiscard]] bool take_body(std::string_view bytes);
  [[nodiscard]] HttpFailure failure(CURLcode code) const;

  HttpRequest request_;
  Deadline deadline_;
  Done done_;
  CURL* easy_;
  curl_slist* header_list_ = nullptr;
  Loopback loopback_ = Loopback::Refused;
  bool fixed_host_ = false;  ///< one of HttpSettings::only_hosts
  const std::set<std::uint16_t>* proxy_ports_ = nullptr;
  HttpResponse response_;
  std::size_t header_bytes_ = 0;
  bool head_ended_ = false;  ///< the blank line after the headers has arrived
  Stopped stopped_ = Stopped::No;
  std::string refused_;     ///< why the last address was refused
  bool no_socket_ = false;  ///< the last socket could not be opened: no descriptors or memory are left
  std::string tried_;       ///< the last address that was not, as peer() gives it
  char curl_message_[CURL_ERROR_SIZE] = {};
};

}  // namespace tegata::verifier
