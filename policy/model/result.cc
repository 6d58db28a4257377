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
    Named{ErrorCode::Unavailable, "Unavailable"},
    Named{ErrorCode::DeadlineExceeded, "DeadlineExceeded"},
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

}  // namespace tegata
