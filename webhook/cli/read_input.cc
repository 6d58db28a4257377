// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/read_input.h"

#include <algorithm>
#include <filesystem>
#include <istream>
#include <ostream>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "webhook/config/read_file.h"
#include "webhook/ecs/call_record.h"
#include "webhook/ecs/event.h"
#include "webhook/kubernetes/manifests.h"
#include "webhook/kubernetes/text.h"

namespace tegata::webhook::cli {
namespace {

namespace fs = std::filesystem;

bool is_input(const fs::directory_entry& entry) {
  const auto extension = entry.path().extension();
  std::error_code ignored;
  return entry.is_regular_file(ignored) && !entry.path().filename().string().starts_with('.') &&
         (extension == ".yaml" || extension == ".yml" || extension == ".json");
}

Result<std::string> read_all(std::istream& in) {
  std::string text;
  char piece[65536];
  while (in.read(piece, sizeof piece), in.gcount() > 0) {
    text.append(piece, static_cast<std::size_t>(in.gcount()));
    if (text.size() > limits::kInputFile)
      return Error{ErrorCode::LimitExceeded,
                   "standard input has more than " + std::to_string(limits::kInputFile) + " bytes"};
  }
  return text;
}

Result<std::vector<std::string>> files_of_folder(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (is_input(*entry)) files.push_back(entry->path().string());
  if (error) return Error{ErrorCode::Misconfigured, folder + ": " + error.message()};
  if (files.empty())
    return Error{ErrorCode::NotFound, folder + ": this folder has no *.yaml, *.yml or *.json file"};
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<std::vector<InputFile>> read_input_files(const std::vector<std::string>& paths,
                                                std::istream& standard_input) {
  std::vector<InputFile> read;
  for (const auto& path : paths) {
    if (path == "-") {
      read.push_back({path, read_all(standard_input)});
      continue;
    }
    std::vector<std::string> files{path};
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      TEGATA_TRY(files, files_of_folder(path));
    }
    for (const auto& file : files) {
      auto text = read_file(file, limits::kInputFile, verifier::Pipes::Read);
      if (!text.ok() && text.error().code != ErrorCode::LimitExceeded) return std::move(text).error();
      read.push_back({file, std::move(text)});
    }
  }
  return read;
}

namespace {

using Readings = std::vector<SourcedReading>;

Error misconfigured(std::string message) { return {ErrorCode::Misconfigured, std::move(message)}; }

/// Applies the option of the command line. Misconfigured if the ARN of the task definition differs.
Status place(std::string& own, const std::string& given, std::string_view option) {
  if (!own.empty() && !given.empty() && own != given)
    return misconfigured("its ARN says " + tegata::quoted(own) + ", and " + std::string(option) + " says " +
                         tegata::quoted(given));
  if (own.empty()) own = given;
  return done();
}

Result<Deployer> deployer_of(const InputContext& context) {
  if (!context.as_groups.empty()) return misconfigured("--as-group is for Kubernetes manifests");
  if (context.as.empty()) return Deployer{};
  TEGATA_TRY(auto caller, ecs::caller_with_role(context.as));
  auto who = ecs::who_of(caller);
  return Deployer{DeployerQuestion::Judge, std::move(caller), std::move(who)};
}

/// Adds who deploys a task definition and where, which the document itself does not contain.
Status complete(DeploymentRequest& request, const InputContext& context) {
  TEGATA_CHECK(place(request.account, context.place.account, "--account"));
  TEGATA_CHECK(place(request.region, context.place.region, "--region"));
  request.cluster = context.place.cluster;
  auto deployer = deployer_of(context);
  if (!deployer.ok()) return deployer.error().in("--as, for an ECS task definition");
  request.deployer = *std::move(deployer);
  return done();
}

Result<Readings> read_ecs(const std::string& file, const ecs::EcsDocument& document,
                          const InputContext& context) {
  const bool definition = document.is_task_definition();
  if (!definition && (!context.as.empty() || !context.as_groups.empty() || context.place.is_given()))
    return misconfigured(
        "an event says itself who calls and where, so --as, --account, --region and --cluster are not "
        "allowed");
  Readings all;
  for (auto& [name, reading] : document.read(context.definitions, context.hasher)) {
    auto* request = std::get_if<DeploymentRequest>(&reading);
    if (definition && request != nullptr) TEGATA_CHECK(complete(*request, context));
    all.push_back({name.empty() ? file : file + "#" + name, std::move(reading)});
  }
  return all;
}

Result<Readings> read_kubernetes(const std::string& file, std::string_view text,
                                 const InputContext& context) {
  kubernetes::ManifestSettings settings{context.ns, std::nullopt};
  if (!context.as.empty()) settings.as = KubernetesUser{context.as, context.as_groups, ""};
  TEGATA_TRY(auto objects, kubernetes::read_manifests(text, settings, context.hasher));
  Readings all;
  for (auto& [name, reading] : objects) all.push_back({file + name, std::move(reading)});
  return all;
}

Result<Readings> read_text(const std::string& file, std::string_view text, const InputContext& context) {
  if (const auto document = ecs::EcsDocument::parse(text)) return read_ecs(file, *document, context);
  return read_kubernetes(file, text, context);
}

}  // namespace

Result<Readings> read_input(const InputFile& file, const InputContext& context) {
  const auto text = file.text.ok() ? kubernetes::utf8_text(*file.text) : file.text;
  if (!text.ok()) return Readings{{file.name, InvalidRequest{Reason::EventMalformed, text.error().message}}};
  auto read = read_text(file.name, *text, context);
  if (!read.ok()) return read.error().in(file.name);
  return read;
}

std::optional<LoadedPolicies> load_policy(const std::string& path, const std::string& trusted_root,
                                          const Terminal& terminal) {
  auto loaded = load_with_trust(path, trusted_root, verifier::Pipes::Read);
  if (loaded.policies != nullptr) return loaded;
  for (const auto& error : loaded.errors) terminal.err << error << "\n";
  return std::nullopt;
}

Result<ConfiguredRegistries> configured_registries(const RegistryOptions& options, const std::string& command,
                                                   const Terminal& terminal) {
  TEGATA_TRY(auto registries, registry_settings(options));
  const auto config = registries.docker->config();
  for (const auto& warning : config->warnings()) terminal.err << command << ": warning: " << warning << "\n";
  return registries;
}

}  // namespace tegata::webhook::cli
