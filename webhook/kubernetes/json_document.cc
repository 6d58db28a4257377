// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/json_document.h"

#include <algorithm>
#include <array>
#include <string>
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

}  // namespace

Result<dom::element> JsonDocument::parse(std::string_view text) {
  if (text.size() > limits::kAdmissionBody)
    return Error{ErrorCode::LimitExceeded,
                 "larger than " + std::to_string(limits::kAdmissionBody) + " bytes"};
  // A parser keeps the memory of the largest text that it ever read, and there are many threads.
  thread_local dom::parser kept;
  dom::parser* parser = &kept;
  if (text.size() > limits::kKeptParser) {
    own_ = std::make_unique<dom::parser>();
    parser = own_.get();
  }
  dom::element root;
  const auto error = parser->parse(text.data(), text.size()).get(root);
  if (error != simdjson::SUCCESS)
    return Error{ErrorCode::Malformed, "not JSON: " + std::string(simdjson::error_message(error))};
  return root;
}

Status check_unambiguous(dom::element root) { return check(root, 0); }

}  // namespace tegata::webhook::kubernetes
