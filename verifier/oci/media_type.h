// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "verifier/net/http_message.h"

namespace tegata::verifier {

/// The Content-Type of an answer in lower case, without parameters; empty where there is none.
[[nodiscard]] std::string media_type_of(const HttpResponse& response);
[[nodiscard]] inline bool media_type_is(const HttpResponse& response, std::string_view media_type) {
  return media_type_of(response) == media_type;
}
/// One of the four media types that parse_manifest knows.
[[nodiscard]] bool is_manifest_media_type(std::string_view media_type);

}  // namespace tegata::verifier
