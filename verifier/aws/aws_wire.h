// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "policy/model/limits.h"
#include "verifier/aws/aws_credentials.h"
#include "verifier/aws/aws_error.h"
#include "verifier/aws/retry_quota.h"
#include "verifier/net/http_transport.h"
#include "verifier/net/own_load.h"

namespace tegata::verifier {

/// One request, and how often it may be sent.
struct AwsOrder {
  /// Who is called: the services of AWS, or a service that only this machine reaches.
  enum class Reach : std::uint8_t { Services, ThisMachine };
  std::string what;                         ///< `ECR DescribeImages`, for messages
  std::function<HttpRequest()> make;        ///< once for each attempt
  AwsKeys keys = nullptr;                   ///< with which it is signed; null: it is not
  std::shared_ptr<const Secret> sent = {};  ///< another secret that it sends; null: none
  Reach reach = Reach::Services;
  int attempts = limits::kAwsAttempts;
  std::optional<std::chrono::milliseconds> attempt_time = {};  ///< for one attempt
};

/// Why there is no answer.
struct AwsRefusal {
  Error error;
  std::string code = {};          ///< of the service; empty: none
  AwsRetry retry = AwsRetry::No;  ///< what would help
  bool was_answered = false;      ///< by a status other than 200
};
using AwsReply = std::variant<std::string, AwsRefusal>;  ///< the body of a 200

/// Sends the requests of one AwsClient and repeats them as the SDKs' standard mode does: up to
/// limits::kAwsAttempts, after a random pause, or as long as the service asks for (X-Amz-Retry-After in
/// milliseconds, Retry-After), while the quota lasts, and never past the deadline: then the last answer is
/// given at once. A failure that the number of Tegata's own requests may have brought about (OwnLoad) is
/// OwnRate.
class AwsWire {
 public:
  struct Settings {
    HttpSettings services;
    std::set<std::string> this_machine = {};  ///< HttpSettings::only_hosts; empty: none is called
    std::chrono::milliseconds first_pause{1000};
  };
  using Done = std::function<void(AwsReply)>;

  explicit AwsWire(Settings settings);
  AwsWire(const AwsWire&) = delete;
  AwsWire& operator=(const AwsWire&) = delete;
  /// As close().
  ~AwsWire() { close(); }

  /// Every order is answered (CutShort) before this returns, and later ones at once. Call from one thread,
  /// not from one on which `done` is called.
  void close();

  /// Calls `done` once, by the deadline. Thread-safe; never blocks.
  void send(AwsOrder order, Terms terms, Done done);
  /// As HttpTransport::at(); at once if it is closed.
  void at(Deadline::Clock::time_point when, std::function<void()> task);

 private:
  struct Attempt;
  void start(const std::shared_ptr<Attempt>& attempt);
  void finish(const std::shared_ptr<Attempt>& attempt, HttpOutcome outcome);
  [[nodiscard]] Error not_sent();
  [[nodiscard]] HttpTransport* transport_of(AwsOrder::Reach reach);
  void judge_load(const std::shared_ptr<Attempt>& attempt, const HttpOutcome& outcome, AwsRefusal& refusal);
  [[nodiscard]] bool send_again(const std::shared_ptr<Attempt>& attempt, const AwsRefusal& refusal,
                                std::optional<std::chrono::milliseconds> asked);

  const Settings settings_;
  RetryQuota quota_;
  OwnLoad load_;
  std::mutex mutex_;  ///< guards closing_, and that no transport is used while it is destroyed
  bool closing_ = false;
  std::unique_ptr<HttpTransport> services_;
  std::unique_ptr<HttpTransport> this_machine_;
};

/// With what a request to a service is signed.
[[nodiscard]] AwsSignature signature_of(const AwsCredentials& keys, const std::string& region,
                                        AwsService service);

}  // namespace tegata::verifier
