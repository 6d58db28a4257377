// SPDX-License-Identifier: Apache-2.0
#include "webhook/ecs/names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "policy/model/printable.h"
#include "verifier/json/strict_json.h"
#include "webhook/kubernetes/text.h"

namespace tegata::webhook::ecs {
namespace {

Error not_plain(std::string_view what, std::string_view text) {
  return {ErrorCode::Malformed, std::string(what) + " has control characters in it: " + tegata::quoted(text)};
}

}  // namespace

Result<std::string> name_member(const nlohmann::json& object, std::string_view key) {
  TEGATA_TRY(const auto name, verifier::string_member(object, key));
  if (name && !kubernetes::is_plain(*name)) return not_plain(key, *name);
  return name.value_or("");
}

Status check_names(const nlohmann::json& value, std::string_view what) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (!kubernetes::is_plain(text)) return not_plain(what, text);
  }
  if (value.is_array())
    for (const auto& element : value) TEGATA_CHECK(check_names(element, what));
  if (value.is_object())
    for (const auto& [key, element] : value.items()) {
      if (!kubernetes::is_plain(key)) return not_plain(what, key);
      TEGATA_CHECK(check_names(element, what));
    }
  return done();
}

namespace {

constexpr std::size_t kFamily = 255;

bool is_family(std::string_view text) {
  return !text.empty() && text.size() <= kFamily && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::optional<std::int32_t> revision_of(std::string_view text) {
  std::int32_t revision = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (error != std::errc() || end != text.data() + text.size() || revision < 1) return std::nullopt;
  return revision;
}

Error not_a_name(std::string_view text, std::string_view why) {
  return {ErrorCode::Malformed, tegata::quoted(text) + " names no task definition: " + std::string(why)};
}

}  // namespace

std::optional<Arn> Arn::parse(std::string_view text) {
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i < 5; ++i) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    parts[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (parts[0] != "arn" || parts[1].empty() || parts[2].empty() || text.empty()) return std::nullopt;
  return Arn{std::string(parts[1]), std::string(parts[2]), std::string(parts[3]), std::string(parts[4]),
             std::string(text)};
}

bool is_account(std::string_view text) noexcept {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string last_name(std::string_view name_or_arn) {
  const auto arn = Arn::parse(name_or_arn);
  if (!arn) return std::string(name_or_arn);
  return arn->resource.substr(arn->resource.rfind('/') + 1);
}

std::string TaskDefinitionName::text() const {
  return revision ? family + ":" + std::to_string(*revision) : family;
}

Result<TaskDefinitionName> TaskDefinitionName::parse(std::string_view text) {
  constexpr std::string_view kResource = "task-definition/";
  TaskDefinitionName name;
  std::string short_name(text);
  if (text.starts_with("arn:")) {
    const auto arn = Arn::parse(text);
    if (!arn || arn->service != "ecs" || !arn->resource.starts_with(kResource))
      return not_a_name(text, "its ARN is of something else");
    name.account = arn->account;
    name.region = arn->region;
    short_name = arn->resource.substr(kResource.size());
  }
  const auto colon = short_name.find(':');
  name.family = short_name.substr(0, colon);
  if (!is_family(name.family))
    return not_a_name(text, "a family is 1 to 255 letters, digits, hyphens and underscores");
  if (colon == std::string::npos) return name;
  name.revision = revision_of(std::string_view(short_name).substr(colon + 1));
  if (!name.revision) return not_a_name(text, "a revision is a number from 1 to 2147483647");
  return name;
}

}  // namespace tegata::webhook::ecs
