// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/registry_http.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

bool is_token_char(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}
bool is_token68_char(char c) { return is_token_char(c) || c == '/' || c == '='; }

Error malformed_challenge(std::string_view what) {
  return Error::malformed("WWW-Authenticate: " + std::string(what));
}

class ChallengeReader {
 public:
  explicit ChallengeReader(std::string_view text) : rest_(text) {}

  Result<std::vector<Challenge>> challenges() {
    skip_separators();
    while (!rest_.empty()) {
      TEGATA_CHECK(challenge());
      skip_separators();
    }
    return std::move(challenges_);
  }

 private:
  /// Skips the spaces and commas between two challenges or two parameters.
  void skip_separators() {
    rest_.remove_prefix(count_while([](char c) { return c == ' ' || c == '\t' || c == ','; }));
  }
  void skip_spaces() {
    rest_.remove_prefix(count_while([](char c) { return c == ' ' || c == '\t'; }));
  }

  template <typename Predicate>
  std::size_t count_while(Predicate predicate) const {
    std::size_t count = 0;
    while (count < rest_.size() && predicate(rest_[count])) ++count;
    return count;
  }
  std::string_view take(std::size_t count) {
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  /// Whether a parameter follows: a token and `=` that is not the padding of a token68.
  bool at_parameter() const {
    std::size_t i = count_while(is_token_char);
    if (i == 0) return false;
    while (i < rest_.size() && (rest_[i] == ' ' || rest_[i] == '\t')) ++i;
    if (i >= rest_.size() || rest_[i] != '=') return false;
    ++i;
    while (i < rest_.size() && (rest_[i] == ' ' || rest_[i] == '\t')) ++i;
    return i < rest_.size() && rest_[i] != '=' && rest_[i] != ',';
  }

  Status challenge() {
    const auto scheme = take(count_while(is_token_char));
    if (scheme.empty()) return malformed_challenge("a scheme is missing");
    challenges_.push_back({ascii_lower(scheme), {}});
    if (rest_.empty() || rest_.front() == ',') return done();
    if (rest_.front() != ' ' && rest_.front() != '\t')
      return malformed_challenge("a space must follow the scheme");
    skip_spaces();
    if (!at_parameter()) return token68();
    while (at_parameter()) {
      TEGATA_CHECK(parameter());
      skip_spaces();
      if (!rest_.empty() && rest_.front() != ',')
        return malformed_challenge("parameters must be separated by commas");
      skip_separators();
    }
    return done();
  }

  /// `Negotiate a87b==`, or nothing: after a scheme without parameters and a comma, the next challenge
  /// follows.
  Status token68() {
    take(count_while(is_token68_char));
    skip_spaces();
    if (!rest_.empty() && rest_.front() != ',') return malformed_challenge("a parameter must be name=value");
    return done();
  }

  Status parameter() {
    auto name = ascii_lower(take(count_while(is_token_char)));
    skip_spaces();
    take(1);  // the `=` that at_parameter saw
    skip_spaces();
    TEGATA_TRY(auto value, parameter_value(name));
    if (++parameters_ > limits::kChallengeParameters)
      return Error{
          ErrorCode::LimitExceeded,
          "WWW-Authenticate has more than " + std::to_string(limits::kChallengeParameters) + " parameters"};
    if (!challenges_.back().parameters.emplace(std::move(name), std::move(value)).second)
      return malformed_challenge("duplicate parameter");
    return done();
  }

  /// A token such as `service=registry`; a value with other characters must be quoted.
  Result<std::string> token_value(const std::string& name) {
    const auto value = take(count_while(is_token_char));
    if (rest_.empty() || rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == ',')
      return std::string(value);
    const char c = rest_.front();
    return malformed_challenge("the value of " + quoted(name, limits::kQuotedHeader) +
                               " must be in quotes, since it holds " +
                               (c > ' ' && c <= '~' ? "\"" + std::string(1, c) + "\""
                                                    : "characters that are not allowed in a token"));
  }

  Result<std::string> parameter_value(const std::string& name) {
    if (rest_.front() != '"') return token_value(name);
    take(1);
    std::string value;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\') take(1);
      if (rest_.empty()) break;
      value += take(1);
    }
    if (rest_.empty()) return malformed_challenge("a quoted value is not closed");
    take(1);
    return value;
  }

  std::string_view rest_;
  std::vector<Challenge> challenges_;
  std::size_t parameters_ = 0;
};

}  // namespace

Result<std::vector<Challenge>> parse_www_authenticate(std::string_view header) {
  if (header.size() > limits::kChallenge)
    return Error{ErrorCode::LimitExceeded,
                 "WWW-Authenticate has more than " + std::to_string(limits::kChallenge) + " bytes"};
  return ChallengeReader(header).challenges();
}

namespace {

constexpr std::chrono::seconds kDefaultLifetime{60};

std::string text_of(const nlohmann::json& object, std::string_view key) {
  const auto* value = member(object, key);
  if (value == nullptr || !value->is_string()) return {};
  const auto& text = value->get_ref<const std::string&>();
  return text.size() <= limits::kRefusalWords ? text : std::string();
}

}  // namespace

std::string refusal_in(std::string_view body) {
  const auto document = parse_strict_json(body);
  if (!document.ok()) return {};
  if (auto details = text_of(*document, "details"); !details.empty()) return details;
  const auto* errors = member(*document, "errors");
  if (errors == nullptr || !errors->is_array() || errors->empty()) return {};
  return text_of(errors->front(), "message");
}

Result<TokenAnswer> parse_token_answer(std::string_view body) {
  const auto document = parse_strict_json(body);
  if (!document.ok() || !document->is_object()) return Error::unexpected("the answer is not a JSON object");
  auto token = string_member(*document, "token");
  auto access_token = string_member(*document, "access_token");
  if (!token.ok() || !access_token.ok()) return Error::unexpected("the token is not a string");
  std::string text = token->value_or("");
  if (text.empty()) text = access_token->value_or("");
  if (text.empty()) {
    const auto refusal = refusal_in(body);
    return Error::unexpected(refusal.empty() ? "the answer holds no token"
                                             : "the answer holds no token and says \"" + refusal + "\"");
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; }))
    return Error::unexpected("the token holds bytes that are not allowed in a header");
  const auto expires_in = size_member(*document, "expires_in");
  if (!expires_in.ok()) return Error::unexpected("expires_in is not a whole number of seconds");
  auto lifetime = kDefaultLifetime;
  if (*expires_in)
    lifetime = std::chrono::seconds(static_cast<std::int64_t>(
        std::min<std::uint64_t>(**expires_in, static_cast<std::uint64_t>(limits::kTokenLifetime.count()))));
  Secret plain(std::move(text));
  std::string header = "Bearer ";
  header.append(plain.reveal());
  return TokenAnswer{Secret(std::move(header)), lifetime};
}

}  // namespace tegata::verifier
