// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/aws_error.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/aws/xml_text.h"
#include "verifier/json/large_document.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

constexpr std::size_t kSecretPart = 12;
/// Of a message: what is shown, and the rest of a secret that begins in it. All of 4 MiB would take minutes.
constexpr std::size_t kLookedAt = limits::kRefusalWords + kSecretPart;

/// `com.amazon.coral#Code:http://…` as `Code`; empty if it is none.
std::string code_of(std::string_view text) {
  if (const auto hash = text.rfind('#'); hash != text.npos) text.remove_prefix(hash + 1);
  text = trimmed(text.substr(0, text.find(':')), " ");
  const bool fits =
      text.size() <= limits::kAwsErrorCode && std::all_of(text.begin(), text.end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_';
      });
  return fits ? std::string(text) : std::string();
}

std::string text_member(const nlohmann::json& object, std::string_view name) {
  const auto text = string_member(object, name);
  return text.ok() && *text ? **text : std::string();
}

std::optional<AwsServiceError> error_in_json(std::string_view body) {
  const LargeDocument large(body.size());
  const auto document = parse_strict_json(body);
  if (!document.ok() || !document->is_object()) return std::nullopt;
  AwsServiceError error{code_of(text_member(*document, "__type")), text_member(*document, "message")};
  if (error.code.empty()) error.code = code_of(text_member(*document, "code"));
  if (error.message.empty()) error.message = text_member(*document, "Message");
  return error;
}

std::optional<AwsServiceError> error_in_xml(std::string_view body) {
  const auto root = parse_xml(body);
  if (!root.ok()) return std::nullopt;
  const XmlElement* error = root->name == "Error" ? &*root : root->child("Error");
  if (error == nullptr)
    if (const auto* errors = root->child("Errors")) error = errors->child("Error");
  if (error == nullptr) return std::nullopt;
  return AwsServiceError{code_of(error->text_at({"Code"})), std::string(error->text_at({"Message"}))};
}

template <std::size_t N>
bool is_one_of(std::string_view code, const std::array<std::string_view, N>& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// Whether the text has kSecretPart bytes in sequence of the secret, or all of a shorter one.
bool holds_part_of(std::string_view text, std::string_view secret) {
  if (secret.empty()) return false;
  if (secret.size() < kSecretPart) return text.find(secret) != text.npos;
  for (std::size_t at = 0; at + kSecretPart <= text.size(); ++at)
    if (secret.find(text.substr(at, kSecretPart)) != secret.npos) return true;
  return false;
}

bool is_about_the_signature(std::string_view code) {
  return code.find("Signature") != code.npos || code == "RequestTimeTooSkewed" || code == "AuthFailure";
}

/// The codes of credentials that the service does not accept.
constexpr std::array<std::string_view, 9> kRefusals{
    "AccessDenied",    "AccessDeniedException", "SignatureDoesNotMatch",      "InvalidSignatureException",
    "AuthFailure",     "IncompleteSignature",   "MissingAuthenticationToken", "InvalidIdentityToken",
    "IDPRejectedClaim"};
/// Of credentials that have expired, or are no longer known because they were replaced.
constexpr std::array<std::string_view, 7> kOldKeys{
    "ExpiredToken",         "ExpiredTokenException",       "RequestExpired",    "TokenRefreshRequired",
    "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"};
/// The SDKs' standard mode; ProvisionedThroughputExceeded and its kin are of services that are not called.
constexpr std::array<std::string_view, 12> kThrottles{"Throttling",
                                                      "ThrottlingException",
                                                      "ThrottledException",
                                                      "RequestThrottled",
                                                      "RequestThrottledException",
                                                      "TooManyRequestsException",
                                                      "RequestLimitExceeded",
                                                      "BandwidthLimitExceeded",
                                                      "LimitExceededException",
                                                      "SlowDown",
                                                      "PriorRequestNotComplete",
                                                      "TransactionInProgressException"};
constexpr std::array<std::string_view, 2> kTransient{"RequestTimeout", "RequestTimeoutException"};

ErrorCode kind_of(int status, std::string_view code) {
  if (is_one_of(code, kOldKeys) || is_one_of(code, kRefusals) || status == 401 || status == 403)
    return ErrorCode::Unauthorized;
  switch (retry_of(status, code)) {
    case AwsRetry::Throttled:
      return ErrorCode::RateLimited;
    case AwsRetry::Transient:
      return ErrorCode::Unavailable;
    case AwsRetry::OtherKeys:
      return ErrorCode::Unauthorized;
    case AwsRetry::No:
      break;
  }
  return status >= 500 ? ErrorCode::Unavailable : ErrorCode::UnexpectedAnswer;
}

}  // namespace

AwsServiceError read_service_error(const HttpResponse& response) {
  const auto first = response.body.find_first_not_of(" \t\r\n");
  const bool xml = first != std::string::npos && response.body[first] == '<';
  auto error = (xml ? error_in_xml(response.body) : error_in_json(response.body)).value_or(AwsServiceError());
  if (const auto type = response.header("x-amzn-errortype"); type && !code_of(*type).empty())
    error.code = code_of(*type);
  return error;
}

AwsRetry retry_of(int status, std::string_view code) {
  if (is_one_of(code, kOldKeys)) return AwsRetry::OtherKeys;
  if (is_one_of(code, kThrottles) || status == 429) return AwsRetry::Throttled;
  const bool server = status == 500 || status == 502 || status == 503 || status == 504;
  return server || is_one_of(code, kTransient) ? AwsRetry::Transient : AwsRetry::No;
}

Error error_of_answer(const std::string& what, const HttpResponse& response, const AwsServiceError& said,
                      const std::vector<std::string_view>& secrets) {
  if (response.status >= 300 && response.status < 400)
    return Error::unexpected(what + " is answered with a redirect (" + std::to_string(response.status) +
                             "), which is not followed");
  const auto hidden = [&](std::string_view words) {
    return std::any_of(secrets.begin(), secrets.end(),
                       [&](std::string_view secret) { return holds_part_of(words, secret); });
  };
  const bool shows_code = !said.code.empty() && !hidden(said.code);
  std::string text =
      what + " fails: " + (shows_code ? said.code + " " : "") + "(" + std::to_string(response.status) + ")";
  if (is_about_the_signature(said.code))
    text += ": are the credentials whole, and is this machine's clock right?";
  else if (const auto words = std::string_view(said.message);
           !words.empty() && !hidden(words.substr(0, kLookedAt)))
    text += ": " + tegata::quoted(words.substr(0, limits::kRefusalWords));
  return {kind_of(response.status, said.code), std::move(text)};
}

}  // namespace tegata::verifier
