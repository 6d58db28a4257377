// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/own_load.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace tegata::verifier {
namespace {

/// What an outcome says about its host.
enum class Kind { Good, Failed, Throttled, Nothing };

Kind kind_of(const HttpOutcome& outcome) {
  if (const auto* response = std::get_if<HttpResponse>(&outcome)) {
    const int status = response->status;
    if (status == 429) return Kind::Throttled;
    return status == 403 || (status >= 500 && status != 501) ? Kind::Failed : Kind::Good;
  }
  const auto code = std::get<HttpFailure>(outcome).error.code;
  const bool failed = code == ErrorCode::Unavailable || code == ErrorCode::DeadlineExceeded;
  return failed ? Kind::Failed : Kind::Nothing;  // not sent, or stopped by our own bounds
}

const std::string& peer_of(const HttpOutcome& outcome) {
  return std::visit([](const auto& each) -> const std::string& { return each.peer; }, outcome);
}

std::string words_of(const std::string& host, const HttpOutcome& outcome) {
  if (const auto* failure = std::get_if<HttpFailure>(&outcome)) return failure->error.message;
  return host + " answers " + std::to_string(std::get<HttpResponse>(outcome).status);
}

}  // namespace

struct OwnLoad::Host {
  std::string name = {};
  RecentCount asked = {}, ended = {}, good = {};
  std::size_t open = 0;                 ///< asked and not ended
  std::vector<std::string> peers = {};  ///< its addresses, the last one first
  Clock::time_point used = {};
};

bool OwnLoad::Load::heavy() const { return std::max({asked, ended, open}) > limits::kOwnRateRequests; }

OwnLoad::Asked OwnLoad::ask(const std::string& host, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  auto found = hosts_.find(host);
  if (found == hosts_.end()) {
    if (hosts_.size() >= limits::kCountedHosts) make_room(now);
    const bool room = hosts_.size() < limits::kCountedHosts;
    if (!room && others_ == nullptr) others_ = std::make_shared<Host>();
    if (room) found = hosts_.emplace(host, std::make_shared<Host>(Host{host})).first;
  }
  const auto asked = found == hosts_.end() ? others_ : found->second;
  asked->asked.add(now);
  ++asked->open;
  asked->used = now;
  return asked;
}

void OwnLoad::make_room(Clock::time_point now) {
  std::erase_if(hosts_, [now](const auto& entry) {
    return entry.second->open == 0 && entry.second->used + limits::kOwnRateWindow <= now;
  });
}

void OwnLoad::end(const Asked& asked, const HttpOutcome& outcome, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  --asked->open;
  asked->used = now;
  const auto kind = kind_of(outcome);
  if (kind == Kind::Nothing) return;
  asked->ended.add(now);
  if (kind == Kind::Good) asked->good.add(now);
  const auto& peer = peer_of(outcome);
  if (peer.empty()) return;
  std::erase(asked->peers, peer);
  asked->peers.insert(asked->peers.begin(), peer);
  if (asked->peers.size() > limits::kPeersOfAHost) asked->peers.pop_back();
}

OwnLoad::Load OwnLoad::of_backend(const Host& host, Clock::time_point now) const {
  Load load;
  const auto add = [&](const Host& other) {
    load.asked += other.asked.sum(now);
    load.ended += other.ended.sum(now);
    load.good += other.good.sum(now);
    load.open += other.open;
  };
  const auto shares_a_peer = [&](const Host& other) {
    return std::any_of(host.peers.begin(), host.peers.end(), [&](const auto& peer) {
      return std::find(other.peers.begin(), other.peers.end(), peer) != other.peers.end();
    });
  };
  add(host);
  for (const auto& [name, other] : hosts_)
    if (other.get() != &host && shares_a_peer(*other)) add(*other);
  if (others_ != nullptr && others_.get() != &host && shares_a_peer(*others_)) add(*others_);
  return load;
}

bool OwnLoad::heavy(const Asked& asked, Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  return of_backend(*asked, now).heavy();
}

HttpOutcome OwnLoad::judged(const Asked& asked, HttpOutcome outcome, Clock::time_point now) const {
  const auto kind = kind_of(outcome);
  if (kind != Kind::Failed && kind != Kind::Throttled) return outcome;
  const std::lock_guard lock(mutex_);
  const auto load = of_backend(*asked, now);
  if (!load.heavy()) return outcome;
  if (kind == Kind::Failed && load.good <= limits::kOwnRateAnswers) return outcome;
  return HttpFailure{
      {ErrorCode::OwnRate, words_of(asked->name, outcome) + "; Tegata has asked it more than " +
                               std::to_string(limits::kOwnRateRequests) + " times within " +
                               std::to_string(limits::kOwnRateWindow.count()) + " s"},
      Again::Futile};
}

}  // namespace tegata::verifier
