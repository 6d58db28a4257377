// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/json.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/model/limits.h"
#include "webhook/kubernetes/text.h"
#include "webhook/out_of_memory.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;

/// Objects with more members than this are sorted to find a duplicate key; for smaller ones,
/// comparing all pairs is faster.
constexpr std::size_t kFewKeys = 24;

/// As SeenKeys, by sorting.
std::optional<std::string_view> key_twice_of_many(dom::object object) {
  std::vector<std::string_view> keys;
  for (const auto field : object) keys.push_back(field.key);
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  return twice == keys.end() ? std::nullopt : std::optional(*twice);
}

/// Whether a key was seen before. Most keys differ in their length or their first or last letter, which one
/// bit of a word stands for: only keys that share a bit are compared.
class SeenKeys {
 public:
  bool add(std::string_view key) {
    const auto bit = std::uint64_t{1} << (mix(key) % 64);
    if ((bits_ & bit) != 0 && contains(key)) return true;
    bits_ |= bit;
    bytes_[count_] = key.data();
    sizes_[count_++] = key.size();
    return false;
  }
  [[nodiscard]] bool full() const noexcept { return count_ == kFewKeys; }

 private:
  static std::size_t mix(std::string_view key) {
    if (key.empty()) return 0;
    return key.size() * 7 + static_cast<unsigned char>(key.front()) * 5 +
           static_cast<unsigned char>(key.back());
  }
  [[nodiscard]] bool contains(std::string_view key) const {
    for (std::size_t i = 0; i < count_; ++i)
      if (key == std::string_view(bytes_[i], sizes_[i])) return true;
    return false;
  }
  // Written before they are read: there is one of these for each object of a review.
  std::array<const char*, kFewKeys> bytes_;
  std::array<std::size_t, kFewKeys> sizes_;
  std::size_t count_ = 0;
  std::uint64_t bits_ = 0;
};

/// Goes through a document once, in its order, until something is wrong with it.
class AmbiguityCheck {
 public:
  [[nodiscard]] Status of(dom::element root) {
    look_into(root, 0);
    return error_ ? Status(*std::move(error_)) : done();
  }

 private:
  /// These three: false if something is wrong.
  bool look_into(dom::element value, std::size_t depth) {
    const auto type = value.type();
    if (type != dom::element_type::OBJECT && type != dom::element_type::ARRAY) return true;
    if (depth == limits::kJsonDepth)
      return fail(ErrorCode::LimitExceeded,
                  "JSON nested deeper than " + std::to_string(limits::kJsonDepth) + " levels");
    dom::object object;
    if (value.get(object) == simdjson::SUCCESS) return look_into_members(object, depth + 1);
    dom::array array;
    if (value.get(array) != simdjson::SUCCESS) return fail(ErrorCode::Internal, "neither object nor array");
    for (const auto element : array)
      if (!look_into(element, depth + 1)) return false;
    return true;
  }

  bool look_into_members(dom::object object, std::size_t depth) {
    SeenKeys seen;
    bool sorted = false;
    for (const auto field : object) {
      if (!sorted && seen.full()) {
        if (const auto key = key_twice_of_many(object)) return twice(*key);
        sorted = true;
      }
      if (!sorted && seen.add(field.key)) return twice(field.key);
      if (!look_into(field.value, depth)) return false;
    }
    return true;
  }

  bool twice(std::string_view key) {
    return fail(ErrorCode::Malformed,
                "the key \"" + std::string(key) + "\" appears twice in one JSON object");
  }

  bool fail(ErrorCode code, std::string message) {
    error_ = Error{code, std::move(message)};
    return false;
  }

  std::optional<Error> error_;
};

/// Parsers keep their memory (about 14 bytes for each byte of the largest text), and making one for
/// each review costs more than a small review. All threads share the kept ones, since there are many threads.
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

/// Shares out limits::kParsing. Without contention, it takes no lock.
class ParsingMemory {
 public:
  /// False: not free within limits::kParsingWait.
  bool take(std::size_t bytes) {
    if (try_take(bytes)) return true;
    std::unique_lock lock(mutex_);
    ++waiting_;
    const bool taken = freed_.wait_for(lock, limits::kParsingWait, [&] { return try_take(bytes); });
    --waiting_;
    return taken;
  }
  void give(std::size_t bytes) {
    used_ -= bytes;
    if (waiting_ == 0) return;
    const std::lock_guard lock(mutex_);
    freed_.notify_all();
  }

 private:
  bool try_take(std::size_t bytes) {
    auto used = used_.load();
    while (used + bytes <= limits::kParsing)
      if (used_.compare_exchange_weak(used, used + bytes)) return true;
    return false;
  }
  std::atomic<std::size_t> used_ = 0;
  std::atomic<std::size_t> waiting_ = 0;
  std::mutex mutex_;
  std::condition_variable freed_;
};

ParsingMemory& parsing_memory() {
  static auto& memory = *new ParsingMemory;  // never destroyed, as kept_parsers()
  return memory;
}

constexpr std::size_t kBytesPerByte = 14;   // of any text: the tape, the strings and the index of simdjson
constexpr std::size_t kBytesPerToken = 32;  // of these, what does not grow with strings

KeptParsers& kept_parsers() {
  // Never destroyed: a thread may still destroy a JsonDocument while the process exits.
  static auto& kept = *new KeptParsers;
  return kept;
}

}  // namespace

std::size_t end_of_string(std::string_view json, std::size_t begin) {
  auto end = begin + 1;
  while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
  return end + 1;
}

Result<std::size_t> parsing_cost(std::string_view text) {
  if (text.size() <= limits::kKeptParser) return kBytesPerByte * text.size();
  std::size_t tokens = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    at = c == '"' ? end_of_string(text, at) : at + 1;
    if (c == ',' || c == ':' || c == '[' || c == '{') ++tokens;
  }
  if (tokens > limits::kReviewTokens)
    return Error{ErrorCode::LimitExceeded,
                 "more than " + std::to_string(limits::kReviewTokens) + " values, keys and lists"};
  return std::min(kBytesPerByte * text.size(), text.size() + kBytesPerToken * tokens);
}

JsonDocument::~JsonDocument() {
  if (parser_ != nullptr && largest_ <= limits::kKeptParser) try {
      kept_parsers().give(std::move(parser_));
    } catch (const std::bad_alloc&) {  // then the parser is not kept
    }
  parser_.reset();
  if (reserved_ > 0) parsing_memory().give(reserved_);
}

Status JsonDocument::reserve(std::string_view text) {
  TEGATA_TRY(const auto cost, parsing_cost(text));
  if (reserved_ > 0) parsing_memory().give(std::exchange(reserved_, 0));
  if (!parsing_memory().take(cost))
    return Error{ErrorCode::RateLimited, "too many large documents are being parsed"};
  reserved_ = cost;
  return done();
}

Result<dom::element> JsonDocument::parse(std::string_view text) {
  if (text.size() > limits::kAdmissionBody)
    return Error{ErrorCode::LimitExceeded,
                 "larger than " + std::to_string(limits::kAdmissionBody) + " bytes"};
  if (of_ == Of::Review) TEGATA_CHECK(reserve(text));
  // A large text gets a separate parser: reading it would make a kept one grow.
  if (parser_ == nullptr && text.size() <= limits::kKeptParser) parser_ = kept_parsers().take();
  if (parser_ == nullptr) parser_ = std::make_unique<dom::parser>();
  largest_ = std::max(largest_, text.size());
  dom::element root;
  const OutOfMemory::Expendable expendable;
  const auto error = parser_->parse(text.data(), text.size()).get(root);
  if (error == simdjson::MEMALLOC) {
    parser_.reset();  // a part of it may have been allocated, and it would not see what is missing
    return Error{ErrorCode::RateLimited, "no memory to parse it"};
  }
  if (error != simdjson::SUCCESS)
    return Error{ErrorCode::Malformed, "not JSON: " + std::string(simdjson::error_message(error))};
  return root;
}

Status check_unambiguous(dom::element root) { return AmbiguityCheck().of(root); }

namespace {

using Member = std::pair<std::string_view, dom::element>;

std::vector<Member> sorted(dom::object object) {
  std::vector<Member> members;
  for (const auto field : object) members.emplace_back(field.key, field.value);
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.first < b.first; });
  return members;
}

template <typename T>
bool same_as(dom::element a, dom::element b) {
  T left;
  T right;
  return a.get(left) == simdjson::SUCCESS && b.get(right) == simdjson::SUCCESS && left == right;
}

bool same_array(dom::element a, dom::element b) {
  dom::array left;
  dom::array right;
  if (a.get(left) != simdjson::SUCCESS || b.get(right) != simdjson::SUCCESS) return false;
  auto other = right.begin();
  for (const auto element : left) {
    if (!(other != right.end()) || !same_json(element, *other)) return false;
    ++other;
  }
  return !(other != right.end());
}

}  // namespace

bool same_json(dom::object a, dom::object b) {
  const auto left = sorted(a);
  const auto right = sorted(b);
  return std::equal(
      left.begin(), left.end(), right.begin(), right.end(),
      [](const Member& x, const Member& y) { return x.first == y.first && same_json(x.second, y.second); });
}

bool same_json(dom::element a, dom::element b) {
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case dom::element_type::ARRAY:
      return same_array(a, b);
    case dom::element_type::OBJECT: {
      dom::object left;
      dom::object right;
      return a.get(left) == simdjson::SUCCESS && b.get(right) == simdjson::SUCCESS && same_json(left, right);
    }
    case dom::element_type::INT64:
      return same_as<std::int64_t>(a, b);
    case dom::element_type::UINT64:
      return same_as<std::uint64_t>(a, b);
    case dom::element_type::DOUBLE:
      return same_as<double>(a, b);
    case dom::element_type::STRING:
      return same_as<std::string_view>(a, b);
    case dom::element_type::BOOL:
      return same_as<bool>(a, b);
    case dom::element_type::NULL_VALUE:
      return true;
  }
  return false;
}

namespace {

namespace dom = simdjson::dom;

template <typename T>
Result<std::optional<T>> typed_member(dom::object object, std::string_view key, std::string_view path,
                                      std::string_view expected) {
  const auto value = member(object, key);
  if (!value) return std::optional<T>();
  T typed;
  if (value->get(typed) != simdjson::SUCCESS)
    return Error{ErrorCode::Malformed, joined(path, key) + " must be " + std::string(expected)};
  return std::optional<T>(typed);
}

}  // namespace

std::optional<dom::element> member(dom::object object, std::string_view key) {
  dom::element value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

Result<std::optional<std::string_view>> string_member(dom::object object, std::string_view key,
                                                      std::string_view path) {
  return typed_member<std::string_view>(object, key, path, "a string");
}
Result<std::optional<dom::object>> object_member(dom::object object, std::string_view key,
                                                 std::string_view path) {
  return typed_member<dom::object>(object, key, path, "an object");
}
Result<std::optional<dom::array>> array_member(dom::object object, std::string_view key,
                                               std::string_view path) {
  return typed_member<dom::array>(object, key, path, "a list");
}
Result<std::optional<bool>> bool_member(dom::object object, std::string_view key, std::string_view path) {
  return typed_member<bool>(object, key, path, "true or false");
}

std::string joined(std::string_view path, std::string_view key) {
  if (path.empty()) return std::string(key);
  return std::string(path) + "." + std::string(key);
}

Result<std::string> name_member(simdjson::dom::object object, std::string_view key, std::string_view path) {
  TEGATA_TRY(const auto name, string_member(object, key, path));
  if (name && !is_plain(*name))
    return Error{ErrorCode::Malformed, joined(path, key) + " has control characters in it"};
  return std::string(name.value_or(""));
}

}  // namespace tegata::webhook::kubernetes
