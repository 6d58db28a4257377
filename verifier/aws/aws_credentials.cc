// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/aws_credentials.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "policy/model/rfc3339.h"
#include "verifier/aws/xml_text.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

/// What can be in a header and in libcurl's user name and password.
bool is_credential_text(std::string_view text) {
  return text.size() <= limits::kAwsCredentialText &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

Result<AwsKeys> with_expiry(Result<AwsKeys> keys, std::string_view whose) {
  if (!keys.ok()) return Error::unexpected(std::string(whose) + ": " + keys.error().message);
  if (!(*keys)->expires)
    return Error::unexpected(std::string(whose) + " does not say when the credentials expire");
  return keys;
}

}  // namespace

Result<AwsKeys> make_credentials(AwsCredentialTexts texts) {
  AwsCredentials credentials{std::move(texts.access_key_id), Secret(std::move(texts.secret_access_key)),
                             Secret(std::move(texts.session_token))};
  const auto& id = credentials.access_key_id;
  if (id.empty() || id.find_first_of("/:,=") != id.npos || !is_credential_text(id))
    return Error::malformed("the access key ID is absent or not one");
  if (credentials.secret_access_key.empty() || !is_credential_text(credentials.secret_access_key.reveal()))
    return Error::malformed("the secret access key is absent or not one");
  if (!is_credential_text(credentials.session_token.reveal()))
    return Error::malformed("the session token has bytes that no token has");
  if (!texts.expiration.empty()) {
    credentials.expires = read_rfc3339(texts.expiration, TimeForm::Lenient);
    if (!credentials.expires) return Error::malformed("the expiration is not a time");
  }
  return std::make_shared<const AwsCredentials>(std::move(credentials));
}

Result<AwsKeys> read_endpoint_credentials(std::string_view text) {
  constexpr std::string_view kWhose = "the credential service's answer";
  const auto document = parse_strict_json(text);
  if (!document.ok() || !document->is_object())
    return Error::unexpected(std::string(kWhose) + " is not a JSON object");
  auto code = string_member(*document, "Code");
  auto id = string_member(*document, "AccessKeyId");
  auto secret = string_member(*document, "SecretAccessKey");
  auto token = string_member(*document, "Token");
  auto expiration = string_member(*document, "Expiration");
  for (auto* each : {&code, &id, &secret, &token, &expiration})
    if (!each->ok()) return Error::unexpected(std::string(kWhose) + " has a member that is not a string");
  if (*code && **code != "Success")
    return Error::unexpected(std::string(kWhose) + " says that it has no credentials");
  return with_expiry(make_credentials({(*id).value_or(""), (*secret).value_or(""), (*token).value_or(""),
                                       (*expiration).value_or("")}),
                     kWhose);
}

Result<AwsKeys> read_sts_credentials(std::string_view xml, std::string_view operation) {
  const auto answer = parse_xml(xml);
  if (!answer.ok()) return Error::unexpected("STS: " + answer.error().message);
  const auto response = std::string(operation) + "Response";
  const auto result = std::string(operation) + "Result";
  if (answer->name != response) return Error::unexpected("STS does not answer with " + response);
  const auto text = [&](std::string_view name) {
    return std::string(answer->text_at({result, "Credentials", name}));
  };
  return with_expiry(make_credentials({text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken"),
                                       text("Expiration")}),
                     "the answer of STS");
}

}  // namespace tegata::verifier
