// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/aws_client.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "policy/model/ascii.h"
#include "verifier/aws/aws_wire.h"
#include "verifier/aws/credential_fetch.h"

namespace tegata::verifier {
namespace {

using Keys = Renewed<AwsCredentials>;

constexpr std::array kAllServices{AwsService::Ecr, AwsService::Inspector2, AwsService::SecurityHub,
                                  AwsService::Ssm, AwsService::Sts};
constexpr const char* kSessionName = "tegata";
constexpr std::chrono::seconds kSessionTime{3600};

std::string name_of_call(const AwsCall& call) {
  return std::string(model_of(call.service).name) + " " + call.operation;
}

/// A request with other paths would be signed wrongly (AwsSignature).
void check_operation(const AwsCall& call) {
  const bool path = model_of(call.service).protocol == AwsProtocol::RestJson;
  const auto fits = [path](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (path && std::string_view("/-_").find(c) != std::string_view::npos);
  };
  if (call.operation.empty() || (path && call.operation.front() != '/') ||
      !std::all_of(call.operation.begin(), call.operation.end(), fits))
    throw std::logic_error("not an operation of an AWS service: " + call.operation);
}

HttpHeaders headers_of(const AwsCall& call) {
  const auto& model = model_of(call.service);
  switch (model.protocol) {
    case AwsProtocol::Json11:
      return {{"Content-Type", "application/x-amz-json-1.1"},
              {"X-Amz-Target", std::string(model.target) + call.operation}};
    case AwsProtocol::RestJson:
      return {{"Content-Type", "application/json"}};
    case AwsProtocol::Query:
      return {{"Content-Type", "application/x-www-form-urlencoded"}};
  }
  std::abort();
}

/// The rest of the program calls one of these with `std::function`, so it is shared.
struct Pending {
  Pending(AwsCall of, Terms on, AwsClient::Done whose)
      : call(std::move(of)), terms(std::move(on)), done(std::move(whose)) {}

  void answer(AwsOutcome outcome) {
    if (!answered.exchange(true)) done(std::move(outcome));
  }
  void fail(const Error& error, std::string code = {}) { answer(AwsFailure{error, std::move(code)}); }

  const AwsCall call;
  const Terms terms;
  const AwsClient::Done done;
  std::atomic<bool> answered = false;
  std::atomic<bool> has_keys = false;
  std::optional<AwsRefusal> refused = {};  ///< by the service, the first time
  AwsKeys refused_keys = nullptr;
};
using PendingCall = std::shared_ptr<Pending>;

/// Gives what was found as a lease.
CredentialFetch::Done as_lease(const std::function<Time()>& now, Keys::Fetched fetched) {
  return [now, fetched = std::move(fetched)](Result<AwsKeys> keys) {
    if (!keys.ok()) return fetched(std::move(keys).error());
    fetched(lease_of(*std::move(keys), now()));
  };
}

std::set<std::string> loopback_endpoints(const AwsProfile& profile, const AwsSettings& settings) {
  std::set<std::string> hosts;
  for (const auto service : kAllServices) {
    const auto endpoint = endpoint_of(service, "us-east-1", profile, settings);
    if (endpoint.ok() && endpoint->configured) hosts.insert(endpoint->url.host_and_port());
  }
  return hosts;
}

}  // namespace

Result<Lease<AwsCredentials>> lease_of(AwsKeys keys, Time found) {
  if (!keys->expires) {
    const auto never = Time::max();
    return Lease<AwsCredentials>{std::move(keys), found + limits::kAwsUnboundedLifetime, never, never};
  }
  const auto end = *keys->expires;
  if (end <= found)
    return Error{ErrorCode::Unauthorized,
                 "AWS credentials were given that have already expired; is this machine's clock right?"};
  const auto left = end - found;
  return Lease<AwsCredentials>{std::move(keys),
                               end - std::min<Time::duration>(limits::kAwsRenewSoon, left / 4),
                               end - std::min<Time::duration>(limits::kAwsRenewNow, left / 6), end};
}

class AwsClient::Session {
 public:
  explicit Session(AwsSettings settings)
      : settings_(std::move(settings)),
        own_([this](Keys::Fetched fetched) { fetch_own(std::move(fetched)); }, settings_.now) {
    for (const auto& [account, role] : settings_.roles)
      assumed_.try_emplace(
          account, [this, role = role](Keys::Fetched fetched) { fetch_assumed(role, std::move(fetched)); },
          settings_.now);
  }

  void call(AwsCall call, Terms terms, Done done) {
    check_operation(call);
    const auto pending = std::make_shared<Pending>(std::move(call), std::move(terms), std::move(done));
    if (pending->call.body.size() > limits::kAwsRequest)
      return pending->fail({ErrorCode::LimitExceeded, name_of_call(pending->call) + ": a body of more than " +
                                                          std::to_string(limits::kAwsRequest) + " bytes"});
    ask_keys(pending);
  }
  [[nodiscard]] const AwsSettings& settings() const noexcept { return settings_; }

  void close() {
    AwsWire* wire = nullptr;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      wire = wire_.get();
    }
    if (wire != nullptr) wire->close();
  }

 private:
  /// What was found at the last look at the environment and the files.
  struct Opened {
    AwsWire* wire = nullptr;
    std::shared_ptr<const AwsProfile> profile;
  };

  [[nodiscard]] Opened opened() {
    const std::lock_guard lock(mutex_);
    return {wire_.get(), profile_};
  }
  /// Takes over the profile; the wire keeps what it was opened with.
  Opened open(const AwsConfiguration& configuration) {
    const std::lock_guard lock(mutex_);
    profile_ = std::make_shared<const AwsProfile>(configuration.profile);
    if (wire_ == nullptr) {
      AwsWire::Settings wire;
      wire.services.http2 = false;
      wire.services.direct_plain_http = true;
      wire.services.loopback_hosts = loopback_endpoints(*profile_, settings_);
      wire.services.on_exception = settings_.on_exception;
      auto bundle = settings_.environment("AWS_CA_BUNDLE");
      if (!bundle) bundle = profile_->value("ca_bundle");
      if (bundle) wire.services.ca_file = *bundle;
      wire.this_machine = own_hosts_of(configuration.place);
      wire.first_pause = settings_.first_pause;
      wire_ = std::make_unique<AwsWire>(std::move(wire));
      if (closed_) wire_->close();
    }
    return {wire_.get(), profile_};
  }

  [[nodiscard]] Result<StsPlace> sts(const AwsProfile& profile) const {
    const auto region = region_of(settings_.environment, profile);
    TEGATA_TRY(auto endpoint, endpoint_of(AwsService::Sts, region, profile, settings_));
    return StsPlace{std::move(endpoint.url), region};
  }

  void fetch_own(Keys::Fetched fetched) {
    const auto configuration = find_configuration(settings_.environment);
    if (!configuration.ok()) return fetched(configuration.error());
    const auto at = open(*configuration);
    CredentialFetch(*at.wire, sts(*at.profile))
        .fetch(configuration->place, as_lease(settings_.now, std::move(fetched)));
  }
  void fetch_assumed(const AwsRole& role, Keys::Fetched fetched) {
    own_.get([this, role, fetched = std::move(fetched)](Result<AwsKeys> keys) {
      if (!keys.ok()) return fetched(std::move(keys).error());
      const auto at = opened();
      CredentialFetch(*at.wire, sts(*at.profile))
          .assume(role, kSessionName, kSessionTime, *std::move(keys), as_lease(settings_.now, fetched));
    });
  }

  [[nodiscard]] Keys& keys_of(const AwsCall& call) {
    const auto found = assumed_.find(call.account);
    return found == assumed_.end() ? own_ : found->second;
  }

  void ask_keys(const PendingCall& pending) {
    keys_of(pending->call).get([this, pending](Result<AwsKeys> keys) {
      pending->has_keys = true;
      if (!keys.ok()) return pending->fail(keys.error().in(name_of_call(pending->call)));
      if (pending->refused && pending->refused_keys == *keys)
        return pending->fail(pending->refused->error, pending->refused->code);
      send(pending, *keys);
    });
    if (pending->has_keys) return;
    if (auto* wire = opened().wire)
      wire->at(pending->terms.deadline.time(), [pending] {
        pending->fail(
            {ErrorCode::CutShort, name_of_call(pending->call) + ": no AWS credentials were found in time"});
      });
  }

  void send(const PendingCall& pending, const AwsKeys& keys) {
    const auto& call = pending->call;
    const auto at = opened();
    const auto region = call.region.empty() ? region_of(settings_.environment, *at.profile) : call.region;
    auto endpoint = endpoint_of(call.service, region, *at.profile, settings_);
    auto url = endpoint.ok() ? endpoint->url.resolve(path_of(call)) : Result<Url>(endpoint.error());
    if (!url.ok()) return pending->fail(url.error().in(name_of_call(call)));
    AwsOrder order{
        name_of_call(call),
        [url = *url, region, pending, keys] {
          const auto& made = pending->call;
          HttpRequest request{
              url, headers_of(made), Secret(), made.max_answer, HttpMethod::Post, Secret(made.body)};
          request.signature = signature_of(*keys, region, made.service);
          return request;
        },
        keys};
    at.wire->send(std::move(order), pending->terms,
                  [this, pending, keys](AwsReply reply) { finish(pending, keys, std::move(reply)); });
  }
  [[nodiscard]] static std::string path_of(const AwsCall& call) {
    return model_of(call.service).protocol == AwsProtocol::RestJson ? call.operation : "/";
  }

  void finish(const PendingCall& pending, const AwsKeys& keys, AwsReply reply) {
    if (auto* body = std::get_if<std::string>(&reply)) return pending->answer(std::move(*body));
    auto& refusal = std::get<AwsRefusal>(reply);
    if (refusal.retry != AwsRetry::OtherKeys || pending->refused)
      return pending->fail(refusal.error, std::move(refusal.code));
    pending->refused = std::move(refusal);
    pending->refused_keys = keys;
    pending->has_keys = false;
    keys_of(pending->call).refuse(keys);
    ask_keys(pending);
  }

  const AwsSettings settings_;
  Keys own_;
  std::map<std::string, Keys> assumed_;
  std::mutex mutex_;  // guards the next three
  bool closed_ = false;
  std::shared_ptr<const AwsProfile> profile_;
  std::unique_ptr<AwsWire> wire_;  ///< last: its callbacks use the rest, and it waits for them
};

AwsClient::AwsClient(AwsSettings settings) : session_(std::make_unique<Session>(std::move(settings))) {}
AwsClient::~AwsClient() { close(); }
void AwsClient::close() { session_->close(); }

void AwsClient::call(AwsCall call, Terms terms, Done done) {
  session_->call(std::move(call), std::move(terms), std::move(done));
}

const AwsSettings& AwsClient::settings() const noexcept { return session_->settings(); }

}  // namespace tegata::verifier
