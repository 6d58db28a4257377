// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/registry_states.h"

#include <algorithm>
#include <string_view>

#include "policy/model/limits.h"
#include "webhook/log/log.h"

namespace tegata::webhook {
namespace {

/// The state that an outcome shows; none for our own limits and errors.
std::optional<RegistryState> state_of(const std::optional<Error>& error) {
  if (!error) return RegistryState::Answering;
  switch (error->code) {
    case ErrorCode::NotFound:
      return RegistryState::Answering;
    case ErrorCode::Unauthorized:
      return RegistryState::Refusing;
    case ErrorCode::RateLimited:
    case ErrorCode::OwnRate:
      return RegistryState::Throttling;
    case ErrorCode::Unavailable:
    case ErrorCode::AddressRefused:
    case ErrorCode::DeadlineExceeded:
      return RegistryState::Unreachable;
    case ErrorCode::UnexpectedAnswer:
      return RegistryState::Unexpected;
    case ErrorCode::CutShort:
    case ErrorCode::Malformed:
    case ErrorCode::LimitExceeded:
    case ErrorCode::NotRecorded:
    case ErrorCode::Misconfigured:
    case ErrorCode::Internal:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string_view name_of(RegistryState state) {
  switch (state) {
    case RegistryState::Answering:
      return "answering";
    case RegistryState::Unreachable:
      return "unreachable";
    case RegistryState::Refusing:
      return "refusing";
    case RegistryState::Throttling:
      return "throttling";
    case RegistryState::Unexpected:
      return "unexpected answers";
  }
  return "unknown";
}

}  // namespace

std::optional<RegistryChange> RegistryStates::note(const verifier::RegistryOutcome& outcome,
                                                   Clock::time_point now) {
  const auto seen = state_of(outcome.error);
  if (!seen) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (!registries_.contains(outcome.registry) && registries_.size() >= limits::kRegistries)
    registries_.erase(
        std::min_element(registries_.begin(), registries_.end(),
                         [](const auto& a, const auto& b) { return a.second.asked < b.second.asked; }));
  One& one = registries_[outcome.registry];
  one.asked = now;
  if (*seen == one.state) {
    one.failed = now;
    return std::nullopt;
  }
  if (one.state != RegistryState::Answering && now - one.failed < limits::kRegistryCalm) return std::nullopt;
  RegistryChange change{outcome.registry, one.state, *seen, outcome.error ? outcome.error->message : ""};
  one.state = *seen;
  one.failed = now;
  return change;
}

void log_change(const RegistryChange& change) {
  LogFields fields{{"registry", change.registry},
                   {"state", std::string(name_of(change.to))},
                   {"before", std::string(name_of(change.from))}};
  if (change.to == RegistryState::Answering) return log(LogLevel::Info, "a registry answers again", fields);
  fields.emplace("error", change.error);
  log(LogLevel::Warning, "a registry fails", fields);
}

}  // namespace tegata::webhook
