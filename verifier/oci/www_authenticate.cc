// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/www_authenticate.h"

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

bool is_token_char(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}
bool is_token68_char(char c) { return is_token_char(c) || c == '/' || c == '='; }

std::string lower(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return copy;
}

Error malformed_challenge(std::string_view what) {
  return {ErrorCode::Malformed, "WWW-Authenticate: " + std::string(what)};
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  Result<std::vector<Challenge>> challenges() {
    skip_separators();
    while (!rest_.empty()) {
      TEGATA_CHECK(challenge());
      skip_separators();
    }
    return std::move(challenges_);
  }

 private:
  /// What stands between two challenges or two parameters: spaces and commas, also several.
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
  /// Whether a parameter stands here: a token and `=`, and not the padding of a token68.
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
    if (scheme.empty()) return malformed_challenge("a scheme must stand here");
    challenges_.push_back({lower(scheme), {}});
    if (rest_.empty() || rest_.front() == ',') return done();
    if (rest_.front() != ' ' && rest_.front() != '\t')
      return malformed_challenge("a space must follow the scheme");
    skip_spaces();
    if (!at_parameter()) return token68();
    while (at_parameter()) {
      TEGATA_CHECK(parameter());
      skip_spaces();
      if (!rest_.empty() && rest_.front() != ',')
        return malformed_challenge("a comma must stand between parameters");
      skip_separators();
    }
    return done();
  }

  /// `Negotiate a87b==`, or nothing, or the next challenge right after a bare scheme and a comma.
  Status token68() {
    take(count_while(is_token68_char));
    skip_spaces();
    if (!rest_.empty() && rest_.front() != ',') return malformed_challenge("a parameter must be name=value");
    return done();
  }

  Status parameter() {
    auto name = lower(take(count_while(is_token_char)));
    skip_spaces();
    take(1);  // the `=` that at_parameter saw
    skip_spaces();
    TEGATA_TRY(auto value, parameter_value(name));
    if (++parameters_ > limits::kChallengeParameters)
      return Error{
          ErrorCode::LimitExceeded,
          "WWW-Authenticate has more than " + std::to_string(limits::kChallengeParameters) + " parameters"};
    if (!challenges_.back().parameters.emplace(std::move(name), std::move(value)).second)
      return malformed_challenge("a parameter stands twice");
    return done();
  }

  /// A token as `service=registry`; a value with other characters must be in quotes.
  Result<std::string> token_value(const std::string& name) {
    const auto value = take(count_while(is_token_char));
    if (rest_.empty() || rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == ',')
      return std::string(value);
    const char c = rest_.front();
    return malformed_challenge(
        "the value of \"" + name + "\" must be in quotes, since it holds " +
        (c > ' ' && c <= '~' ? "\"" + std::string(1, c) + "\"" : "other characters than a token may"));
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
    if (rest_.empty()) return malformed_challenge("a quoted value has no end");
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
  return Reader(header).challenges();
}

}  // namespace tegata::verifier
