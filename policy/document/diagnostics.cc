// SPDX-License-Identifier: Apache-2.0
#include "policy/document/diagnostics.h"

#include <algorithm>
#include <tuple>

#include "policy/document/read_yaml.h"
#include "policy/model/ascii.h"
#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kQuotedBytes = 80;
constexpr std::size_t kComparedBytes = 64;  // longer words are not compared

/// How many letters were left out, added, changed or swapped with their neighbour (optimal string
/// alignment). Upper and lower case are the same letter.
std::size_t edits_between(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> cost((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return cost[i * width + j]; };
  const auto same = [&](std::size_t i, std::size_t j) {
    return ascii_lower(a[i - 1]) == ascii_lower(b[j - 1]);
  };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i, 0) = i;
  for (std::size_t j = 0; j <= b.size(); ++j) at(0, j) = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      at(i, j) = std::min({at(i - 1, j - 1) + (same(i, j) ? 0 : 1), at(i - 1, j) + 1, at(i, j - 1) + 1});
      if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j))
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(a.size(), b.size());
}

}  // namespace

std::string Diagnostic::text() const {
  if (mark.file.empty()) return message;
  return mark.file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column) + ": " + message;
}

void Diagnostics::add(SourceMark mark, std::string message) {
  if (!full()) found_.push_back({std::move(mark), std::move(message)});
}

void Diagnostics::add_if_new(SourceMark mark, std::string message) {
  for (const auto& known : found_)
    if (known.mark.line == mark.line && known.mark.column == mark.column && known.mark.file == mark.file)
      return;
  add(std::move(mark), std::move(message));
}

bool Diagnostics::full() const noexcept { return found_.size() >= limits::kPolicyErrors; }

std::vector<Diagnostic> Diagnostics::sorted() && {
  std::vector<std::string> files;
  for (const auto& diagnostic : found_)
    if (std::find(files.begin(), files.end(), diagnostic.mark.file) == files.end())
      files.push_back(diagnostic.mark.file);
  const auto place = [&](const Diagnostic& d) {
    return std::tuple(std::find(files.begin(), files.end(), d.mark.file) - files.begin(), d.mark.line,
                      d.mark.column);
  };
  std::stable_sort(found_.begin(), found_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  return std::move(found_);
}

std::string in_quotes(std::string_view text) {
  const bool is_plain = !find_forbidden(text);
  std::string shown = "'";
  for (const char c : text.substr(0, kQuotedBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 || byte == 0x7F ? ' ' : byte >= 0x80 && !is_plain ? '?' : c;
  }
  if (text.size() > kQuotedBytes) {
    // Never half a UTF-8 character.
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xC0) == 0x80) shown.pop_back();
    if (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0x80) != 0) shown.pop_back();
    shown += "…";
  }
  return shown + "'";
}

std::string one_of(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string did_you_mean(std::string_view found, const std::vector<std::string_view>& known) {
  if (found.empty() || found.size() > kComparedBytes) return {};
  std::size_t best = 3;
  std::string_view nearest;
  for (const auto word : known) {
    const auto edits = edits_between(found, word);
    if (edits < best && edits * 2 < std::max(found.size(), word.size())) {
      best = edits;
      nearest = word;
    }
  }
  if (nearest.empty()) return {};
  return "; did you mean '" + std::string(nearest) + "'?";
}

}  // namespace tegata::policy
