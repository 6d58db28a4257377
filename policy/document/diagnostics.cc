// SPDX-License-Identifier: Apache-2.0
#include "policy/document/diagnostics.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kQuotedBytes = 80;
constexpr std::size_t kComparedBytes = 64;  // longer words are nobody's misspelling

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Levenshtein distance, upper and lower case being the same letter.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
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
  for (const auto& told : found_)
    if (told.mark.line == mark.line && told.mark.column == mark.column && told.mark.file == mark.file) return;
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

std::string quoted(std::string_view text) {
  std::string shown = "'";
  for (const char c : text.substr(0, kQuotedBytes)) shown += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
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
