// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/aws/ecr_repository.h"
#include "verifier/evidence/fact_record.h"
#include "verifier/evidence/facts/makers.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using Setting = TagMutability::Setting;
using SharedMutability = std::shared_ptr<const TagMutability>;

constexpr std::pair<std::string_view, Setting> kSettings[] = {
    {"mutable", Setting::Mutable}, {"immutable", Setting::Immutable}, {"notOffered", Setting::NotOffered}};

FactOf<TagMutabilityKind> known(TagMutability found) {
  return Known<SharedMutability>{std::make_shared<const TagMutability>(std::move(found))};
}

FactOf<TagMutabilityKind> mutability_in(AwsOutcome outcome, const EcrRegistry& registry,
                                        const std::string& name) {
  if (auto* failure = std::get_if<AwsFailure>(&outcome)) {
    if (failure->code == "RepositoryNotFoundException") return Absent{};
    return Unknown{error_of_login(std::move(failure->error))};
  }
  auto read = read_tag_mutability(std::get<std::string>(outcome), registry, name);
  if (!read.ok()) return Unknown{std::move(read).error()};
  return known(*std::move(read));
}

}  // namespace

void TagMutabilityMaker::fetch(const FactKey<TagMutabilityKind>& key, const FetchContext& context,
                               Done done) const {
  const auto& repository = key.subject.repository;
  const auto registry = ecr_registry_of(repository.registry);
  if (!registry) return done(known({}));
  if (settings_.aws == nullptr) return done(Unknown{{ErrorCode::Internal, "there is no client for AWS"}});
  settings_.aws->call(describe_repository(*registry, repository.path), context.terms,
                      [done = std::move(done), registry = *registry, name = repository.path](
                          AwsOutcome outcome) { done(mutability_in(std::move(outcome), registry, name)); });
}

std::optional<TagMutabilityMaker::Duration> TagMutabilityMaker::lifetime(
    const FactKey<TagMutabilityKind>&, const FactOf<TagMutabilityKind>& fact, FetchCost) const {
  return std::holds_alternative<Absent>(fact) ? settings_.absent_lifetime : settings_.tag_mutability_lifetime;
}

std::size_t TagMutabilityMaker::weight(const TagMutability& mutability) const {
  auto bytes = sizeof mutability;
  for (const auto& filter : mutability.except) bytes += sizeof filter + filter.capacity();
  return bytes;
}

std::string TagMutabilityMaker::write(const TagMutability& mutability, const Evidence&) const {
  std::string_view name;
  for (const auto& [word, setting] : kSettings)
    if (setting == mutability.setting) name = word;
  auto except = json::array();
  for (const auto& filter : mutability.except) except.push_back(valid_utf8(filter));
  return compact({{"except", std::move(except)}, {"setting", name}});
}

Result<Readback<TagMutabilityKind>> TagMutabilityMaker::read(const json& recorded) const {
  const auto name = string_member(recorded, "setting");
  const auto* except = member(recorded, "except");
  if (!name.ok() || !*name || except == nullptr || !except->is_array())
    return Error::malformed("recorded facts: tagMutability without its setting");
  for (const auto& [word, setting] : kSettings) {
    if (word != **name) continue;
    TagMutability mutability{setting};
    for (const auto& filter : *except) {
      if (!filter.is_string()) return Error::malformed("recorded facts: a filter must be a string");
      mutability.except.push_back(filter.get<std::string>());
    }
    return Readback<TagMutabilityKind>(std::make_shared<const TagMutability>(std::move(mutability)));
  }
  return Error::malformed("recorded facts: an unknown setting of tagMutability");
}

}  // namespace tegata::verifier
