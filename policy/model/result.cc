// SPDX-License-Identifier: Apache-2.0
#include "policy/model/result.h"

#include <array>

namespace tegata {
namespace {

struct Named {
  ErrorCode code;
  std::string_view name;
};
constexpr std::array kNames{
    Named{ErrorCode::Malformed, "Malformed"},
    Named{ErrorCode::LimitExceeded, "LimitExceeded"},
    Named{ErrorCode::NotFound, "NotFound"},
    Named{ErrorCode::Unauthorized, "Unauthorized"},
    Named{ErrorCode::UnexpectedAnswer, "UnexpectedAnswer"},
    Named{ErrorCode::RateLimited, "RateLimited"},
    Named{ErrorCode::OwnRate, "OwnRate"},
    Named{ErrorCode::Unavailable, "Unavailable"},
    Named{ErrorCode::AddressRefused, "AddressRefused"},
    Named{ErrorCode::DeadlineExceeded, "DeadlineExceeded"},
    Named{ErrorCode::CutShort, "CutShort"},
    Named{ErrorCode::NotRecorded, "NotRecorded"},
    Named{ErrorCode::Misconfigured, "Misconfigured"},
    Named{ErrorCode::Internal, "Internal"},
};

}  // namespace

std::string_view name_of(ErrorCode code) noexcept {
  for (const auto& named : kNames)
    if (named.code == code) return named.name;
  return "Internal";
}

std::optional<ErrorCode> error_code_of(std::string_view name) noexcept {
  for (const auto& named : kNames)
    if (named.name == name) return named.code;
  return std::nullopt;
}

bool may_be_softened(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::NotFound:
    case ErrorCode::Unauthorized:
    case ErrorCode::RateLimited:
    case ErrorCode::Unavailable:
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::NotRecorded:
      return true;
    case ErrorCode::Malformed:
    case ErrorCode::UnexpectedAnswer:
    case ErrorCode::LimitExceeded:
    case ErrorCode::OwnRate:
    case ErrorCode::AddressRefused:
    case ErrorCode::CutShort:
    case ErrorCode::Misconfigured:
    case ErrorCode::Internal:
      break;
  }
  return false;
}

void note_error(std::optional<Error>& kept, const Error& error) {
  if (!kept || (may_be_softened(kept->code) && !may_be_softened(error.code))) kept = error;
}

}  // namespace tegata
