// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/secret_look.h"

#include <algorithm>
#include <array>
#include <vector>

#include "policy/model/ascii.h"

namespace tegata::verifier {
namespace {

constexpr std::array<std::string_view, 5> kSecretParts{"PASSWORD", "PASSWD", "PASSPHRASE", "SECRET",
                                                       "CREDENTIAL"};
constexpr std::array<std::string_view, 6> kTruths{"TRUE", "FALSE", "YES", "NO", "ON", "OFF"};
constexpr std::size_t kLongestName = 128;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
bool is_token_char(char c) {
  return is_upper(c) || is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

/// In upper case: `apiKey-id` is API, KEY and ID.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  char before = 0;
  for (const char c : name) {
    const bool letter = is_upper(c) || is_lower(c) || is_digit(c);
    const bool hump = is_upper(c) && is_lower(before);
    if ((!letter || hump) && !words.back().empty()) words.emplace_back();
    if (letter) words.back() += upper(c);
    before = c;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

template <typename Holds>
bool any_of(const std::vector<std::string>& words, Holds holds) {
  return std::any_of(words.begin(), words.end(), holds);
}

bool names_secret(std::string_view name) {
  const auto words = words_of(name);
  if (words.empty() || words.back() == "FILE") return false;
  if (any_of(words, [](const std::string& word) {
        return word == "TOKEN" || word == "TOKENS" || std::ranges::any_of(kSecretParts, [&](auto part) {
                 return word.find(part) != std::string::npos;
               });
      }))
    return true;
  if (name == "GPG_KEY" || name == "GPG_KEYS") return false;
  if (any_of(words, [](const std::string& word) { return word == "PUBLIC"; })) return false;
  return any_of(words, [](const std::string& word) {
    return word == "ACCESS" || word.ends_with("KEY") || word.ends_with("KEYS");
  });
}

bool is_truth(std::string_view value) {
  std::string text;
  for (const char c : value) text += upper(c);
  return std::ranges::find(kTruths, text) != kTruths.end();
}

/// How many characters of a token there are from `at`.
std::size_t token_length(std::string_view text, std::size_t at) {
  const auto rest = text.substr(std::min(at, text.size()));
  return static_cast<std::size_t>(std::ranges::find_if_not(rest, is_token_char) - rest.begin());
}

/// What begins with `prefix`, not in the middle of a word, and goes on for `least` characters.
bool holds_token(std::string_view text, std::string_view prefix, std::size_t least) {
  for (auto at = text.find(prefix); at != text.npos; at = text.find(prefix, at + 1)) {
    const bool starts = at == 0 || !is_token_char(text[at - 1]);
    if (starts && token_length(text, at + prefix.size()) >= least) return true;
  }
  return false;
}

/// AKIA or ASIA and 16 more capitals and digits.
bool holds_access_key_id(std::string_view text) {
  constexpr std::size_t kLength = 20;
  for (const std::string_view prefix : {"AKIA", "ASIA"})
    for (auto at = text.find(prefix); at != text.npos; at = text.find(prefix, at + 1)) {
      // Only the first in a word is looked at further, so that a long word costs no more than its length.
      if ((at != 0 && is_token_char(text[at - 1])) || token_length(text, at) != kLength) continue;
      if (std::ranges::all_of(text.substr(at, kLength), [](char c) { return is_upper(c) || is_digit(c); }))
        return true;
    }
  return false;
}

/// `scheme://user:password@host`, where the password is no reference to a variable.
bool holds_url_with_password(std::string_view text) {
  for (auto at = text.find("://"); at != text.npos; at = text.find("://", at + 1)) {
    auto authority = text.substr(at + 3);
    authority = authority.substr(0, authority.find_first_of("/?# \t\"'"));
    const auto end = authority.rfind('@');
    if (end == authority.npos) continue;
    const auto colon = authority.find(':');
    if (colon == authority.npos || colon + 1 >= end) continue;
    const char first = authority[colon + 1];
    if (first != '$' && first != '{' && first != '<') return true;
  }
  return false;
}

struct TokenForm {
  std::string_view prefix;
  std::size_t least;
};
constexpr std::array kTokens{
    TokenForm{"ghp_", 30},      TokenForm{"gho_", 30},        TokenForm{"ghu_", 30},
    TokenForm{"ghs_", 30},      TokenForm{"ghr_", 30},        TokenForm{"glpat-", 16},
    TokenForm{"npm_", 30},      TokenForm{"github_pat_", 30}, TokenForm{"xoxb-", 16},
    TokenForm{"xoxp-", 16},     TokenForm{"xoxa-", 16},       TokenForm{"xoxr-", 16},
    TokenForm{"xoxs-", 16},     TokenForm{"sk_live_", 16},    TokenForm{"rk_live_", 16},
    TokenForm{"dckr_pat_", 16}, TokenForm{"AIza", 35}};

}  // namespace

bool is_credential(std::string_view text) {
  return text.find("PRIVATE KEY-----") != text.npos || holds_access_key_id(text) ||
         holds_url_with_password(text) || std::ranges::any_of(kTokens, [&](const TokenForm& form) {
           return holds_token(text, form.prefix, form.least);
         });
}

bool looks_secret(std::string_view name, std::string_view value) {
  if (value.empty()) return false;
  if (is_credential(value)) return true;
  return !is_truth(value) && names_secret(name);
}

std::string shown_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return {};
  const bool plain = std::ranges::all_of(name, [](char c) { return is_token_char(c) || c == '/'; });
  return plain && !is_credential(name) ? std::string(name) : std::string();
}

}  // namespace tegata::verifier
