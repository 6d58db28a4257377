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

#include "verifier/net/address_check.h"
#include "verifier/net/transfer.h"
#include "verifier/net/worker_pool.h"

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
  return multi;
}

}  // namespace

class HttpTransport::Loop {
 public:
  explicit Loop(HttpSettings settings)
      : settings_(std::move(settings)),
        proxy_ports_(loopback_proxy_ports()),
        multi_(new_multi(settings_)),
        pool_({.min_threads = settings_.callback_threads, .max_threads = settings_.callback_threads},
              settings_.on_exception),
        thread_([this] { run(); }) {}

  ~Loop() { curl_multi_cleanup(multi_); }

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

  void send(HttpRequest request, Deadline deadline, Done done) {
    auto transfer = std::make_unique<Transfer>(std::move(request), deadline, std::move(done));
    if (auto ready = transfer->prepare(settings_, proxy_ports_); !ready.ok())
      return answer(*transfer, HttpFailure{std::move(ready).error(), Again::Futile});
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_) {
        incoming_.push_back(std::move(transfer));
        curl_multi_wakeup(multi_);
      }
    }
    if (transfer) answer(*transfer, stopped());
  }

  void at(Clock::time_point when, std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_) {
        timers_.emplace(when, std::move(task));
        curl_multi_wakeup(multi_);
        return;
      }
    }
    pool_.post(std::move(task));
  }

 private:
  static HttpFailure stopped() {
    return {{ErrorCode::CutShort, "this process is shutting down"}, Again::Futile};
  }

  void answer(Transfer& transfer, HttpOutcome outcome) {
    pool_.post([done = std::move(transfer.done()), what = std::make_shared<HttpOutcome>(std::move(outcome))] {
      done(std::move(*what));
    });
  }

  void run() {
    while (take_incoming()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      finish_completed();
      expire();
      run_timers(Clock::now());
      curl_multi_poll(multi_, nullptr, 0, wait_milliseconds(), nullptr);
    }
    while (!deadlines_.empty()) finish(deadlines_.begin()->second, stopped());
    run_timers(Clock::time_point::max());
  }

  /// False when the loop must end; then nothing is left to take.
  bool take_incoming() {
    std::vector<std::unique_ptr<Transfer>> arrived;
    bool going_on = true;
    {
      const std::lock_guard lock(mutex_);
      arrived.swap(incoming_);
      going_on = !stopping_;
    }
    for (auto& transfer : arrived) {
      CURL* const handle = transfer->handle();
      deadlines_.emplace(transfer->deadline().time(), handle);
      curl_multi_add_handle(multi_, handle);
      active_.emplace(handle, std::move(transfer));
    }
    return going_on;
  }

  void finish_completed() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const handle = message->easy_handle;  // removing the handle frees the message
      const CURLcode code = message->data.result;
      finish(handle, active_.at(handle)->outcome(code));
    }
  }

  /// curl applies no timeout to a request that waits for a free connection, so deadlines are checked here.
  void expire() {
    while (!deadlines_.empty() && deadlines_.begin()->first <= Clock::now()) {
      CURL* const handle = deadlines_.begin()->second;
      finish(handle, active_.at(handle)->deadline_failure());
    }
  }

  void finish(CURL* handle, HttpOutcome outcome) {
    const auto found = active_.find(handle);
    Transfer& transfer = *found->second;
    curl_multi_remove_handle(multi_, handle);
    deadlines_.erase({transfer.deadline().time(), handle});
    answer(transfer, std::move(outcome));
    active_.erase(found);
  }

  void run_timers(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const auto due = timers_.upper_bound(now);
    for (auto timer = timers_.begin(); timer != due; ++timer) pool_.post(std::move(timer->second));
    timers_.erase(timers_.begin(), due);
  }

  int wait_milliseconds() {
    auto until = Clock::now() + std::chrono::seconds(1);
    if (!deadlines_.empty()) until = std::min(until, deadlines_.begin()->first);
    {
      const std::lock_guard lock(mutex_);
      if (!timers_.empty()) until = std::min(until, timers_.begin()->first);
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(wait, 0, 1000));
  }

  const HttpSettings settings_;
  const std::set<std::uint16_t> proxy_ports_;
  CURLM* const multi_;

  std::mutex mutex_;  // guards the next three
  bool stopping_ = false;
  std::vector<std::unique_ptr<Transfer>> incoming_;
  std::multimap<Clock::time_point, std::function<void()>> timers_;

  // Used on the loop's thread only.
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> active_;
  std::set<std::pair<Clock::time_point, CURL*>> deadlines_;

  WorkerPool pool_;
  std::thread thread_;
};

HttpTransport::HttpTransport(HttpSettings settings) : loop_(std::make_unique<Loop>(std::move(settings))) {}
// Callbacks use `loop_`, so it must stay set while they run.
HttpTransport::~HttpTransport() { loop_->stop(); }

void HttpTransport::send(HttpRequest request, Deadline deadline, Done done) {
  loop_->send(std::move(request), deadline, std::move(done));
}
void HttpTransport::at(Deadline::Clock::time_point when, std::function<void()> task) {
  loop_->at(when, std::move(task));
}

}  // namespace tegata::verifier
