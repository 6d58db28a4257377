// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "policy/model/limits.h"

namespace tegata::webhook::http {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr Refusal kTooBusy{429, "too many requests at one time"};
constexpr Refusal kTooSlow{408, "the request took too long to arrive"};

/// If the first request arrives this soon after the handshake, the connection was opened for it, and its
/// caller has been waiting since the connection was accepted.
constexpr std::chrono::milliseconds kOpenedForIt{1000};

}  // namespace

Connection::Connection(int socket, Shared shared, Clock::time_point accepted, Clock::duration age)
    : shared_(shared),
      stream_(socket),
      reader_(std::min(shared.settings.max_body, shared.budget.largest())),
      share_(shared.budget),
      accepted_(accepted),
      since_(accepted),
      close_after_(accepted + age) {}

void Connection::enter(Phase phase, Clock::time_point now) {
  phase_ = phase;
  since_ = now;
}

Connection::Next Connection::ready(Clock::time_point now) {
  switch (phase_) {
    case Phase::Silent: {
      const auto tls = shared_.tls.get();
      if (tls == nullptr) {
        enter(Phase::Waiting, now);
        return read(now);
      }
      if (!stream_.start_tls(tls->get())) return Next::Close;
      phase_ = Phase::Handshaking;  // since it was accepted
      return handshake(now);
    }
    case Phase::Handshaking:
      return handshake(now);
    case Phase::Waiting:
    case Phase::Reading:
      return read(now);
    case Phase::Writing:
      return write(now);
    case Phase::Lingering:
      return stream_.drop_input() == ByteStream::State::NeedsRead ? Next::Read : Next::Close;
    case Phase::Handling:
      break;
  }
  return Next::Close;
}

Connection::Next Connection::handshake(Clock::time_point now) {
  switch (stream_.handshake()) {
    case ByteStream::State::Done:
      authenticate();
      enter(Phase::Waiting, now);
      return read(now);
    case ByteStream::State::NeedsRead:
      return Next::Read;
    case ByteStream::State::NeedsWrite:
      return Next::Write;
    case ByteStream::State::Ended:
      return Next::Close;
  }
  return Next::Close;
}

void Connection::authenticate() {
  const auto& accepted = shared_.settings.client_names;
  if (accepted.empty()) return;
  for (const auto& name : stream_.client_names())
    if (const auto found = std::ranges::find(accepted, name); found != accepted.end()) caller_ = *found;
}

Connection::Next Connection::read(Clock::time_point now) {
  static thread_local std::array<char, 16384> piece;  // the most that one TLS record holds
  while (true) {
    const auto got = stream_.read(piece);
    switch (got.state) {
      case ByteStream::State::Done:
        break;
      case ByteStream::State::NeedsRead:
        return Next::Read;
      case ByteStream::State::NeedsWrite:
        return Next::Write;
      case ByteStream::State::Ended:
        return Next::Close;
    }
    const auto next = take({piece.data(), got.bytes}, now);
    if (next != Next::Read || phase_ != Phase::Reading) return next;
  }
}

void Connection::begin_request(Clock::time_point now) {
  const bool opened_for_it = !proven_ && now - since_ < kOpenedForIt;
  arrived_ = opened_for_it ? accepted_ : now;
  body_expected_ = false;
  enter(Phase::Reading, now);
}

Connection::Next Connection::take(std::string_view bytes, Clock::time_point now) {
  auto kept = bytes.size();
  if (phase_ == Phase::Waiting) {
    begin_request(now);
    kept += reader_.left_over();
  }
  last_byte_ = now;
  const auto fed = reader_.feed(bytes);
  if (const auto* refusal = std::get_if<Refusal>(&fed)) return refuse(*refusal, now);
  const auto progress = std::get<RequestReader::Progress>(fed);
  const auto length = progress == RequestReader::Progress::Head ? 0 : reader_.head().content_length;
  if (!share_.take(kept, length)) return refuse(kTooBusy, now);
  switch (progress) {
    case RequestReader::Progress::Head:
      return Next::Read;
    case RequestReader::Progress::Body:
      if (std::exchange(body_expected_, true)) return Next::Read;
      body_begun_ = now;
      if (shared_.settings.refuse_early)
        if (const auto refusal = shared_.settings.refuse_early(reader_.head(), caller_))
          return refuse(*refusal, now);
      if (!shared_.budget.fits(length - reader_.body_received())) return refuse(kTooBusy, now);
      return reader_.head().expects_continue ? send_continue() : Next::Read;
    case RequestReader::Progress::Complete:
      proven_ = true;
      enter(Phase::Handling, now);
      return Next::Handle;
  }
  return Next::Close;
}

Connection::Next Connection::send_continue() {
  // So few bytes always fit, unless the client does not read its earlier replies.
  return stream_.write(kContinue).state == ByteStream::State::Done ? Next::Read : Next::Close;
}

Connection::Next Connection::refuse(const Refusal& refusal, Clock::time_point now) {
  shared_.settings.on_refusal(refusal);
  // Before the reply: who reads it may count on the room.
  reader_.next();
  share_.release();
  return send(refusal_text(refusal), AfterReply::Close, now);
}

Connection::Next Connection::reply(const HttpReply& reply, AfterReply after, Clock::time_point now) {
  const auto body = reader_.head().method == "HEAD" ? ReplyBody::Omitted : ReplyBody::Sent;
  const auto keep_alive = std::chrono::floor<std::chrono::seconds>(shared_.settings.keep_alive);
  auto text = reply_text(reply, body, after, keep_alive);
  reader_.next();
  share_.release();
  return send(std::move(text), after, now);
}

Connection::Next Connection::send(std::string text, AfterReply after, Clock::time_point now) {
  out_ = std::move(text);
  after_ = after;
  enter(Phase::Writing, now);
  return write(now);
}

Connection::Next Connection::write(Clock::time_point now) {
  const auto sent = stream_.write(out_);
  out_.erase(0, sent.bytes);
  switch (sent.state) {
    case ByteStream::State::Done:
      break;
    case ByteStream::State::NeedsRead:
      return Next::Read;
    case ByteStream::State::NeedsWrite:
      return Next::Write;
    case ByteStream::State::Ended:
      return Next::Close;
  }
  std::string().swap(out_);
  if (after_ == AfterReply::Close) return linger(now);
  enter(Phase::Waiting, now);
  if (reader_.left_over() != 0) return take({}, now);
  return stream_.has_pending() ? read(now) : Next::Read;
}

Connection::Next Connection::linger(Clock::time_point now) {
  stream_.send_end();
  share_.release();
  reader_.next();
  enter(Phase::Lingering, now);
  return stream_.drop_input() == ByteStream::State::NeedsRead ? Next::Read : Next::Close;
}

bool Connection::body_is_slow(Clock::time_point now) const {
  if (!body_expected_) return false;
  const bool large = reader_.head().content_length > limits::kSmallBody;
  if (large && now - last_byte_ >= limits::kBodyStall) return true;
  if (!large && !shared_.budget.scarce()) return false;
  const auto counted = now - body_begun_ - limits::kBodyGrace;
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(counted).count();
  return milliseconds > 0 &&
         reader_.body_received() * 1000 < limits::kBodyRate * static_cast<std::size_t>(milliseconds);
}

bool Connection::is_late(Clock::time_point now, Stopping stopping) const {
  const auto& settings = shared_.settings;
  const auto passed = now - since_;
  // A request that waits in the socket, because all threads are busy, is still answered.
  const bool ends = stopping == Stopping::Yes && passed >= limits::kDrainIdle && !stream_.has_unread();
  switch (phase_) {
    case Phase::Silent:
    case Phase::Handshaking:
      return ends || passed >= settings.handshake;
    case Phase::Waiting:
      // Also before the first request: clients open connections ahead, and expect them to stay open.
      return ends || (passed >= settings.keep_alive && !stream_.has_unread());
    case Phase::Reading:
      return ends || passed >= settings.request || body_is_slow(now);
    case Phase::Handling:
      return false;
    case Phase::Writing:
      return passed >= settings.reply;
    case Phase::Lingering:
      return passed >= limits::kLinger;
  }
  return true;
}

Connection::Next Connection::end_late(Clock::time_point now) {
  switch (phase_) {
    case Phase::Reading:
      return refuse(kTooSlow, now);
    case Phase::Waiting:
      return linger(now);
    case Phase::Silent:
    case Phase::Handshaking:
    case Phase::Handling:
    case Phase::Writing:
    case Phase::Lingering:
      return Next::Close;
  }
  return Next::Close;
}

}  // namespace tegata::webhook::http
