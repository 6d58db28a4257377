// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "verifier/net/askers.h"
#include "verifier/net/http_message.h"
#include "verifier/net/turn_queue.h"

namespace tegata::verifier {

/// Which HTTP request is sent next. The user whose last turn is the longest ago comes first, then this user's
/// hosts take turns, then the requests to the host (turn_queue.h). A user holds only a share of the slots, so
/// that there is one for others however many hosts hang; work that is not awaited any more comes last, and
/// holds as much. Used on one thread, except that others may join the askers of a request.
class RequestTurns {
 public:
  /// A request that is not sent yet.
  struct Order {
    HttpRequest request;
    Terms terms;
    std::function<void(HttpOutcome)> done;
    std::uint64_t number = 0;  ///< for the caller
  };
  using Ticket = TurnQueue<Order>::Ticket;

  struct Bounds {
    std::size_t at_once;
    std::size_t of_a_user;
  };
  /// `most_to`: requests under way to a host. `wake` is called on any thread when something may be started,
  /// until close().
  RequestTurns(Bounds bounds, std::function<std::size_t(const std::string& host)> most_to,
               std::function<void()> wake);
  void close();

  Ticket push(const std::string& host, Order order);
  /// Takes it out of its turn; none if it was taken already.
  [[nodiscard]] std::optional<Order> take(const std::string& host, const Ticket& ticket);

  /// What a request holds while it is under way.
  struct Slot {
    std::string host;
    std::optional<std::string> user;  ///< in whose turn it was taken; none: it was abandoned
  };
  struct Next {
    std::optional<Order> order;  ///< none: nothing may start now
    Slot slot;
    std::vector<Order> dropped;  ///< abandoned ones above limits::kAbandonedRequests
  };
  /// The next request that may start; it holds its slot until release().
  [[nodiscard]] Next next();
  void release(const Slot& slot);

 private:
  struct Host {
    TurnQueue<Order> waiting;
    std::size_t active = 0;
  };
  struct User {
    std::set<std::string> hosts;  ///< to which requests of this user may start, or have been
    std::string last;             ///< the host whose turn was the last one
    std::size_t active = 0;
    std::uint64_t turn = 0;  ///< the number of the last turn
  };
  /// Users that began to wait for a host.
  struct Inbox;
  using Users = std::map<std::string, User>;

  void read_inbox();
  [[nodiscard]] Users::iterator next_user();
  void take_of(Users::iterator user, Next& next);
  void take_abandoned(Next& next);
  /// Null if it has no room.
  [[nodiscard]] Host* open(const std::string& host);
  void hold(Next& next, const std::string& host, std::optional<std::string> user);
  void forget_if_idle(Users::iterator user);

  const Bounds bounds_;
  const std::function<std::size_t(const std::string&)> most_to_;
  const std::shared_ptr<Inbox> inbox_;
  std::map<std::string, Host> hosts_;  ///< with active or waiting requests
  Users users_;                        ///< those with `hosts` or active requests
  std::set<std::string> aside_;        ///< hosts to which abandoned requests may start, or have been
  std::size_t active_ = 0, active_abandoned_ = 0;
  std::uint64_t turns_ = 0;
};

}  // namespace tegata::verifier
