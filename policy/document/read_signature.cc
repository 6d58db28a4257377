// SPDX-License-Identifier: Apache-2.0
#include "policy/document/read_rule.h"
#include "policy/document/read_signers.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {
namespace {

std::optional<ImageGlob> read_identity(const Reading& reading, const Node& node) {
  const Node* written = node.find("identity");
  if (written == nullptr || written->kind != Node::Kind::Scalar) return std::nullopt;
  auto glob = ImageGlob::parse(written->text);
  if (glob.ok()) return *std::move(glob);
  reading.wrong(*written, in_quotes(written->text) + " is not an image glob: " + glob.error().message);
  return std::nullopt;
}

}  // namespace

SignatureCheck read_signature(const Reading& reading, const Node& node) {
  SignatureCheck check;
  read_signers(reading, node, std::nullopt, check);
  if (const Node* annotations = node.find("annotations"))
    for (const auto& child : annotations->children) check.annotations.emplace(child.key, child.text);
  check.identity = read_identity(reading, node);
  check.trust = TrustSettings::of(check.trust->authorities, sufficiency_of(check));
  return check;
}

}  // namespace tegata::policy
