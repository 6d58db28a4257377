// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/json_document.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "policy/model/limits.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;

/// Objects with more members than this are sorted to find a key that stands twice; in smaller ones
/// comparing each with each is faster.
constexpr std::size_t kFewKeys = 24;

/// A key that stands twice, or an empty view with no data.
std::string_view key_twice(dom::object object) {
  std::array<std::string_view, kFewKeys> few;
  std::size_t count = 0;
  for (const auto field : object) {
    if (count == kFewKeys) break;
    for (std::size_t i = 0; i < count; ++i)
      if (few[i] == field.key) return field.key;
    few[count++] = field.key;
  }
  if (count < kFewKeys) return {};
  std::vector<std::string_view> keys;
  for (const auto field : object) keys.push_back(field.key);
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  return twice == keys.end() ? std::string_view() : *twice;
}

Status check(dom::element value, std::size_t depth) {
  const bool container = value.is_object() || value.is_array();
  if (!container) return done();
  if (depth == limits::kJsonDepth)
    return Error{ErrorCode::LimitExceeded,
                 "JSON nested deeper than " + std::to_string(limits::kJsonDepth) + " levels"};
  dom::object object;
  if (value.get(object) == simdjson::SUCCESS) {
    if (const auto key = key_twice(object); key.data() != nullptr)
      return Error{ErrorCode::Malformed,
                   "the key \"" + std::string(key) + "\" stands twice in one JSON object"};
    for (const auto field : object) TEGATA_CHECK(check(field.value, depth + 1));
    return done();
  }
  dom::array array;
  if (value.get(array) != simdjson::SUCCESS) return Error{ErrorCode::Internal, "neither object nor array"};
  for (const auto element : array) TEGATA_CHECK(check(element, depth + 1));
  return done();
}

/// Parsers keep their memory (about 14 bytes for each byte of the largest text), and making one for
/// each review costs more than a small review. Kept for all threads together, since there are many.
class KeptParsers {
 public:
  std::unique_ptr<dom::parser> take() {
    const std::lock_guard lock(mutex_);
    if (kept_.empty()) return nullptr;
    auto parser = std::move(kept_.back());
    kept_.pop_back();
    return parser;
  }
  void give(std::unique_ptr<dom::parser> parser) {
    const std::lock_guard lock(mutex_);
    if (kept_.size() < limits::kKeptParsers) kept_.push_back(std::move(parser));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<dom::parser>> kept_;
};

KeptParsers& kept_parsers() {
  // Never destroyed: a thread may still end a document while the process ends.
  static auto& kept = *new KeptParsers;
  return kept;
}

}  // namespace

JsonDocument::~JsonDocument() {
  if (parser_ == nullptr || largest_ > limits::kKeptParser) return;
  try {
    kept_parsers().give(std::move(parser_));
  } catch (const std::bad_alloc&) {  // then it is not kept
  }
}

Result<dom::element> JsonDocument::parse(std::string_view text) {
  if (text.size() > limits::kAdmissionBody)
    return Error{ErrorCode::LimitExceeded,
                 "larger than " + std::to_string(limits::kAdmissionBody) + " bytes"};
  // A large text gets a parser of its own: reading it would make a kept one grow.
  if (parser_ == nullptr && text.size() <= limits::kKeptParser) parser_ = kept_parsers().take();
  if (parser_ == nullptr) parser_ = std::make_unique<dom::parser>();
  largest_ = std::max(largest_, text.size());
  dom::element root;
  const auto error = parser_->parse(text.data(), text.size()).get(root);
  if (error != simdjson::SUCCESS)
    return Error{ErrorCode::Malformed, "not JSON: " + std::string(simdjson::error_message(error))};
  return root;
}

Status check_unambiguous(dom::element root) { return check(root, 0); }

}  // namespace tegata::webhook::kubernetes
