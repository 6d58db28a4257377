// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/openssl_error.h"

#include <openssl/err.h>

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

}  // namespace tegata::verifier
