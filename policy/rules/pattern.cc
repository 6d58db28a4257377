// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "policy/model/limits.h"
#include "policy/model/registry_host.h"

namespace tegata::policy {
namespace {

constexpr std::string_view kEveryImage = "**";

Error malformed(std::string_view what, std::string_view part) {
  return {ErrorCode::Malformed, std::string(what) + " \"" + std::string(part) + "\""};
}

/// A `*` may be part of a label, and for a port; the rest is as in a reference.
Status check_glob_host(std::string_view host) {
  if (host.find("**") != std::string_view::npos)
    return malformed("** is allowed in the path only, or alone for every image; the host here is", host);
  const auto [name, port] = split_port(host);
  if (port && port->find('*') == std::string_view::npos) TEGATA_CHECK(check_port(*port));
  if (port && port->find_first_not_of("0123456789*") != std::string_view::npos)
    return malformed("not a port:", *port);
  if (name.find('*') == std::string_view::npos) return check_host_name(name);
  std::string letters(name);
  std::replace(letters.begin(), letters.end(), '*', 'a');
  return check_labels(letters);
}

Status check_glob_path(std::string_view path) {
  const auto bad = path.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-/*");
  if (bad != std::string_view::npos)
    return malformed(
        "globs look at host and repository, never at tag or digest, and repositories are lower "
        "case; unexpected",
        path.substr(bad, 1));
  if (path.empty() || path.starts_with('/') || path.ends_with('/') ||
      path.find("//") != std::string_view::npos)
    return malformed("an empty part in the path", path);
  if (path.find("***") != std::string_view::npos) return malformed("more than two stars in", path);
  return done();
}

/// One step of a path pattern: a character, `*`, or `**`.
struct Step {
  enum class Kind { Character, Star, DoubleStar } kind;
  char character;
};

Step take_step(std::string_view& pattern) {
  const std::size_t length = pattern.starts_with("**") ? 2 : 1;
  const Step step{length == 2              ? Step::Kind::DoubleStar
                  : pattern.front() == '*' ? Step::Kind::Star
                                           : Step::Kind::Character,
                  pattern.front()};
  pattern.remove_prefix(length);
  return step;
}

/// `reached[i]`: the steps so far can match the first i characters. One pass a step.
bool path_matches(std::string_view pattern, std::string_view path) {
  std::vector<char> reached(path.size() + 1, 0);
  reached[0] = 1;
  while (!pattern.empty()) {
    const Step step = take_step(pattern);
    if (step.kind == Step::Kind::Character) {
      for (std::size_t i = path.size(); i > 0; --i)
        reached[i] = reached[i - 1] && path[i - 1] == step.character;
      reached[0] = 0;
      continue;
    }
    for (std::size_t i = 1; i <= path.size(); ++i)
      if (reached[i - 1] && (step.kind == Step::Kind::DoubleStar || path[i - 1] != '/')) reached[i] = 1;
  }
  return reached[path.size()] != 0;
}

bool host_matches(std::string_view pattern, std::string_view host) {
  const auto wanted = split_port(pattern);
  const auto found = split_port(host);
  // A `*` as port equals no port, so it needs no special case.
  return wanted.port == found.port && wildcard_matches(wanted.name, found.name, '.');
}

}  // namespace

Result<ImageGlob> ImageGlob::parse(std::string_view text) {
  if (text.size() > limits::kGlob)
    return Error{ErrorCode::LimitExceeded, "a glob has at most " + std::to_string(limits::kGlob) + " bytes"};
  ImageGlob glob;
  glob.text_ = text;
  glob.every_ = text == kEveryImage;
  if (glob.every_) return glob;
  if (text.find("://") != std::string_view::npos)
    return malformed("a glob begins with its host, not with a scheme:", text);
  const auto slash = text.find('/');
  const auto host = text.substr(0, slash);
  if (slash == std::string_view::npos || !(looks_like_host(host) || canonical_registry(host) == "localhost"))
    return malformed(
        "a glob is a host and a path (docker.io/library/nginx, registry.example.com/**), or ** alone; "
        "neither is",
        text);
  TEGATA_CHECK(check_glob_host(host));
  TEGATA_CHECK(check_glob_path(text.substr(slash + 1)));
  glob.host_ = canonical_registry(host);
  glob.path_ = text.substr(slash + 1);
  // Docker Hub's short names: `docker.io/nginx` is `docker.io/library/nginx`.
  if (glob.host_ == "docker.io" && glob.path_.find_first_of("*/") == std::string::npos)
    glob.path_.insert(0, "library/");
  return glob;
}

bool ImageGlob::matches(const Repository& repository) const {
  return every_ || (host_matches(host_, repository.registry) && path_matches(path_, repository.path));
}

bool matches_any(const std::vector<ImageGlob>& globs, const Repository& repository) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(),
                                      [&](const ImageGlob& glob) { return glob.matches(repository); });
}

// On a mismatch only the last star is widened: what an earlier one could gain by being wider, the
// last one gains too. A star that would have to cross `stop` ends it, since no other can cross either.
bool wildcard_matches(std::string_view pattern, std::string_view text, char stop) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::optional<std::size_t> after_star;
  std::size_t star_end = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      after_star = ++p;
      star_end = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (after_star && (stop == '\0' || text[star_end] != stop)) {
      p = *after_star;
      t = ++star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

namespace {

/// `.` and `..` are removed when a URI is opened, and an empty segment is easily overlooked.
bool has_deceptive_segment(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  for (;;) {
    const auto slash = text.find('/');
    const auto segment = text.substr(0, slash);
    if (segment.empty() || segment == "." || segment == "..") return true;
    if (slash == std::string_view::npos) return false;
    text.remove_prefix(slash + 1);
  }
}

enum class At { Matched, Literal };
enum class Star { WithinSegment, Crossing };

bool star_takes(char c, Star star, At at) {
  if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) return false;
  if (c == '?' || c == '#' || c == '%' || c == '\\') return false;
  if (c == '@') return at == At::Matched;
  return star == Star::Crossing || c != '/';
}

/// `reached[i]`: the steps so far can match the first i characters.
void step_star(std::vector<char>& reached, std::string_view text, Star star, At at) {
  for (std::size_t i = 1; i <= text.size(); ++i)
    if (reached[i - 1] != 0 && star_takes(text[i - 1], star, at)) reached[i] = 1;
}

void step_character(std::vector<char>& reached, std::string_view text, char c) {
  for (std::size_t i = text.size(); i > 0; --i)
    reached[i] = static_cast<char>(reached[i - 1] != 0 && text[i - 1] == c);
  reached[0] = 0;
}

}  // namespace

Result<UriGlob> UriGlob::parse(std::string_view text) {
  if (text.empty()) return Error{ErrorCode::Malformed, "a glob must not be empty"};
  if (text.size() > limits::kGlob)
    return Error{ErrorCode::LimitExceeded, "a glob has at most " + std::to_string(limits::kGlob) + " bytes"};
  if (text.find("***") != std::string_view::npos)
    return Error{ErrorCode::Malformed, "more than two stars together"};
  return UriGlob(text);
}

bool UriGlob::matches(std::string_view text) const {
  if (is_exact()) return text == text_;
  if (text.size() > limits::kGlobbedText || has_deceptive_segment(text)) return false;
  const At at = text_.find('@') == std::string::npos ? At::Matched : At::Literal;
  std::vector<char> reached(text.size() + 1, 0);
  reached[0] = 1;
  for (std::string_view left = text_; !left.empty();) {
    const std::size_t length = left.starts_with("**") ? 2 : 1;
    if (left.front() == '*')
      step_star(reached, text, length == 2 ? Star::Crossing : Star::WithinSegment, at);
    else
      step_character(reached, text, left.front());
    left.remove_prefix(length);
  }
  return reached[text.size()] != 0;
}

// What the author wrote must be well formed by itself: `(` and `)` that only match each other
// through our brackets would otherwise slip out of the anchors.
Result<std::shared_ptr<const re2::RE2>> anchored_pattern(std::string_view text) {
  if (text.size() > limits::kPattern)
    return Error{ErrorCode::LimitExceeded,
                 "a regular expression has at most " + std::to_string(limits::kPattern) + " bytes"};
  re2::RE2::Options options;
  options.set_max_mem(limits::kPatternMemory);
  options.set_log_errors(false);
  const re2::RE2 as_written(re2::StringPiece(text.data(), text.size()), options);
  if (!as_written.ok()) return Error{ErrorCode::Malformed, as_written.error()};
  auto anchored = std::make_shared<const re2::RE2>("\\A(?:" + std::string(text) + ")\\z", options);
  if (!anchored->ok()) return Error{ErrorCode::Malformed, anchored->error()};
  return anchored;
}

bool matches_whole(const re2::RE2& anchored, std::string_view text) {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), anchored);
}

}  // namespace tegata::policy
