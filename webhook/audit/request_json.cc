// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/request_json.h"

#include <nlohmann/json.hpp>

#include "webhook/audit/request_words.h"

namespace tegata::webhook {
namespace {

using nlohmann::json;

json or_null(const std::optional<std::string>& text) { return text ? json(*text) : json(nullptr); }

json caller_json(const Deployer& deployer) {
  if (const auto* user = std::get_if<KubernetesUser>(&deployer.caller))
    return {{"username", user->username}, {"groups", user->groups}, {"uid", user->uid}};
  if (const auto* caller = std::get_if<EcsCaller>(&deployer.caller))
    return {{"kind", word_of(caller->kind)}, {"arn", caller->arn},
            {"account", caller->account},    {"invokedBy", caller->invoked_by},
            {"console", caller->console},    {"longTermKey", caller->long_term_key}};
  return nullptr;
}

json owner_json(const std::optional<Owner>& owner) {
  if (!owner) return nullptr;
  return {{"kind", owner->kind}, {"name", owner->name}, {"deployment", owner->deployment}};
}

json error_json(const Error& error) { return {{"code", name_of(error.code)}, {"message", error.message}}; }

json image_json(const ContainerImage& image) {
  json form{{"fieldPath", image.field_path},
            {"container", image.container},
            {"kind", name_of(image.kind)},
            {"text", image.text},
            {"unchanged", image.unchanged}};
  if (!image.reference.ok()) form["error"] = error_json(image.reference.error());
  return form;
}

json variable_json(const EnvironmentVariable& variable) {
  return {{"container", variable.container},
          {"name", variable.name},
          {"class", name_of(variable.value_class)},
          {"keyedHash", variable.keyed_hash}};
}

}  // namespace

json to_json(const DeploymentRequest& request) {
  json images = json::array();
  for (const auto& image : request.images) images.push_back(image_json(image));
  json environment = json::array();
  for (const auto& variable : request.environment) environment.push_back(variable_json(variable));
  return {{"platform", word_of(request.platform)},
          {"namespace", request.ns},
          {"account", request.account},
          {"region", request.region},
          {"cluster", or_null(request.cluster)},
          {"operation", request.operation},
          {"kind", request.kind},
          {"name", request.name},
          {"generateName", request.generate_name},
          {"owner", owner_json(request.owner)},
          {"uid", request.uid},
          {"dryRun", request.dry_run},
          {"mirrorPod", request.mirror_pod},
          {"deployer",
           {{"question", word_of(request.deployer.question)},
            {"caller", caller_json(request.deployer)},
            {"who", or_null(request.deployer.who)}}},
          {"images", std::move(images)},
          {"imagesUnknown", request.images_unknown ? error_json(*request.images_unknown) : json(nullptr)},
          {"environment", std::move(environment)}};
}

json to_json(const Reading& reading) {
  if (const auto* request = std::get_if<DeploymentRequest>(&reading)) return to_json(*request);
  if (const auto* ignored = std::get_if<IgnoredRequest>(&reading))
    return {{"ignored",
             {{"reason", name_of(ignored->reason)},
              {"detail", ignored->detail},
              {"who", or_null(ignored->who)}}}};
  if (const auto* invalid = std::get_if<InvalidRequest>(&reading))
    return {{"invalid", {{"reason", name_of(invalid->reason)}, {"detail", invalid->detail}}}};
  const auto& undescribed = std::get<UndescribedKind>(reading);
  return {{"undescribed", {{"kind", undescribed.kind}, {"namespace", undescribed.ns}}}};
}

std::optional<std::string> who_of(const Reading& reading) {
  if (const auto* request = std::get_if<DeploymentRequest>(&reading)) return request->deployer.who;
  if (const auto* ignored = std::get_if<IgnoredRequest>(&reading)) return ignored->who;
  return std::nullopt;
}

}  // namespace tegata::webhook
