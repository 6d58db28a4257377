// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/own_load.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace tegata::verifier {
namespace {

/// What an outcome says about its host.
enum class Kind { Good, Failed, Slow, Throttled, Nothing };

Kind kind_of(const HttpOutcome& outcome) {
  if (const auto* response = std::get_if<HttpResponse>(&outcome)) {
    const int status = response->status;
    if (status == 429) return Kind::Throttled;
    if (status == 504) return Kind::Slow;
    return status == 403 || (status >= 500 && status != 501) ? Kind::Failed : Kind::Good;
  }
  const auto code = std::get<HttpFailure>(outcome).error.code;
  if (code == ErrorCode::DeadlineExceeded) return Kind::Slow;
  return code == ErrorCode::Unavailable ? Kind::Failed
                                        : Kind::Nothing;  // not sent, or ended by our own bounds
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
  Clock::time_point heavy = Clock::time_point::min();  ///< when it last was
};

bool OwnLoad::Load::heavy() const { return std::max({asked, ended, open}) > limits::kOwnRateRequests; }

OwnLoad::Asked OwnLoad::ask(const std::string& host, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  auto found = hosts_.find(host);
  if (found == hosts_.end()) {
    if (hosts_.size() >= limits::kCountedHosts) make_room(now);
    const bool room = hosts_.size() < limits::kCountedHosts;
    if (!room && others_ == nullptr) others_ = std::make_shared<Host>(Host{"the registry"});
    if (room) found = hosts_.emplace(host, std::make_shared<Host>(Host{host})).first;
  }
  const auto asked = found == hosts_.end() ? others_ : found->second;
  asked->asked.add(now);
  ++asked->open;
  asked->used = now;
  Load load;
  add(*asked, now, now, load);
  if (load.heavy()) asked->heavy = now;
  return {asked, now};
}

void OwnLoad::make_room(Clock::time_point now) {
  std::erase_if(hosts_, [now](const auto& entry) {
    return entry.second->open == 0 && entry.second->used + limits::kOwnLoadMemory <= now;
  });
}

void OwnLoad::end(const Asked& asked, const HttpOutcome& outcome, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  auto& host = *asked.host;
  --host.open;
  host.used = now;
  const auto kind = kind_of(outcome);
  if (kind == Kind::Nothing) return;
  host.ended.add(now);
  if (kind == Kind::Good) host.good.add(now);
  const auto& peer = peer_of(outcome);
  if (peer.empty()) return;
  std::erase(host.peers, peer);
  host.peers.insert(host.peers.begin(), peer);
  if (host.peers.size() > limits::kPeersOfAHost) host.peers.pop_back();
}

void OwnLoad::add(const Host& host, Clock::time_point since, Clock::time_point now, Load& load) {
  load.asked += host.asked.sum(now);
  load.ended += host.ended.sum(now);
  load.open += host.open;
  load.good += host.good.sum(now);
  load.meanwhile += host.good.sum_since(since, now);
  load.was_heavy |= host.heavy > now - limits::kOwnLoadMemory;
}

OwnLoad::Load OwnLoad::of_backend(const Asked& asked, Clock::time_point now) const {
  const Host& host = *asked.host;
  Load load;
  add(host, asked.since, now, load);
  const auto add_alias = [&](const Host& other) {
    const bool shares_a_peer = std::any_of(host.peers.begin(), host.peers.end(), [&](const auto& peer) {
      return std::find(other.peers.begin(), other.peers.end(), peer) != other.peers.end();
    });
    if (&other != &host && shares_a_peer) add(other, asked.since, now, load);
  };
  for (const auto& [name, other] : hosts_) add_alias(*other);
  if (others_ != nullptr) add_alias(*others_);
  return load;
}

bool OwnLoad::heavy(const Asked& asked, Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  return of_backend(asked, now).heavy();
}

HttpOutcome OwnLoad::judged(const Asked& asked, HttpOutcome outcome, Clock::time_point now) const {
  const auto kind = kind_of(outcome);
  const std::lock_guard lock(mutex_);
  const auto own = [&] {
    if (kind == Kind::Good || kind == Kind::Nothing) return false;
    const auto load = of_backend(asked, now);
    if (kind == Kind::Slow)
      return load.heavy() || load.was_heavy || load.meanwhile > limits::kAnswersMeanwhile;
    return load.heavy() && (kind == Kind::Throttled || load.good > limits::kOwnRateAnswers);
  };
  if (!own()) return outcome;
  return HttpFailure{{ErrorCode::OwnRate, words_of(asked.host->name, outcome) +
                                              "; other requests that Tegata sends it may be the reason"},
                     Again::Futile};
}

}  // namespace tegata::verifier
