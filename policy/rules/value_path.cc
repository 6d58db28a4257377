// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/value_path.h"

#include <optional>

#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kIndexDigits = 6;
constexpr std::size_t kSteps = limits::kJsonDepth;

bool is_name_character(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '.' && c != '[' && c != ']' && c != '"';
}

/// Takes a path apart, from its first byte to its last.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return at_ == text_.size(); }
  [[nodiscard]] bool at_bracket() const { return !done() && text_[at_] == '['; }
  /// Passes over that character if it is the next.
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::optional<std::string> name() {
    const auto start = at_;
    while (!done() && is_name_character(text_[at_])) ++at_;
    if (at_ == start) return std::nullopt;
    return std::string(text_.substr(start, at_ - start));
  }
  std::optional<std::size_t> index() {
    const auto start = at_;
    std::size_t number = 0;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - start < kIndexDigits)
      number = number * 10 + static_cast<std::size_t>(text_[at_++] - '0');
    const bool leading_zero = at_ - start > 1 && text_[start] == '0';
    if (at_ == start || leading_zero) return std::nullopt;
    return number;
  }
  std::optional<std::string> quoted_name() {
    std::string name;
    if (!take('"')) return std::nullopt;
    while (!done() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      name += text_[at_++];
    }
    if (!take('"')) return std::nullopt;
    return name;
  }
  [[nodiscard]] Error expected(std::string_view what) const {
    return {ErrorCode::Malformed, "expected " + std::string(what) + " at byte " + std::to_string(at_ + 1)};
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

using PathStep = std::variant<std::string, std::size_t>;

Result<PathStep> bracketed(PathReader& reader) {
  reader.take('[');
  std::optional<PathStep> step;
  if (auto name = reader.quoted_name())
    step = *std::move(name);
  else if (const auto index = reader.index())
    step = *index;
  if (!step) return reader.expected("an index or a key in double quotes");
  if (!reader.take(']')) return reader.expected("']'");
  return *std::move(step);
}

Result<PathStep> next_step(PathReader& reader, bool first) {
  if (reader.at_bracket()) return bracketed(reader);
  if (!first && !reader.take('.')) return reader.expected("'.' or '['");
  auto name = reader.name();
  if (!name) return reader.expected("a name");
  return PathStep(*std::move(name));
}

}  // namespace

Result<ValuePath> ValuePath::parse(std::string_view text) {
  if (text.size() > limits::kPolicyText)
    return Error{ErrorCode::LimitExceeded,
                 "a path has at most " + std::to_string(limits::kPolicyText) + " bytes"};
  ValuePath path;
  path.text_ = text;
  if (text == ".") return path;
  PathReader reader(text);
  do {
    TEGATA_TRY(auto step, next_step(reader, path.steps_.empty()));
    path.steps_.push_back(std::move(step));
    if (path.steps_.size() > kSteps)
      return Error{ErrorCode::LimitExceeded, "a path has at most " + std::to_string(kSteps) + " steps"};
  } while (!reader.done());
  return path;
}

const Value* ValuePath::find(const Value& value) const noexcept {
  const Value* at = &value;
  for (const auto& step : steps_) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      const auto* object = std::get_if<Value::Object>(&at->of);
      if (object == nullptr) return nullptr;
      const auto member = object->find(*name);
      if (member == object->end()) return nullptr;
      at = &member->second;
    } else {
      const auto* array = std::get_if<Value::Array>(&at->of);
      const auto index = *std::get_if<std::size_t>(&step);
      if (array == nullptr || index >= array->size()) return nullptr;
      at = &(*array)[index];
    }
  }
  return at;
}

}  // namespace tegata::policy
