// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/aws/aws_services.h"
#include "verifier/net/http_message.h"

namespace tegata::verifier {

/// What a service says about a call that failed.
struct AwsServiceError {
  std::string code;     ///< without namespace, such as `ThrottlingException`; empty if none could be read
  std::string message;  ///< of the service: untrusted, and may quote what it was sent
};

/// Reads an error in JSON (`__type` or `code`, the header X-Amzn-ErrorType first) or XML
/// (`ErrorResponse/Error`, `Response/Errors/Error`, `Error`): services answer errors about authentication in
/// either, whatever their protocol.
[[nodiscard]] AwsServiceError read_service_error(const HttpResponse& response);

/// Whether and why a call may be repeated.
enum class AwsRetry : std::uint8_t {
  No,
  Transient,  ///< 500, 502, 503, 504, RequestTimeout
  Throttled,  ///< 429, and the codes that the SDKs list
  OtherKeys,  ///< the credentials have expired or were replaced: once, with others
};
[[nodiscard]] AwsRetry retry_of(int status, std::string_view code);

/// The error of a call named `what` (`ECR DescribeImages`). The service's message is quoted, at most
/// limits::kRefusalWords bytes of it, unless it is about the signature, which it may repeat, or holds 12
/// bytes in sequence of a secret.
[[nodiscard]] Error error_of_answer(const std::string& what, const HttpResponse& response,
                                    const AwsServiceError& said,
                                    const std::vector<std::string_view>& secrets);

}  // namespace tegata::verifier
