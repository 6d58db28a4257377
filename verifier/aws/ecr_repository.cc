// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/ecr_repository.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/json/json_text.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using Setting = TagMutability::Setting;

Error not_about(std::string_view what) {
  return Error::unexpected("ECR DescribeRepositories: " + std::string(what));
}

std::string text_of_member(const nlohmann::json& object, std::string_view name) {
  auto text = string_member(object, name);
  return text.ok() && *text ? **std::move(text) : std::string();
}

Result<std::vector<std::string>> read_filters(const nlohmann::json& repository) {
  std::vector<std::string> filters;
  const auto* listed = member(repository, "imageTagMutabilityExclusionFilters");
  if (listed == nullptr) return filters;
  if (!listed->is_array() || listed->size() > limits::kTagFilters)
    return not_about("its exclusion filters are no list, or too many");
  for (const auto& each : *listed) {
    auto filter = text_of_member(each, "filter");
    if (text_of_member(each, "filterType") != "WILDCARD" || filter.empty() || filter.size() > limits::kTag)
      return not_about("an exclusion filter of a form that this version does not know");
    filters.push_back(std::move(filter));
  }
  return filters;
}

}  // namespace

AwsCall describe_repository(const EcrRegistry& registry, const std::string& name) {
  const auto names = JsonText::list(std::vector<std::string>{name});
  return {AwsService::Ecr,
          "DescribeRepositories",
          JsonText({{"registryId", registry.account}, {"repositoryNames", names}}).text(),
          registry.region,
          registry.account,
          limits::kSmallDocument};
}

Result<TagMutability> read_tag_mutability(std::string_view text, const EcrRegistry& registry,
                                          const std::string& name) {
  const auto answer = parse_strict_json(text);
  const auto* repositories = answer.ok() ? member(*answer, "repositories") : nullptr;
  if (repositories == nullptr || !repositories->is_array() || repositories->size() != 1)
    return not_about("the answer does not describe one repository");
  const auto& repository = repositories->front();
  if (text_of_member(repository, "registryId") != registry.account ||
      text_of_member(repository, "repositoryName") != name)
    return not_about("the answer is about another repository");
  const auto setting = text_of_member(repository, "imageTagMutability");
  const bool excludes = setting.ends_with("_WITH_EXCLUSION");
  TagMutability found;
  TEGATA_TRY(found.except, read_filters(repository));
  if (excludes == found.except.empty())
    return not_about("its setting and its exclusion filters contradict each other");
  if (setting == "IMMUTABLE" || setting == "IMMUTABLE_WITH_EXCLUSION")
    found.setting = Setting::Immutable;
  else if (setting == "MUTABLE" || setting == "MUTABLE_WITH_EXCLUSION")
    found.setting = Setting::Mutable;
  else
    return not_about("an unknown imageTagMutability: " + tegata::quoted(setting, 40));
  return found;
}

}  // namespace tegata::verifier
