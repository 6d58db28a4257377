// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/request_json.h"

#include <nlohmann/json.hpp>

#include "webhook/audit/member_reader.h"

namespace tegata::webhook {
namespace {

using nlohmann::json;
using Element = MemberReader::Element;

JsonText caller_json(const Deployer& deployer) {
  if (const auto* user = std::get_if<KubernetesUser>(&deployer.caller))
    return {{"groups", JsonText::list(user->groups)}, {"uid", user->uid}, {"username", user->username}};
  if (const auto* caller = std::get_if<EcsCaller>(&deployer.caller))
    return {{"kind", word_of(caller->kind)}, {"arn", caller->arn},
            {"account", caller->account},    {"invokedBy", caller->invoked_by},
            {"console", caller->console},    {"longTermKey", caller->long_term_key}};
  return nullptr;
}

JsonText owner_json(const std::optional<Owner>& owner) {
  if (!owner) return nullptr;
  return {{"kind", owner->kind}, {"name", owner->name}, {"deployment", owner->deployment}};
}

JsonText error_json(const Error& error) {
  return {{"code", name_of(error.code)}, {"message", error.message}};
}

JsonText image_json(const ContainerImage& image) {
  return {{"container", image.container},
          {"error", image.reference.ok() ? JsonText::absent() : error_json(image.reference.error())},
          {"fieldPath", image.field_path},
          {"kind", name_of(image.kind)},
          {"text", image.text},
          {"unchanged", image.unchanged}};
}

JsonText variable_json(const EnvironmentVariable& variable) {
  return {{"class", name_of(variable.value_class)},
          {"container", variable.container},
          {"keyedHash", variable.keyed_hash},
          {"name", variable.name}};
}

constexpr auto kWord = [](auto value) { return word_of(value); };
constexpr auto kName = [](auto value) { return name_of(value); };

template <typename Array>
auto every(const Array& all) {
  return std::span<const typename Array::value_type>(all);
}

Result<EcsCaller> ecs_caller(const Element& form) {
  MemberReader reader(form, "request.deployer.caller");
  EcsCaller caller;
  caller.kind = reader.choice("kind", every(kEcsCallerKinds), kWord);
  caller.arn = reader.text("arn");
  caller.account = reader.text("account");
  caller.invoked_by = reader.text("invokedBy");
  caller.console = reader.truth("console");
  caller.long_term_key = reader.truth("longTermKey");
  TEGATA_CHECK(reader.status());
  return caller;
}

Result<KubernetesUser> kubernetes_user(const Element& form) {
  MemberReader reader(form, "request.deployer.caller");
  KubernetesUser user;
  user.username = reader.text("username");
  user.groups = reader.texts("groups");
  user.uid = reader.text("uid");
  TEGATA_CHECK(reader.status());
  return user;
}

Result<Deployer> deployer(const Element& form, Platform platform) {
  MemberReader reader(form, "request.deployer");
  Deployer read;
  read.question = reader.choice("question", every(kDeployerQuestions), kWord);
  read.who = reader.text_or_null("who");
  const auto caller = reader.object_or_null("caller");
  TEGATA_CHECK(reader.status());
  if (!caller) return read;
  if (platform == Platform::Ecs) {
    TEGATA_TRY(read.caller, ecs_caller(caller));
  } else {
    TEGATA_TRY(read.caller, kubernetes_user(caller));
  }
  return read;
}

/// Records of 0.1.0 before 2026-11-28 have neither `generateName` nor `owner`.
Status read_names(const Element& form, DeploymentRequest& request) {
  MemberReader reader(form, "request");
  if (reader.has("generateName")) request.generate_name = reader.text("generateName");
  const auto owner = reader.has("owner") ? reader.object_or_null("owner") : std::nullopt;
  TEGATA_CHECK(reader.status());
  if (!owner) return done();
  MemberReader each(owner, "request.owner");
  request.owner = Owner{each.text("kind"), each.text("name"), each.text("deployment")};
  return each.status();
}

/// An Error as a value: it was part of the request.
Result<Result<ImageReference>> error_of(const Element& form, const std::string& where) {
  MemberReader reader(form, where);
  const auto code = error_code_of(reader.text("code"));
  if (!code) reader.fail("code", "is not a known error code");
  auto message = reader.text("message");
  TEGATA_CHECK(reader.status());
  return Result<ImageReference>(Error{*code, std::move(message)});
}

Result<ContainerImage> image(const Element& form, std::size_t index) {
  const auto where = "request.images[" + std::to_string(index) + "]";
  MemberReader reader(form, where);
  const auto text = reader.text("text");
  ContainerImage read{.field_path = reader.text("fieldPath"),
                      .container = reader.text("container"),
                      .kind = reader.choice("kind", every(kContainerKinds), kName),
                      .text = text,
                      .reference = ImageReference::parse(text),
                      .unchanged = reader.truth("unchanged")};
  if (reader.has("error")) {
    TEGATA_TRY(read.reference, error_of(reader.object("error"), where + ".error"));
  } else if (!read.reference.ok()) {
    // The record says that the text was a valid reference. A different result now would be a silent change.
    reader.fail("text", "was a valid image reference when it was recorded, and is not valid now");
  }
  TEGATA_CHECK(reader.status());
  return read;
}

Result<EnvironmentVariable> variable(const Element& form, std::size_t index) {
  MemberReader reader(form, "request.environment[" + std::to_string(index) + "]");
  EnvironmentVariable read;
  read.container = reader.text("container");
  read.name = reader.text("name");
  read.value_class = reader.choice("class", every(kValueClasses), kName);
  read.keyed_hash = reader.text("keyedHash");
  TEGATA_CHECK(reader.status());
  return read;
}

Result<Reading> deployment(const Element& form) {
  MemberReader reader(form, "request");
  DeploymentRequest request;
  request.platform = reader.choice("platform", every(kPlatforms), kWord);
  request.ns = reader.text("namespace");
  request.account = reader.text("account");
  request.region = reader.text("region");
  request.cluster = reader.text_or_null("cluster");
  request.operation = reader.text("operation");
  request.kind = reader.text("kind");
  request.name = reader.text("name");
  request.uid = reader.text("uid");
  request.dry_run = reader.truth("dryRun");
  request.mirror_pod = reader.truth("mirrorPod");
  const auto images = reader.array("images");
  const auto environment = reader.array("environment");
  const auto who = reader.object("deployer");
  const auto unknown = reader.object_or_null("imagesUnknown");
  TEGATA_CHECK(reader.status());
  if (unknown) {
    TEGATA_TRY(const auto error, error_of(unknown, "request.imagesUnknown"));
    request.images_unknown = error.error();
  }
  TEGATA_CHECK(read_names(form, request));
  TEGATA_TRY(request.deployer, deployer(who, request.platform));
  for (std::size_t i = 0; i < images.size(); ++i) {
    TEGATA_TRY(auto read, image(images[i], i));
    request.images.push_back(std::move(read));
  }
  for (std::size_t i = 0; i < environment.size(); ++i) {
    TEGATA_TRY(auto read, variable(environment[i], i));
    request.environment.push_back(std::move(read));
  }
  return Reading(std::move(request));
}

Reason reason(MemberReader& reader) {
  const auto word = reader.text("reason");
  const auto known = reason_of(word);
  if (!known) reader.fail("reason", "is not a known reason: " + word);
  return known.value_or(Reason::InternalError);
}

}  // namespace

JsonText json_text(const DeploymentRequest& request) {
  return {{"account", request.account},
          {"cluster", request.cluster},
          {"deployer",
           {{"caller", caller_json(request.deployer)},
            {"question", word_of(request.deployer.question)},
            {"who", request.deployer.who}}},
          {"dryRun", request.dry_run},
          {"environment", JsonText::list(request.environment, variable_json)},
          {"generateName", request.generate_name},
          {"images", JsonText::list(request.images, image_json)},
          {"imagesUnknown", request.images_unknown ? error_json(*request.images_unknown) : nullptr},
          {"kind", request.kind},
          {"mirrorPod", request.mirror_pod},
          {"name", request.name},
          {"namespace", request.ns},
          {"operation", request.operation},
          {"owner", owner_json(request.owner)},
          {"platform", word_of(request.platform)},
          {"region", request.region},
          {"uid", request.uid}};
}

JsonText json_text(const Reading& reading) {
  if (const auto* request = std::get_if<DeploymentRequest>(&reading)) return json_text(*request);
  if (const auto* ignored = std::get_if<IgnoredRequest>(&reading))
    return {{"ignored",
             {{"reason", name_of(ignored->reason)}, {"detail", ignored->detail}, {"who", ignored->who}}}};
  if (const auto* invalid = std::get_if<InvalidRequest>(&reading))
    return {{"invalid", {{"reason", name_of(invalid->reason)}, {"detail", invalid->detail}}}};
  const auto& undescribed = std::get<UndescribedKind>(reading);
  return {{"undescribed", {{"kind", undescribed.kind}, {"namespace", undescribed.ns}}}};
}

json to_json(const Reading& reading) { return json::parse(json_text(reading).text()); }

std::optional<std::string> who_of(const Reading& reading) {
  if (const auto* request = std::get_if<DeploymentRequest>(&reading)) return request->deployer.who;
  if (const auto* ignored = std::get_if<IgnoredRequest>(&reading)) return ignored->who;
  return std::nullopt;
}

Result<Reading> reading_from_json(const MemberReader::Element& form) {
  MemberReader outer(form, "request");
  if (outer.has("ignored")) {
    MemberReader reader(outer.object("ignored"), "request.ignored");
    IgnoredRequest ignored{reason(reader), reader.text("detail"), reader.text_or_null("who")};
    TEGATA_CHECK(reader.status());
    return Reading(std::move(ignored));
  }
  if (outer.has("invalid")) {
    MemberReader reader(outer.object("invalid"), "request.invalid");
    InvalidRequest invalid{reason(reader), reader.text("detail")};
    TEGATA_CHECK(reader.status());
    return Reading(std::move(invalid));
  }
  if (outer.has("undescribed")) {
    MemberReader reader(outer.object("undescribed"), "request.undescribed");
    UndescribedKind undescribed{reader.text("kind"), reader.text("namespace")};
    TEGATA_CHECK(reader.status());
    return Reading(std::move(undescribed));
  }
  return deployment(form);
}

}  // namespace tegata::webhook
