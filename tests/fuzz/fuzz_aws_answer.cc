// SPDX-License-Identifier: Apache-2.0
// The first byte says which answer of AWS the rest is read as.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "policy/model/limits.h"
#include "verifier/aws/aws_credentials.h"
#include "verifier/aws/aws_error.h"
#include "verifier/aws/credential_fetch.h"
#include "verifier/aws/ecr_login.h"
#include "verifier/aws/ecr_repository.h"

namespace {

using namespace tegata;
using namespace tegata::verifier;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// What is signed with them must be one line.
void check(const Result<AwsKeys>& keys) {
  if (!keys.ok()) return;
  require((*keys)->expires.has_value());
  for (const auto text : {std::string_view((*keys)->access_key_id), (*keys)->secret_access_key.reveal(),
                          (*keys)->session_token.reveal()})
    for (const char c : text) require(c > ' ' && c < 127);
}

void check_error(std::string_view body) {
  const std::string secret = "a-secret-of-the-fuzzer";
  const HttpResponse response{400, {}, std::string(body)};
  const auto said = read_service_error(response);
  for (const char c : said.code) require(c > ' ' && c < 127);
  const auto error = error_of_answer("X", response, said, {secret});
  require(error.message.find(secret) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'e':
      check(read_endpoint_credentials(text));
      break;
    case 's':
      check(read_sts_credentials(text, "AssumeRole"));
      break;
    case 'l':
      if (const auto login = read_ecr_login(text); login.ok())
        for (const char c : login->credentials->password.reveal()) require(c > ' ' && c < 127);
      break;
    case 'r':
      if (const auto role = read_role_name(text); role.ok()) require(role->find('/') == std::string::npos);
      break;
    case 'm':
      if (const auto read = read_tag_mutability(text, {"111122223333", "eu-west-1"}, "app"); read.ok()) {
        require(read->except.size() <= limits::kTagFilters);
        static_cast<void>(read->holds("v1.2.3"));
      }
      break;
    default:
      check_error(text);
  }
  return 0;
}
