// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/build_history.h"

#include <algorithm>

#include "policy/model/ascii.h"
#include "policy/model/printable.h"

namespace tegata::verifier {
namespace {

using Sets = BuildStep::Sets;

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::size_t kHash = 64;
constexpr std::size_t kLongestSource = 200;

std::string_view bare(std::string_view text) { return trimmed(text, kBlank); }

/// Takes the next word off `text`.
std::string_view next_word(std::string_view& text) {
  text = bare(text);
  const auto word = text.substr(0, text.find_first_of(kBlank));
  text.remove_prefix(word.size());
  return word;
}

bool is_word(std::string_view word, std::string_view upper_case) {
  return std::ranges::equal(word, upper_case, [](char a, char b) {
    return a == b || (a >= 'a' && a <= 'z' && a - 'a' + 'A' == b);
  });
}

std::string_view unquoted(std::string_view text) {
  while (!text.empty() && (text.front() == '"' || text.front() == '\'')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '"' || text.back() == '\'')) text.remove_suffix(1);
  return text;
}

/// `NAME=value` words; of a first word without `=`, the form `NAME value`.
void add_values(std::string_view text, BuildStep& step) {
  for (bool first = true; !bare(text).empty(); first = false) {
    const auto word = next_word(text);
    if (const auto equals = word.find('='); equals != word.npos) {
      step.values.emplace_back(unquoted(word.substr(0, equals)), unquoted(word.substr(equals + 1)));
    } else if (first) {
      step.values.emplace_back(word, unquoted(bare(text)));
      return;
    }
  }
}

/// `|2 A=1 B=2 /bin/sh -c …`; values may have spaces, so the names are counted.
void add_arguments(std::string_view text, BuildStep& step) {
  auto count_text = next_word(text).substr(1);
  std::size_t count = 0;
  for (const char c : count_text)
    count = c >= '0' && c <= '9' && count < 10'000 ? count * 10 + static_cast<std::size_t>(c - '0') : count;
  while (step.values.size() < count && !bare(text).empty()) {
    const auto word = next_word(text);
    if (const auto equals = word.find('='); equals != word.npos)
      step.values.emplace_back(word.substr(0, equals), unquoted(word.substr(equals + 1)));
  }
}

bool is_hash(std::string_view text) {
  return text.size() == kHash && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// What the classic builder writes for one source: `file:HASH`, `dir:HASH` or `multi:HASH` of the build
/// context, and a bare hash of a URL; behind `--chown=…` there is no space.
bool is_hash_of_url(std::string_view word) {
  if (word.size() < kHash || !is_hash(word.substr(word.size() - kHash))) return false;
  const auto before = word.substr(0, word.size() - kHash);
  return std::ranges::none_of(std::initializer_list<std::string_view>{"file:", "dir:", "multi:", "sha256:"},
                              [&](std::string_view kind) { return before.ends_with(kind); }) &&
         (before.empty() || before.starts_with("--"));
}

/// Scheme and host; of `git@host:path` the host.
std::string origin_of(std::string_view url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == url.npos) return printable(url.substr(0, url.find(':')), kLongestSource);
  auto authority = url.substr(scheme_end + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const auto at = authority.rfind('@'); at != authority.npos) authority.remove_prefix(at + 1);
  return printable(std::string(url.substr(0, scheme_end)) + "://" + std::string(authority), kLongestSource);
}

void add_sources(std::string_view text, BuildStep& step) {
  std::string_view before;
  while (!bare(text).empty()) {
    auto word = next_word(text);
    if (word == "#") return;  // BuildKit's mark
    if (is_word(word, "IN") && is_hash_of_url(before))
      step.sources.emplace_back("a URL that is not recorded");
    before = word;
    if (word.starts_with("--")) continue;
    const auto source = word.substr(std::min(word.find_first_not_of("[\"',"), word.size()));
    const bool is_url = source.find("://") != source.npos || source.starts_with("git@");
    if (is_url) step.sources.push_back(origin_of(source.substr(0, source.find_first_of("\"',]"))));
  }
}

}  // namespace

BuildStep read_build_step(std::string_view created_by) {
  BuildStep step;
  constexpr std::string_view kNoOperation = "#(nop)";
  auto text = bare(created_by);
  if (const auto at = text.find(kNoOperation); at != text.npos) text.remove_prefix(at + kNoOperation.size());
  text = bare(text);
  auto rest = text;
  const auto instruction = next_word(rest);
  if (is_word(instruction, "RUN") && bare(rest).starts_with('|')) text = bare(rest);
  if (text.starts_with('|')) {
    step.sets = Sets::Argument;
    add_arguments(text, step);
  } else if (is_word(instruction, "ENV") || is_word(instruction, "LABEL") || is_word(instruction, "ARG")) {
    step.sets = is_word(instruction, "ENV")     ? Sets::Variable
                : is_word(instruction, "LABEL") ? Sets::Label
                                                : Sets::Argument;
    add_values(rest, step);
  } else if (is_word(instruction, "ADD")) {
    add_sources(rest, step);
  }
  return step;
}

}  // namespace tegata::verifier
