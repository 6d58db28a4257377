// SPDX-License-Identifier: Apache-2.0
#include "policy/document/read_rule.h"
#include "policy/document/shape_text.h"
#include "policy/model/limits.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {
namespace {

using Combine = SignatureCheck::Combine;

std::string absolute(const std::string& path, const std::string& folder) {
  if (path.starts_with('/') || folder.empty()) return path;
  return folder + (folder.ends_with('/') ? "" : "/") + path;
}

std::vector<Authority> read_authorities(const Reading& reading, const std::vector<Node>& items) {
  std::vector<Authority> authorities;
  if (items.size() > limits::kAuthorities) return authorities;
  for (const auto& item : items) {
    const Node* key = item.find("key");
    const Node* file = key == nullptr ? nullptr : key->find("file");
    if (file == nullptr || file->kind != Node::Kind::Scalar || file->text.empty()) continue;
    const auto path = absolute(file->text, reading.document.folder);
    auto id = reading.keys(path);
    if (id.ok())
      authorities.push_back({*id, file->text});
    else
      reading.wrong(*file, "the key " + in_quotes(path) + " cannot be used: " + id.error().message);
  }
  return authorities;
}

/// `readable` is how many of the written keys could be read. Where that is not all of them, their
/// own errors say so, and how many distinct ones there are is not known.
void read_threshold(const Reading& reading, const Node& node, std::size_t readable, SignatureCheck& check) {
  const Node* threshold = node.find("threshold");
  if (threshold == nullptr) return;
  check.combine = Combine::Threshold;
  check.threshold = decimal(*threshold).value_or(1);
  const auto written = items_at(node, "of").size();
  const auto distinct = check.trust->authorities.size();
  if (check.threshold <= distinct || readable != written || written == 0) return;
  auto message = "a threshold of " + std::to_string(check.threshold) + " can never be met: 'of' has " +
                 std::to_string(distinct) + " distinct " + (distinct == 1 ? "key" : "keys");
  if (written > distinct) message += " (" + std::to_string(written) + " are written)";
  reading.wrong(*threshold, std::move(message));
}

std::optional<ImageGlob> read_identity(const Reading& reading, const Node& node) {
  const Node* written = node.find("identity");
  if (written == nullptr || written->kind != Node::Kind::Scalar) return std::nullopt;
  auto glob = ImageGlob::parse(written->text);
  if (glob.ok()) return *std::move(glob);
  reading.wrong(*written, in_quotes(written->text) + " is not an image glob: " + glob.error().message);
  return std::nullopt;
}

std::optional<Repository> read_repository(const Reading& reading, const Node& node) {
  const Node* written = node.find("repository");
  if (written == nullptr || written->kind != Node::Kind::Scalar) return std::nullopt;
  auto repository = Repository::parse(written->text);
  if (repository.ok()) return *std::move(repository);
  reading.wrong(*written, in_quotes(written->text) + " is not a repository: " + repository.error().message);
  return std::nullopt;
}

}  // namespace

SignatureCheck read_signature(const Reading& reading, const Node& node) {
  SignatureCheck check;
  std::vector<Authority> authorities;
  for (const auto* word : {"anyOf", "allOf", "of"})
    if (auto read = read_authorities(reading, items_at(node, word)); !read.empty())
      authorities = std::move(read);
  check.combine = node.find("allOf") != nullptr ? Combine::AllOf : Combine::AnyOf;
  const auto readable = authorities.size();
  check.trust = TrustSettings::of(std::move(authorities));
  read_threshold(reading, node, readable, check);
  if (const Node* annotations = node.find("annotations"))
    for (const auto& child : annotations->children) check.annotations.emplace(child.key, child.text);
  check.identity = read_identity(reading, node);
  check.repository = read_repository(reading, node);
  check.trust = TrustSettings::of(check.trust->authorities, sufficiency_of(check));
  return check;
}

}  // namespace tegata::policy
