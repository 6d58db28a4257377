// SPDX-License-Identifier: Apache-2.0
#include "webhook/ecs/arn.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "policy/model/printable.h"

namespace tegata::webhook::ecs {
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
