// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/read_input.h"

#include "policy/model/printable.h"
#include "webhook/ecs/caller.h"
#include "webhook/ecs/event.h"
#include "webhook/kubernetes/manifests.h"
#include "webhook/kubernetes/text_encoding.h"

namespace tegata::webhook::cli {
namespace {

using Readings = std::vector<SourcedReading>;

Error misconfigured(std::string message) { return {ErrorCode::Misconfigured, std::move(message)}; }

/// Takes what the command line says, unless the task definition's ARN says something else.
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

/// A task definition says neither who deploys it nor where.
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
        "an event says itself who calls and where, so --as, --account, --region and --cluster are refused");
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

}  // namespace tegata::webhook::cli
