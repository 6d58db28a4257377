// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/deadline.h"
#include "policy/model/result.h"
#include "verifier/crypto/secret.h"

namespace tegata::verifier {

/// With what requests are signed.
struct AwsCredentials {
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token = {};         ///< empty: none
  std::optional<Time> expires = {};  ///< empty: they do not say
};
using AwsKeys = std::shared_ptr<const AwsCredentials>;

/// The text of credentials as they were found. Takes them over and wipes them.
struct AwsCredentialTexts {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token = {};
  std::string expiration = {};  ///< RFC 3339
};
/// Malformed, without a quote: a key or token that is empty (the token may be), longer than
/// limits::kAwsCredentialText, or has other bytes than printable ASCII without spaces; an expiration that is
/// no time.
[[nodiscard]] Result<AwsKeys> make_credentials(AwsCredentialTexts texts);

// The answers that hand out credentials; UnexpectedAnswer if they hold none. No message quotes them.

/// Of the container endpoint and of the metadata service: {AccessKeyId, SecretAccessKey, Token, Expiration},
/// of the latter also {Code: "Success"}. The expiration is mandatory.
[[nodiscard]] Result<AwsKeys> read_endpoint_credentials(std::string_view json);

/// Of STS: `operation` is AssumeRole or AssumeRoleWithWebIdentity.
[[nodiscard]] Result<AwsKeys> read_sts_credentials(std::string_view xml, std::string_view operation);

}  // namespace tegata::verifier
