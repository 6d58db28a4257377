// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/openssl_support.h"

#include <openssl/err.h>

#include <ctime>

namespace tegata::verifier {

Error drain_openssl_errors(ErrorCode code, std::string_view what) {
  std::string message(what);
  std::string_view separator = ": ";
  while (const unsigned long error = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(error);
    message += separator;
    message += reason != nullptr ? reason : "OpenSSL error " + std::to_string(error);
    separator = "; ";
  }
  return {code, std::move(message)};
}

namespace {

// OpenSSL accepts a fraction in a GeneralizedTime, but omits it from the result.
std::optional<std::chrono::milliseconds> fraction_of(std::string_view time) {
  const auto dot = time.find('.');
  if (dot == std::string_view::npos) return std::chrono::milliseconds(0);
  int milliseconds = 0;
  int place = 100;
  for (const char digit : time.substr(dot + 1, time.size() - dot - 2)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    milliseconds += place * (digit - '0');
    place /= 10;
  }
  return std::chrono::milliseconds(milliseconds);
}

}  // namespace

std::optional<Time> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const std::string_view text = openssl_view(time);
  if (!text.ends_with('Z')) return std::nullopt;
  const auto fraction = fraction_of(text);
  if (!fraction) return std::nullopt;
  return Time(std::chrono::seconds(::timegm(&parts))) + *fraction;
}

}  // namespace tegata::verifier
