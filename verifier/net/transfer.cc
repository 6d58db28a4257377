// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/transfer.h"

#include <netdb.h>
#include <netinet/in.h>
#include <string.h>  // explicit_bzero
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <stdexcept>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kLineWhitespace = " \t\r\n";

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  const auto result = curl_easy_setopt(easy, option, value);
  if (result == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (result != CURLE_OK) throw std::logic_error("libcurl refuses an option that this program relies on");
}

/// A control character would end the header and begin another one.
void check_header(std::string_view name, std::string_view value) {
  const auto control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  if (std::any_of(name.begin(), name.end(), control) || std::any_of(value.begin(), value.end(), control))
    throw std::logic_error("a request header holds a control character");
}

void append_header(curl_slist** list, std::string_view name, std::string_view value) {
  check_header(name, value);
  std::string line(name);
  line.append(": ").append(value);
  auto* longer = curl_slist_append(*list, line.c_str());
  explicit_bzero(line.data(), line.size());
  if (!longer) throw std::bad_alloc();
  *list = longer;
}

std::uint16_t port_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.sa_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return 0;
}

/// Address and port.
std::string text_of(const curl_sockaddr& address) {
  char host[NI_MAXHOST] = {};
  if (::getnameinfo(&address.addr, address.addrlen, host, sizeof host, nullptr, 0, NI_NUMERICHOST) != 0)
    return {};
  return std::string(host) + " " + std::to_string(port_of(address.addr));
}

/// Whether a socket could not be opened because this machine or process has none left. Without IPv6, for
/// example, opening one fails too, and the next address is tried.
bool is_own_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/// Milliseconds for curl, at least 1: 0 means no timeout.
long milliseconds(Deadline::Clock::duration duration) {
  const auto count = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
  return static_cast<long>(std::max<std::int64_t>(count, 1));
}

}  // namespace

Transfer::Transfer(HttpRequest request, Deadline deadline, Done done)
    : request_(std::move(request)),
      deadline_(deadline.earlier_of(Deadline::after(limits::kHttpRequest))),
      done_(std::move(done)),
      easy_(curl_easy_init()) {}

void Transfer::check(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers) check_header(name, value);
  check_header("Authorization", request.authorization.reveal());
  if (!request.signature) return;
  check_header("X-Amz-Security-Token", request.signature->session_token.reveal());
  check_header(request.signature->access_key_id, request.signature->secret_access_key.reveal());
}

Transfer::~Transfer() {
  curl_easy_cleanup(easy_);
  for (auto* line = header_list_; line; line = line->next) explicit_bzero(line->data, strlen(line->data));
  curl_slist_free_all(header_list_);
}

Status Transfer::prepare(const HttpSettings& settings, const std::set<std::uint16_t>& proxy_ports) {
  if (!easy_) throw std::bad_alloc();
  const Url& url = request_.url;
  loopback_ = settings.loopback_hosts.contains(url.host_and_port()) ? Loopback::Allowed : Loopback::Refused;
  fixed_host_ = settings.only_hosts.contains(url.host_and_port());
  proxy_ports_ = &proxy_ports;
  // A proxy would resolve the host, so the text of the host is checked here.
  const auto refused =
      refusal_of_host(url.host(), settings.only_hosts.empty() ? loopback_ : Loopback::Refused);
  if (!settings.only_hosts.empty() && (!fixed_host_ || !refused))
    return Error{ErrorCode::AddressRefused, url.origin() + " is not a credential service of this machine"};
  if (refused && !fixed_host_) return Error{ErrorCode::AddressRefused, url.origin() + ": " + *refused};
  if (fixed_host_ || (settings.direct_plain_http && url.scheme() == Scheme::Http))
    set(easy_, CURLOPT_PROXY, "");
  set(easy_, CURLOPT_URL, url.text().c_str());
  set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy_, CURLOPT_PATH_AS_IS, 1L);  // normalizing the path would break signed URLs
  set_protocol(settings.http2);
  set(easy_, CURLOPT_NOSIGNAL, 1L);
  set(easy_, CURLOPT_QUICK_EXIT, 1L);  // otherwise a slow resolver blocks the loop at the end of a request
  set(easy_, CURLOPT_USERAGENT, "tegata");
  set(easy_, CURLOPT_ERRORBUFFER, curl_message_);
  // The system's CA bundle as a file, and no folder: only then does curl keep the parsed store.
  set(easy_, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  set(easy_, CURLOPT_CAINFO, settings.ca_file.c_str());
  set(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
  set_headers();
  set_method();
  set_bounds(settings);
  return tegata::done();
}

void Transfer::set_protocol(bool http2) {
  const bool tls = request_.url.scheme() == Scheme::Https;
  set(easy_, CURLOPT_PROTOCOLS_STR, tls ? "https" : "http");
  // Over TLS, wait for a connection that may be multiplexed. Over plain http curl
  // would wait for the first complete response, and one that hangs would delay all others.
  const bool shared = tls && http2;
  set(easy_, CURLOPT_HTTP_VERSION,
      static_cast<long>(shared ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  set(easy_, CURLOPT_PIPEWAIT, shared ? 1L : 0L);
}

void Transfer::set_headers() {
  append_header(&header_list_, "Accept-Encoding", "identity");
  for (const auto& [name, value] : request_.headers) append_header(&header_list_, name, value);
  if (!request_.authorization.empty())
    append_header(&header_list_, "Authorization", request_.authorization.reveal());
  // Without a value curl leaves the header out: a body is sent at once, without asking with 100-continue.
  // curl before 8.3.0 would sign the empty header too (https://github.com/curl/curl/commit/b5c65f8b); it asks
  // only above 1 MiB.
  if (request_.method == HttpMethod::Post && !request_.signature) append_header(&header_list_, "Expect", "");
  if (request_.signature) set_signature(*request_.signature);
  set(easy_, CURLOPT_HTTPHEADER, header_list_);
}

void Transfer::set_signature(const AwsSignature& signature) {
  if (!signature.session_token.empty())
    append_header(&header_list_, "X-Amz-Security-Token", signature.session_token.reveal());
  const auto provider = "aws:amz:" + signature.region + ":" + signature.service;
  set(easy_, CURLOPT_AWS_SIGV4, provider.c_str());
  set(easy_, CURLOPT_USERNAME, signature.access_key_id.c_str());
  const Secret secret(std::string(signature.secret_access_key.reveal()) + '\0');  // ends the text for curl
  set(easy_, CURLOPT_PASSWORD, secret.reveal().data());
}

void Transfer::set_method() {
  switch (request_.method) {
    case HttpMethod::Get:
      return set(easy_, CURLOPT_HTTPGET, 1L);
    case HttpMethod::Post: {
      const auto body = request_.body.reveal();
      set(easy_, CURLOPT_POST, 1L);
      set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
      set(easy_, CURLOPT_POSTFIELDS, body.empty() ? "" : body.data());  // not copied: request_ keeps it
      return;
    }
    case HttpMethod::Put:
      set(easy_, CURLOPT_POST, 1L);
      set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t{0});
      set(easy_, CURLOPT_POSTFIELDS, "");
      return set(easy_, CURLOPT_CUSTOMREQUEST, "PUT");
  }
}

void Transfer::set_bounds(const HttpSettings& settings) {
  set(easy_, CURLOPT_TIMEOUT_MS, milliseconds(deadline_.left()));
  // Counts from when the request is sent, and again from each byte: a server that hangs is told from a large
  // answer. curl looks once a second.
  set(easy_, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy_, CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits::kRegistryAttempt.count()) - 1);
  set(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
  set(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(easy_, CURLOPT_HEADERDATA, this);
  set(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(easy_, CURLOPT_WRITEDATA, this);
  set(easy_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
  set(easy_, CURLOPT_OPENSOCKETDATA, this);
}

std::size_t Transfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_header({bytes, size * count}) ? size * count : 0;
}
std::size_t Transfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_body({bytes, size * count}) ? size * count : 0;
}

bool Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > limits::kResponseHeaders) {
    stopped_ = Stopped::HeadersTooLarge;
    return false;
  }
  if (line.starts_with("HTTP/")) {  // the final response after an interim one (100, 103)
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    response_ = HttpResponse{static_cast<int>(status), {}, {}};
    head_ended_ = false;
    return true;
  }
  if (line == "\r\n" || line == "\n") head_ended_ = true;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  auto name = ascii_lower(trimmed(line.substr(0, colon), kLineWhitespace));
  const auto value = trimmed(line.substr(colon + 1), kLineWhitespace);
  if (name == "content-length" && response_.status == 200) {
    std::size_t length = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (failed != std::errc() || length > request_.max_body) {
      stopped_ = Stopped::BodyTooLarge;
      return false;
    }
    response_.body.reserve(length);  // a body that grows takes up to twice its size
  }
  response_.headers.emplace_back(std::move(name), value);
  return true;
}

bool Transfer::take_body(std::string_view bytes) {
  const std::size_t bound = response_.status == 200 ? request_.max_body : limits::kErrorBody;
  if (bytes.size() <= bound - response_.body.size()) {
    response_.body.append(bytes);
    return true;
  }
  stopped_ = response_.status == 200 ? Stopped::BodyTooLarge : Stopped::ErrorBodyCut;
  return false;
}

curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (auto refused = transfer.refusal(address->addr)) {
    transfer.refused_ = *std::move(refused);
    return CURL_SOCKET_BAD;
  }
  transfer.tried_ = text_of(*address);
  const auto opened = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  transfer.no_socket_ = opened < 0 && is_own_shortage(errno);
  return opened;
}

std::optional<std::string> Transfer::refusal(const sockaddr& address) const {
  // An address is connected to as it is written, and curl resolves `localhost` itself.
  if (fixed_host_) return std::nullopt;
  // The operator may configure a proxy on this machine, in the environment.
  const bool proxy = proxy_ports_->contains(port_of(address));
  return refusal_of(address, proxy ? Loopback::Allowed : loopback_);
}

bool Transfer::was_sent() const {
  curl_off_t microseconds = 0;
  return curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &microseconds) == CURLE_OK && microseconds > 0;
}

HttpFailure Transfer::deadline_failure() const {
  if (!was_sent())
    return {{ErrorCode::CutShort, "no connection to " + request_.url.origin() + " was free in time"},
            Again::Futile};
  return {{ErrorCode::DeadlineExceeded, request_.url.origin() + " did not answer in time"}, Again::Futile};
}

std::string Transfer::peer() const {
  char* address = nullptr;
  long port = 0;
  if (curl_easy_getinfo(easy_, CURLINFO_PRIMARY_IP, &address) != CURLE_OK || !address || !*address ||
      curl_easy_getinfo(easy_, CURLINFO_PRIMARY_PORT, &port) != CURLE_OK)
    return tried_;
  return std::string(address) + " " + std::to_string(port);
}

HttpOutcome Transfer::outcome(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  const bool whole = code == CURLE_OK || stopped_ == Stopped::ErrorBodyCut;
  if (!whole) return failure(code);
  // curl takes the end of the connection for the end of the head: RFC 9112, section 8, calls that incomplete.
  if (!head_ended_)
    return HttpFailure{
        {ErrorCode::Unavailable, request_.url.origin() + " closed the connection within the headers"},
        Again::MayHelp};
  response_.status = static_cast<int>(status);
  // Without a Content-Length it grew; callers count its size as its memory.
  if (response_.body.capacity() / 5 > response_.body.size() / 4) response_.body.shrink_to_fit();
  return std::move(response_);
}

HttpFailure Transfer::failure(CURLcode code) const {
  const std::string origin = request_.url.origin();
  if (stopped_ == Stopped::BodyTooLarge)
    return {
        {ErrorCode::LimitExceeded, origin + " answers with more than " + std::to_string(request_.max_body) +
                                       " bytes, the limit for this request"},
        Again::Futile};
  if (stopped_ == Stopped::HeadersTooLarge)
    return {{ErrorCode::Malformed, origin + " answers with more than " +
                                       std::to_string(limits::kResponseHeaders) + " bytes of headers"},
            Again::Futile};
  if (code == CURLE_COULDNT_CONNECT && !refused_.empty())
    return {{ErrorCode::AddressRefused, origin + ": " + refused_}, Again::Futile};
  // curl uses one code for the timeout of the request and of the connection.
  if (code == CURLE_OPERATION_TIMEDOUT && (was_sent() || deadline_.left() < std::chrono::milliseconds(20)))
    return deadline_failure();
  if (code == CURLE_OUT_OF_MEMORY)
    return {{ErrorCode::CutShort, "there was no memory for the answer of " + origin}, Again::Futile};
  if (no_socket_)
    return {{ErrorCode::CutShort, "this process could not open a socket for a request to " + origin},
            Again::Futile};
  const std::string why = curl_message_[0] ? curl_message_ : curl_easy_strerror(code);
  const bool trust = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
                     code == CURLE_SSL_CONNECT_ERROR;
  return {{ErrorCode::Unavailable, "no answer from " + origin + ": " + why},
          trust ? Again::Futile : Again::MayHelp};
}

}  // namespace tegata::verifier
