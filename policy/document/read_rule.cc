// SPDX-License-Identifier: Apache-2.0
#include "policy/document/read_rule.h"

namespace tegata::policy {
namespace {

DeployersCheck read_deployers(const Node& node) {
  DeployersCheck check;
  if (const Node* kubernetes = node.find("kubernetes"))
    check.kubernetes = {texts_at(*kubernetes, "serviceAccounts"), texts_at(*kubernetes, "users"),
                        texts_at(*kubernetes, "groups")};
  if (const Node* ecs = node.find("ecs")) {
    using Manual = DeployersCheck::Manual;
    check.ecs = {texts_at(*ecs, "roles"), texts_at(*ecs, "services"), texts_at(*ecs, "users"),
                 text_at(*ecs, "manual") == "allow" ? Manual::Allow : Manual::Deny};
  }
  return check;
}

BaseImageCheck read_base_image(const Node& node) {
  BaseImageCheck check;
  for (const auto& text : texts_at(node, "digests"))
    if (const auto digest = Digest::parse(text); digest.ok()) check.digests.push_back(*digest);
  return check;
}

std::optional<Check> read_check(const Reading& reading, const Node& node) {
  if (node.find("allowedRegistries") != nullptr)
    return AllowedRegistries{globs_at(reading, node, "allowedRegistries")};
  if (const Node* tag = node.find("tag")) return read_tag(reading, *tag);
  if (node.find("digest") != nullptr) return DigestCheck{};
  if (const Node* signature = node.find("signature")) return read_signature(reading, *signature);
  if (const Node* attestation = node.find("attestation")) return read_attestation(reading, *attestation);
  if (const Node* base = node.find("baseImage")) return read_base_image(*base);
  if (const Node* deployers = node.find("deployers")) return read_deployers(*deployers);
  return std::nullopt;
}

std::optional<Enforcement> enforcement_of(const std::string& word) {
  for (const auto enforcement : {Enforcement::Deny, Enforcement::Warn, Enforcement::DryRun})
    if (name_of(cost_of(enforcement)) == word) return enforcement;
  return std::nullopt;
}

}  // namespace

CostSettings read_costs(const Node& mapping) {
  return {enforcement_of(text_at(mapping, "enforcement")), cost_of_name(text_at(mapping, "onMissing")),
          cost_of_name(text_at(mapping, "onUnknown"))};
}

std::optional<Rule> read_rule(const Reading& reading, const Node& node) {
  auto check = read_check(reading, node);
  auto images = globs_at(reading, node, "images");
  if (!check) return std::nullopt;
  if (const Node* written = node.find("images"); written != nullptr && is_about_request(*check))
    reading.errors.add({reading.document.name, written->key_line, written->key_column},
                       "'images' cannot stand on a rule about the request: 'deployers' is judged once for "
                       "all images");
  return Rule{text_at(node, "name"), read_costs(node),   std::move(images),
              *std::move(check),     reading.mark(node), text_at(node, "help")};
}

}  // namespace tegata::policy
