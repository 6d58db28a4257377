// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "policy/model/deadline.h"
#include "webhook/current.h"
#include "webhook/http/body_budget.h"
#include "webhook/http/byte_stream.h"
#include "webhook/http/http_server_settings.h"
#include "webhook/http/reply_text.h"
#include "webhook/http/request_reader.h"

namespace tegata::webhook::http {

/// What all connections of a server share.
struct Shared {
  const HttpServerSettings& settings;
  const Current<TlsContext>& tls;
  BodyBudget& budget;
};

/// One accepted connection, from its first byte to its end. No member waits: each returns what comes next.
/// Used by one thread at a time.
class Connection {
 public:
  using Clock = Deadline::Clock;

  enum class Phase {
    Silent,  ///< nothing has arrived
    Handshaking,
    Waiting,  ///< for the next request
    Reading,  ///< a request
    Handling,
    Writing,    ///< a reply that the socket has not taken at once
    Lingering,  ///< the last reply is sent, and what still arrives is dropped
  };
  enum class Next {
    Read,    ///< call ready() when the socket can be read
    Write,   ///< call ready() when the socket can be written
    Handle,  ///< call reply() with the answer to frame()
    Close,
  };

  /// Owns `socket`. `age` is how long it is kept open if it is used.
  Connection(int socket, Shared shared, Clock::time_point accepted, Clock::duration age);

  [[nodiscard]] int socket() const noexcept { return stream_.socket(); }
  [[nodiscard]] Phase phase() const noexcept { return phase_; }
  /// When the phase began.
  [[nodiscard]] Clock::time_point since() const noexcept { return since_; }
  /// Has sent at least one complete request.
  [[nodiscard]] bool proven() const noexcept { return proven_; }

  [[nodiscard]] Next ready(Clock::time_point now);
  /// The complete request; valid until reply().
  [[nodiscard]] Frame frame() const { return {reader_.head(), reader_.body(), arrived_, caller_}; }
  /// Whether the client, or the age of the connection, wants its end after the reply.
  [[nodiscard]] bool wants_close(Clock::time_point now) const {
    return reader_.head().closes || now >= close_after_;
  }
  [[nodiscard]] Next reply(const HttpReply& reply, AfterReply after, Clock::time_point now);

  enum class Stopping { No, Yes };
  /// Whether a deadline has passed: of the phase, or for the rate at which a body arrives.
  [[nodiscard]] bool is_late(Clock::time_point now, Stopping stopping) const;
  /// Ends what is_late(): an incomplete request with 408.
  [[nodiscard]] Next end_late(Clock::time_point now);

 private:
  void enter(Phase phase, Clock::time_point now);
  [[nodiscard]] Next handshake(Clock::time_point now);
  [[nodiscard]] Next read(Clock::time_point now);
  [[nodiscard]] Next take(std::string_view bytes, Clock::time_point now);
  void authenticate();
  void begin_request(Clock::time_point now);
  [[nodiscard]] Next send_continue();
  [[nodiscard]] Next refuse(const Refusal& refusal, Clock::time_point now);
  [[nodiscard]] Next send(std::string text, AfterReply after, Clock::time_point now);
  [[nodiscard]] Next write(Clock::time_point now);
  [[nodiscard]] Next linger(Clock::time_point now);
  [[nodiscard]] bool body_is_slow(Clock::time_point now) const;

  Shared shared_;
  ByteStream stream_;
  RequestReader reader_;
  BodyBudget::Share share_;
  Phase phase_ = Phase::Silent;
  bool proven_ = false;
  bool body_expected_ = false;  ///< the head has been read
  AfterReply after_ = AfterReply::KeepOpen;
  Clock::time_point accepted_;
  Clock::time_point since_;
  Clock::time_point close_after_;
  Clock::time_point arrived_;  ///< HttpRequest::arrived
  Clock::time_point body_begun_;
  Clock::time_point last_byte_;  ///< of the request that is read
  std::string_view caller_ = kNotAuthenticated;
  std::string out_;  ///< what the socket has not taken
};

}  // namespace tegata::webhook::http
