// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/http_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <unordered_map>

#include "policy/model/limits.h"
#include "verifier/net/address_check.h"
#include "verifier/net/request_turns.h"
#include "verifier/net/transfer.h"
#include "verifier/net/turn_pool.h"

namespace tegata::verifier {
namespace {

using Clock = Deadline::Clock;

void initialize_curl() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw std::runtime_error("libcurl cannot be initialized");
}

CURLM* new_multi(const HttpSettings& settings) {
  initialize_curl();
  CURLM* multi = curl_multi_init();
  if (!multi) throw std::bad_alloc();
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(settings.connections_per_host));
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 128L);
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(limits::kRequestsToAHost));
  return multi;
}

}  // namespace

bool http2_is_safe() {
  if (!names_a_proxy()) return true;
  initialize_curl();
  const auto version = curl_version_info(CURLVERSION_NOW)->version_num;
  constexpr unsigned kFirstBroken = 0x075700;  // 7.87.0
  constexpr unsigned kMended = 0x080000;
  return version < kFirstBroken || version >= kMended;
}

class HttpTransport::Loop {
 public:
  explicit Loop(HttpSettings settings)
      : settings_(std::move(settings)),
        proxied_(names_a_proxy()),
        proxy_ports_(loopback_proxy_ports()),
        multi_(new_multi(settings_)),
        turns_(
            {settings_.requests_at_once, settings_.requests_of_a_user},
            [this](const std::string& origin) { return most_to(origin); },
            [multi = multi_] { curl_multi_wakeup(multi); }),
        pool_(settings_.callback_threads, settings_.on_exception),
        thread_([this] { run(); }) {}

  ~Loop() {
    turns_.close();
    curl_multi_cleanup(multi_);
  }

  /// Answers all requests and returns after the last callback. Callbacks may still call send() meanwhile.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    pool_.finish();
  }

  void send(HttpRequest request, Terms terms, Done done) {
    Transfer::check(request);
    RequestTurns::Order order{std::move(request), std::move(terms), std::move(done)};
    order.terms.deadline = order.terms.deadline.earlier_of(Deadline::after(limits::kHttpRequest));
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_) {
        incoming_.push_back(std::move(order));
        curl_multi_wakeup(multi_);
        return;
      }
    }
    answer(std::move(order), stopped());
  }

  void at(Clock::time_point when, std::function<void()> task, std::shared_ptr<Askers> askers) {
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_) {
        timers_.emplace(when, Timer{std::move(task), std::move(askers)});
        curl_multi_wakeup(multi_);
        return;
      }
    }
    pool_.post(askers, std::move(task));
  }

  void post(const std::shared_ptr<Askers>& askers, std::function<void()> task) {
    pool_.post(askers, std::move(task));
  }

 private:
  struct Timer {
    std::function<void()> task;
    std::shared_ptr<Askers> askers;
  };
  struct Active {
    std::unique_ptr<Transfer> transfer;
    std::shared_ptr<Askers> askers;
    RequestTurns::Slot slot;
  };
  struct Expiring {
    std::string host;
    RequestTurns::Ticket ticket;
  };

  static HttpFailure stopped() {
    return {{ErrorCode::CutShort, "this process is shutting down"}, Again::Futile};
  }
  static HttpFailure cut_short(const std::string& host, const char* why) {
    return {{ErrorCode::CutShort, "no request was sent to " + host + ": " + why}, Again::Futile};
  }

  void answer(const std::shared_ptr<Askers>& askers, Done done, HttpOutcome outcome) {
    pool_.post(askers, [done = std::move(done), what = std::make_shared<HttpOutcome>(std::move(outcome))] {
      done(std::move(*what));
    });
  }
  void answer(RequestTurns::Order order, HttpOutcome outcome) {
    answer(order.terms.askers, std::move(order.done), std::move(outcome));
  }

  void run() {
    while (take_incoming()) {
      start_waiting();
      int running = 0;
      curl_multi_perform(multi_, &running);
      finish_completed();
      expire();
      run_timers(Clock::now());
      curl_multi_poll(multi_, nullptr, 0, start_waiting() ? 0 : wait_milliseconds(), nullptr);
    }
    while (!deadlines_.empty()) finish(deadlines_.begin()->second, stopped());
    while (!waiting_.empty()) give_up(stopped());
    run_timers(Clock::time_point::max());
  }

  /// False when the loop must end; then nothing is left to take.
  bool take_incoming() {
    std::vector<RequestTurns::Order> arrived;
    bool going_on = true;
    {
      const std::lock_guard lock(mutex_);
      arrived.swap(incoming_);
      going_on = !stopping_;
    }
    for (auto& order : arrived) {
      const auto host = order.request.url.origin();
      const auto until = order.terms.deadline.time();
      const auto number = order.number = ++orders_;
      waiting_.emplace(std::pair(until, number), Expiring{host, turns_.push(host, std::move(order))});
    }
    return going_on;
  }

  /// How many requests may be under way to this origin.
  [[nodiscard]] std::size_t most_to(const std::string& origin) const {
    // To a host that has not answered yet, they wait for the first connection, which shows the protocol.
    const bool multiplexes = origin.starts_with("https:") && !plain_.contains(origin);
    return multiplexes ? limits::kRequestsToAHost : settings_.connections_per_host;
  }

  /// Starts what waits and may start now. True if it started anything.
  bool start_waiting() {
    for (bool started = false;; started = true) {
      auto next = turns_.next();
      for (auto& order : next.dropped) {
        waiting_.erase({order.terms.deadline.time(), order.number});
        auto why =
            cut_short(order.request.url.origin(), "the answer was not awaited any more, and others are");
        answer(std::move(order), std::move(why));
      }
      if (!next.order) return started;
      start(*std::move(next.order), std::move(next.slot));
    }
  }

  void start(RequestTurns::Order order, RequestTurns::Slot slot) {
    waiting_.erase({order.terms.deadline.time(), order.number});
    auto askers = order.terms.askers;
    auto transfer =
        std::make_unique<Transfer>(std::move(order.request), order.terms.deadline, std::move(order.done));
    if (auto ready = prepare(*transfer, slot.host); !ready.ok()) {
      turns_.release(slot);
      return answer(askers, std::move(transfer->done()),
                    HttpFailure{std::move(ready).error(), Again::Futile});
    }
    CURL* const handle = transfer->handle();
    deadlines_.emplace(transfer->deadline().time(), handle);
    curl_multi_add_handle(multi_, handle);
    active_.emplace(handle, Active{std::move(transfer), std::move(askers), std::move(slot)});
  }

  Status prepare(Transfer& transfer, const std::string& host) const {
    try {
      return transfer.prepare(settings_, proxy_ports_);
    } catch (const std::bad_alloc&) {
      return cut_short(host, "there was no memory for it").error;
    }
  }

  void finish_completed() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const handle = message->easy_handle;  // removing the handle frees the message
      const CURLcode code = message->data.result;
      auto& active = active_.at(handle);
      note_protocol(handle, active.slot.host);
      finish(handle, whose_fault(active, active.transfer->outcome(code)));
    }
  }

  /// A request that waited too long for its turn was sent too late to be answered in time.
  static HttpOutcome whose_fault(const Active& active, HttpOutcome outcome) {
    if (auto* failure = std::get_if<HttpFailure>(&outcome);
        failure != nullptr && failure->error.code == ErrorCode::DeadlineExceeded &&
        active.transfer->deadline().left() < std::chrono::milliseconds(20) && active.askers != nullptr &&
        active.askers->delayed())
      failure->error.code = ErrorCode::CutShort;
    return outcome;
  }

  void note_protocol(CURL* handle, const std::string& origin) {
    long version = 0;
    if (curl_easy_getinfo(handle, CURLINFO_HTTP_VERSION, &version) != CURLE_OK || version == 0) return;
    if (version == CURL_HTTP_VERSION_2_0) {
      plain_.erase(origin);
      return;
    }
    if (plain_.size() >= limits::kRegistries) plain_.clear();  // it is found out again
    plain_.insert(origin);
  }

  /// curl applies no timeout to a request that waits for a free connection, so deadlines are checked here.
  void expire() {
    while (!deadlines_.empty() && deadlines_.begin()->first <= Clock::now()) {
      CURL* const handle = deadlines_.begin()->second;
      auto& active = active_.at(handle);
      finish(handle, whose_fault(active, active.transfer->deadline_failure()));
    }
    while (!waiting_.empty() && waiting_.begin()->first.first <= Clock::now())
      give_up(
          cut_short(waiting_.begin()->second.host, "other requests had their turn until its time was over"));
  }

  /// Ends the waiting request with the earliest deadline.
  void give_up(HttpFailure why) {
    const auto expiring = waiting_.extract(waiting_.begin());
    if (auto order = turns_.take(expiring.mapped().host, expiring.mapped().ticket))
      answer(*std::move(order), std::move(why));
  }

  void finish(CURL* handle, HttpOutcome outcome) {
    auto ended = std::move(active_.extract(handle).mapped());
    curl_multi_remove_handle(multi_, handle);
    deadlines_.erase({ended.transfer->deadline().time(), handle});
    // The address of a proxy says nothing about the hosts behind it.
    if (!proxied_) std::visit([&](auto& each) { each.peer = ended.transfer->peer(); }, outcome);
    answer(ended.askers, std::move(ended.transfer->done()), std::move(outcome));
    turns_.release(ended.slot);
  }

  void run_timers(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const auto due = timers_.upper_bound(now);
    for (auto timer = timers_.begin(); timer != due; ++timer)
      pool_.post(timer->second.askers, std::move(timer->second.task));
    timers_.erase(timers_.begin(), due);
  }

  int wait_milliseconds() {
    auto until = Clock::now() + std::chrono::seconds(1);
    if (!deadlines_.empty()) until = std::min(until, deadlines_.begin()->first);
    if (!waiting_.empty()) until = std::min(until, waiting_.begin()->first.first);
    {
      const std::lock_guard lock(mutex_);
      if (!timers_.empty()) until = std::min(until, timers_.begin()->first);
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(wait, 0, 1000));
  }

  const HttpSettings settings_;
  const bool proxied_;
  const std::set<std::uint16_t> proxy_ports_;
  CURLM* const multi_;

  std::mutex mutex_;  // guards the next three
  bool stopping_ = false;
  std::vector<RequestTurns::Order> incoming_;
  std::multimap<Clock::time_point, Timer> timers_;

  // Used on the loop's thread only.
  std::unordered_map<CURL*, Active> active_;
  std::set<std::pair<Clock::time_point, CURL*>> deadlines_;                  ///< of the active ones
  std::map<std::pair<Clock::time_point, std::uint64_t>, Expiring> waiting_;  ///< by their deadlines
  std::uint64_t orders_ = 0;
  std::set<std::string> plain_;  ///< origins that answered over HTTP/1
  RequestTurns turns_;

  TurnPool pool_;
  std::thread thread_;
};

HttpTransport::HttpTransport(HttpSettings settings) : loop_(std::make_unique<Loop>(std::move(settings))) {}
// Callbacks use `loop_`, so it must stay set while they run.
HttpTransport::~HttpTransport() { loop_->stop(); }

void HttpTransport::send(HttpRequest request, Terms terms, Done done) {
  loop_->send(std::move(request), std::move(terms), std::move(done));
}
void HttpTransport::at(Deadline::Clock::time_point when, std::function<void()> task,
                       std::shared_ptr<Askers> askers) {
  loop_->at(when, std::move(task), std::move(askers));
}
void HttpTransport::post(const std::shared_ptr<Askers>& askers, std::function<void()> task) {
  loop_->post(askers, std::move(task));
}

}  // namespace tegata::verifier
