// SPDX-License-Identifier: Apache-2.0
#include "webhook/ecs/task_definition.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "policy/model/limits.h"
#include "verifier/json/strict_json.h"
#include "webhook/config/read_file.h"
#include "webhook/ecs/names.h"
#include "webhook/kubernetes/text.h"

namespace tegata::webhook::ecs {
namespace {

using nlohmann::json;
using verifier::member;
using verifier::string_member;

Result<ImageReference> reference_of(const std::string& text) {
  if (text.empty()) return Error::malformed("no image is named");
  return ImageReference::parse(text);
}

/// The list, or an empty one if it is absent or null.
Result<const json::array_t*> list_member(const json& object, std::string_view key, std::string_view path) {
  static const json::array_t kNone;
  const auto* list = member(object, key);
  if (list == nullptr) return &kNone;
  if (!list->is_array()) return Error::malformed(std::string(path) + " must be a list");
  return list->get_ptr<const json::array_t*>();
}

Status add_environment(TaskDefinition& definition, const json& container, const std::string& name,
                       const std::string& path, const ValueHasher& hasher) {
  auto& all = definition.environment;
  const auto room = [&](std::size_t more) { return all.size() + more <= limits::kEnvironmentVariables; };
  TEGATA_TRY(const auto* variables, list_member(container, "environment", path + ".environment"));
  TEGATA_TRY(const auto* secrets, list_member(container, "secrets", path + ".secrets"));
  if (!room(variables->size() + secrets->size()))
    return Error{ErrorCode::LimitExceeded, "more than " + std::to_string(limits::kEnvironmentVariables) +
                                               " environment variables in one task definition"};
  for (const auto& variable : *variables) {
    if (!variable.is_object()) return Error::malformed(path + ".environment[] must be an object");
    TEGATA_TRY(const auto key, string_member(variable, "name"));
    TEGATA_TRY(const auto value, string_member(variable, "value"));
    all.push_back(kubernetes::literal_variable(name, key.value_or(""), value.value_or(""), hasher));
  }
  for (const auto& secret : *secrets) {
    if (!secret.is_object()) return Error::malformed(path + ".secrets[] must be an object");
    TEGATA_TRY(const auto key, string_member(secret, "name"));
    all.push_back({name, key.value_or(""), ValueClass::Reference, {}});
  }
  return done();
}

Status add_containers(TaskDefinition& definition, const json& document, const ValueHasher& hasher) {
  const auto* containers = member(document, "containerDefinitions");
  if (containers == nullptr || !containers->is_array())
    return Error::malformed("containerDefinitions must be a list");
  if (containers->size() > limits::kImagesPerRequest)
    return Error{ErrorCode::LimitExceeded,
                 "more than " + std::to_string(limits::kImagesPerRequest) + " images in one task definition"};
  for (std::size_t i = 0; i < containers->size(); ++i) {
    const auto& container = (*containers)[i];
    const auto path = "containerDefinitions[" + std::to_string(i) + "]";
    if (!container.is_object()) return Error::malformed(path + " must be an object");
    TEGATA_TRY(const auto name, name_member(container, "name"));
    TEGATA_TRY(const auto image, string_member(container, "image"));
    definition.images.push_back({path + ".image", name, ContainerKind::Container, image.value_or(""),
                                 reference_of(image.value_or("")), false});
    TEGATA_CHECK(add_environment(definition, container, name, path, hasher));
  }
  return done();
}

/// The name in the document: its ARN if there is one, otherwise family and revision.
Result<TaskDefinitionName> name_of_document(const json& document) {
  TEGATA_TRY(const auto arn, name_member(document, "taskDefinitionArn"));
  TEGATA_TRY(const auto family, name_member(document, "family"));
  TEGATA_TRY(const auto revision, verifier::size_member(document, "revision"));
  if (arn.empty() && family.empty())
    return Error::malformed("the task definition has neither family nor taskDefinitionArn");
  const auto written = arn.empty() ? family + (revision ? ":" + std::to_string(*revision) : "") : arn;
  TEGATA_TRY(auto name, TaskDefinitionName::parse(written));
  const bool other_family = !family.empty() && family != name.family;
  const bool other_revision =
      revision && (!name.revision || *revision != static_cast<std::uint64_t>(*name.revision));
  if (other_family || other_revision)
    return Error::malformed("family or revision does not match its taskDefinitionArn");
  return name;
}

}  // namespace

bool is_task_definition(const json& document) {
  const auto* inner = member(document, "taskDefinition");
  return member(inner != nullptr ? *inner : document, "containerDefinitions") != nullptr;
}

Result<TaskDefinition> TaskDefinition::read(const json& document, const ValueHasher& hasher) {
  const auto* inner = member(document, "taskDefinition");
  const auto& body = inner != nullptr ? *inner : document;
  if (!body.is_object()) return Error::malformed("a task definition is an object");
  TaskDefinition definition;
  TEGATA_TRY(definition.name, name_of_document(body));
  TEGATA_TRY(const auto status, string_member(body, "status"));
  definition.active = status.value_or("ACTIVE") != "INACTIVE";
  TEGATA_CHECK(add_containers(definition, body, hasher));
  return definition;
}

Result<TaskDefinition> TaskDefinition::parse(std::string_view text, const ValueHasher& hasher) {
  if (text.size() > limits::kInputFile)
    return Error{ErrorCode::LimitExceeded, "larger than " + std::to_string(limits::kInputFile) + " bytes"};
  TEGATA_TRY(const auto document, verifier::parse_strict_json(text));
  return read(document, hasher);
}

DeploymentRequest TaskDefinition::request() const {
  DeploymentRequest request;
  request.platform = Platform::Ecs;
  request.account = name.account;
  request.region = name.region;
  request.operation = "RegisterTaskDefinition";
  request.kind = "TaskDefinition";
  request.name = name.family;
  request.images = images;
  request.environment = environment;
  return request;
}

namespace {

namespace fs = std::filesystem;

auto identity(const TaskDefinition& definition) {
  const auto& name = definition.name;
  return std::tie(name.account, name.region, name.family, name.revision);
}

Result<std::vector<fs::path>> json_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() != ".json") continue;
    if (files.size() == limits::kTaskDefinitionFiles)
      return Error{ErrorCode::LimitExceeded, folder.string() + " has more than " +
                                                 std::to_string(limits::kTaskDefinitionFiles) + " files"};
    files.push_back(entry->path());
  }
  if (error)
    return Error{ErrorCode::Misconfigured, folder.string() + " could not be read: " + error.message()};
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Status TaskDefinitions::add(TaskDefinition definition) {
  const auto same = [&](const TaskDefinition& other) { return identity(other) == identity(definition); };
  if (std::any_of(all_.begin(), all_.end(), same))
    return Error{ErrorCode::Malformed, "the task definition " + definition.name.text() + " is given twice"};
  all_.push_back(std::move(definition));
  return done();
}

Result<const TaskDefinition*> TaskDefinitions::find(const TaskDefinitionName& name, std::string_view account,
                                                    std::string_view region) const {
  const auto in_account = name.account.empty() ? account : std::string_view(name.account);
  const auto in_region = name.region.empty() ? region : std::string_view(name.region);
  const TaskDefinition* found = nullptr;
  for (const auto& candidate : all_) {
    const auto& its = candidate.name;
    if (its.family != name.family) continue;
    if (!its.account.empty() && (its.account != in_account || its.region != in_region)) continue;
    if (name.revision ? its.revision != name.revision : !candidate.active) continue;
    // nullopt < 1: a definition with a revision ranks above one without, and a higher revision above a lower;
    // of two with the same revision, the one with an account.
    const auto rank = [](const TaskDefinition& d) {
      return std::tuple(d.name.revision, !d.name.account.empty());
    };
    if (found == nullptr || rank(*found) < rank(candidate)) found = &candidate;
  }
  if (found != nullptr) return found;
  return Error{ErrorCode::NotFound, "the task definition " + name.text() + " of account " +
                                        std::string(in_account) + " in " + std::string(in_region) +
                                        " is not among those of --task-definitions"};
}

Result<TaskDefinitions> read_task_definitions(const fs::path& folder, const ValueHasher& hasher) {
  TaskDefinitions definitions;
  TEGATA_TRY(const auto files, json_files(folder));
  for (const auto& file : files) {
    TEGATA_TRY(const auto bytes, read_file(file.string(), limits::kInputFile));
    const auto text = kubernetes::utf8_text(bytes);
    if (!text.ok()) return text.error().in(file.string());
    auto definition = TaskDefinition::parse(*text, hasher);
    if (!definition.ok()) return definition.error().in(file.string());
    if (const auto added = definitions.add(*std::move(definition)); !added.ok())
      return added.error().in(file.string());
  }
  return definitions;
}

}  // namespace tegata::webhook::ecs
