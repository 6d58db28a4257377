// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/aws_settings.h"

#include <algorithm>
#include <cstdlib>

#include "policy/model/ascii.h"
#include "policy/model/printable.h"

namespace tegata::verifier {
namespace {

bool is_word(char c, std::string_view also) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || also.find(c) != also.npos;
}
bool is_all(std::string_view text, std::string_view also) {
  return std::all_of(text.begin(), text.end(), [also](char c) { return is_word(c, also); });
}

/// The text up to the next colon, which is taken away with it.
std::string_view next_part(std::string_view& text) {
  const auto colon = std::min(text.find(':'), text.size());
  const auto part = text.substr(0, colon);
  text.remove_prefix(std::min(colon + 1, text.size()));
  return part;
}

}  // namespace

Result<std::string> account_of_role(const std::string& arn) {
  const Error wrong{ErrorCode::Misconfigured,
                    tegata::quoted(arn) + " is not the ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME)"};
  std::string_view rest = arn;
  const auto scheme = next_part(rest);
  const auto partition = next_part(rest);
  const auto service = next_part(rest);
  const auto region = next_part(rest);
  const auto account = next_part(rest);
  if (scheme != "arn" || !partition.starts_with("aws") || !is_all(partition, "-") || service != "iam" ||
      !region.empty())
    return wrong;
  if (account.size() != 12 || !std::all_of(account.begin(), account.end(), is_digit)) return wrong;
  if (!rest.starts_with("role/") || rest.ends_with('/') || arn.size() > 2048 || !is_all(rest, "_+=,.@-/"))
    return wrong;
  return std::string(account);
}

Status check_external_id(const std::string& id) {
  if (id.size() >= 2 && id.size() <= 1224 && is_all(id, "_+=,.@:/-")) return done();
  return Error{
      ErrorCode::Misconfigured,
      "an external ID has 2 to 1224 letters, digits and characters of _+=,.@:/-, not " + tegata::quoted(id)};
}

AwsEnvironment environment_of_process() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nothing sets variables
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::string(value);
  };
}

}  // namespace tegata::verifier
