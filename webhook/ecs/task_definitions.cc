// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "policy/model/limits.h"
#include "webhook/config/read_file.h"
#include "webhook/ecs/task_definition.h"
#include "webhook/kubernetes/text_encoding.h"

namespace tegata::webhook::ecs {
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
    // nullopt < 1: what has a revision goes before what has none, and a higher one before a lower;
    // of two with the same, the one that says its account.
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
