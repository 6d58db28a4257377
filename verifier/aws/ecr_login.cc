// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/ecr_login.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"
#include "verifier/aws/aws_services.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kEcrName = "ECR GetAuthorizationToken";

Error no_login(std::string_view what) {
  return Error::unexpected(std::string(kEcrName) + ": " + std::string(what));
}

/// The only entry of authorizationData; null if there is none.
const nlohmann::json* only_entry(const nlohmann::json& answer) {
  const auto* data = member(answer, "authorizationData");
  return data != nullptr && data->is_array() && data->size() == 1 ? &data->front() : nullptr;
}

std::shared_ptr<const Credentials> credentials_of_token(std::string_view token) {
  auto decoded = decode_base64(token);
  if (!decoded) return nullptr;
  const Secret pair(*std::move(decoded));
  const auto text = pair.reveal();
  const auto colon = text.find(':');
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
  if (!printable || colon == text.npos || colon == 0 || colon + 1 == text.size()) return nullptr;
  return std::make_shared<const Credentials>(Credentials{std::string(text.substr(0, colon)),
                                                         Secret(std::string(text.substr(colon + 1))),
                                                         "of ECR's GetAuthorizationToken"});
}

Result<Lease<Credentials>> lease_of_login(Result<EcrLogin> login, Time found) {
  if (!login.ok()) return std::move(login).error();
  const auto end = std::min<Time>(login->expires, found + limits::kAwsLoginLifetime);
  if (end <= found) return no_login("the login has already expired; is this machine's clock right?");
  const auto half = found + (end - found) / 2;
  return Lease<Credentials>{std::move(login->credentials), half, found + (end - found) * 9 / 10, end};
}

}  // namespace

Error error_of_login(Error error) {
  switch (error.code) {
    case ErrorCode::Misconfigured:
      error.code = ErrorCode::Unauthorized;
      break;
    case ErrorCode::NotFound:
    case ErrorCode::Malformed:
    case ErrorCode::LimitExceeded:
      error.code = ErrorCode::UnexpectedAnswer;
      break;
    case ErrorCode::UnexpectedAnswer:
    case ErrorCode::Unauthorized:
    case ErrorCode::RateLimited:
    case ErrorCode::OwnRate:
    case ErrorCode::Unavailable:
    case ErrorCode::AddressRefused:
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::CutShort:
    case ErrorCode::NotRecorded:
    case ErrorCode::Internal:
      break;
  }
  return error;
}

std::optional<EcrRegistry> ecr_registry_of(std::string_view host) {
  constexpr std::string_view kService = ".dkr.ecr.";
  constexpr std::size_t kAccount = 12;
  const auto account = host.substr(0, std::min(kAccount, host.size()));
  if (account.size() != kAccount || !std::all_of(account.begin(), account.end(), is_digit))
    return std::nullopt;
  auto rest = host.substr(kAccount);
  if (!rest.starts_with(kService)) return std::nullopt;
  rest.remove_prefix(kService.size());
  const auto dot = rest.find('.');
  const auto region = rest.substr(0, dot);
  const auto partition = partition_of(region);
  if (dot == rest.npos || !partition || rest.substr(dot + 1) != partition->dns_suffix) return std::nullopt;
  return EcrRegistry{std::string(account), std::string(region)};
}

Result<EcrLogin> read_ecr_login(std::string_view text) {
  const auto answer = parse_strict_json(text);
  const auto* entry = answer.ok() ? only_entry(*answer) : nullptr;
  if (entry == nullptr) return no_login("the answer holds no login");
  const auto token = string_member(*entry, "authorizationToken");
  auto credentials = token.ok() && *token ? credentials_of_token(**token) : nullptr;
  if (credentials == nullptr) return no_login("the answer holds no token of the expected form");
  const auto* expiry = member(*entry, "expiresAt");
  constexpr double kLastSecond = 253402300799.0;  // of the year 9999
  const auto seconds = expiry != nullptr && expiry->is_number() ? expiry->get<double>() : -1.0;
  if (!(seconds >= 0 && seconds <= kLastSecond))
    return no_login("the answer does not say when the login expires");
  return EcrLogin{std::move(credentials),
                  Time(std::chrono::milliseconds(static_cast<std::int64_t>(std::floor(seconds * 1000))))};
}

EcrCredentials::Key EcrCredentials::key_of(const EcrRegistry& registry) const {
  const bool has_role = client_->settings().roles.contains(registry.account);
  return {has_role ? registry.account : std::string(), registry.region};
}

void EcrCredentials::make_room() {
  if (logins_.size() < limits::kAwsSessions) return;
  const auto without =
      std::find_if(logins_.begin(), logins_.end(), [](const auto& login) { return !login.second->held(); });
  logins_.erase(without == logins_.end() ? logins_.begin() : without);
}

std::shared_ptr<EcrCredentials::Login> EcrCredentials::login_of(const Key& key) {
  const std::lock_guard lock(mutex_);
  if (const auto known = logins_.find(key); known != logins_.end()) return known->second;
  make_room();
  const auto fetch = [client = client_.get(), key, now = client_->settings().now](Login::Fetched fetched) {
    AwsCall call{AwsService::Ecr, "GetAuthorizationToken",     "{}", key.second,
                 key.first,       limits::kAwsCredentialAnswer};
    client->call(std::move(call), Deadline::after(limits::kAwsFetch),
                 [fetched = std::move(fetched), now](AwsOutcome outcome) {
                   if (auto* failure = std::get_if<AwsFailure>(&outcome))
                     return fetched(error_of_login(std::move(failure->error)));
                   const Secret answer(std::get<std::string>(std::move(outcome)));
                   fetched(lease_of_login(read_ecr_login(answer.reveal()), now()));
                 });
  };
  return logins_.emplace(key, std::make_shared<Login>(fetch, client_->settings().now)).first->second;
}

void EcrCredentials::find(const Repository& repository, Done done) {
  const auto config = docker_->config();
  const auto registry = ecr_registry_of(repository.registry);
  if (!registry || config->names(repository.registry)) return done(config->find(repository));
  login_of(key_of(*registry))->get(std::move(done));
}

void EcrCredentials::refused(const Repository& repository,
                             const std::shared_ptr<const Credentials>& credentials) {
  const auto registry = ecr_registry_of(repository.registry);
  if (registry && !docker_->config()->names(repository.registry))
    login_of(key_of(*registry))->refuse(credentials);
}

}  // namespace tegata::verifier
