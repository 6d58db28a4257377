// SPDX-License-Identifier: Apache-2.0
#include "policy/document/read_signers.h"

#include <set>

#include "policy/document/diagnostics.h"
#include "policy/document/shape_text.h"
#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

using Combine = SignerDemand::Combine;

std::vector<Authority> read_authorities(const Reading& reading, const std::vector<Node>& items,
                                        const std::optional<PredicateDemand>& attestation,
                                        std::vector<std::string>& doubts) {
  std::vector<Authority> authorities;
  if (items.size() > limits::kAuthorities) return authorities;
  for (const auto& item : items)
    if (auto authority = read_authority(reading, item, attestation, doubts))
      authorities.push_back(*std::move(authority));
  return authorities;
}

/// How many signers there can be at most: a key is one, whatever else is asked of it.
std::size_t distinct_signers(const std::vector<Authority>& authorities) {
  std::set<std::string> signers;
  for (const auto& authority : authorities) {
    const auto* key = std::get_if<KeySigner>(&authority.signer);
    signers.insert(key != nullptr ? key->key.text() : authority.id.text);
  }
  return signers.size();
}

bool are_keys(const std::vector<Authority>& authorities) {
  for (const auto& authority : authorities)
    if (!std::holds_alternative<KeySigner>(authority.signer)) return false;
  return true;
}

/// `readable` is how many of the written authorities could be read. Where that is not all of them, their
/// own errors say so, and how many distinct ones there are is not known.
void read_threshold(const Reading& reading, const Node& node, std::size_t readable, SignerDemand& demand) {
  const Node* threshold = node.find("threshold");
  if (threshold == nullptr) return;
  demand.combine = Combine::Threshold;
  demand.threshold = decimal(*threshold).value_or(1);
  const auto written = items_at(node, "of").size();
  const auto distinct = distinct_signers(demand.trust->authorities);
  if (demand.threshold <= distinct || readable != written || written == 0) return;
  const std::string noun = are_keys(demand.trust->authorities) ? "key" : "signer";
  auto message = "a threshold of " + std::to_string(demand.threshold) + " can never be met: 'of' has " +
                 std::to_string(distinct) + " distinct " + noun + (distinct == 1 ? "" : "s");
  if (written > distinct) message += " (" + std::to_string(written) + " are written)";
  reading.wrong(*threshold, std::move(message));
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

void read_signers(const Reading& reading, const Node& node, const std::optional<PredicateDemand>& attestation,
                  SignerDemand& demand) {
  std::vector<Authority> authorities;
  for (const auto* word : {"anyOf", "allOf", "of"})
    if (auto read = read_authorities(reading, items_at(node, word), attestation, demand.doubts);
        !read.empty())
      authorities = std::move(read);
  demand.combine = node.find("allOf") != nullptr ? Combine::AllOf : Combine::AnyOf;
  const auto readable = authorities.size();
  demand.trust = TrustSettings::of(std::move(authorities));
  read_threshold(reading, node, readable, demand);
  demand.repository = read_repository(reading, node);
}

std::string absolute_path(const Reading& reading, const std::string& path) {
  const auto& folder = reading.document.folder;
  // A reference to a key store (`k8s://…`, `pkcs11:…`) is left for the resolver, which says what it is.
  const bool reference = path.find("://") != std::string::npos || path.starts_with("pkcs11:");
  if (path.starts_with('/') || folder.empty() || reference) return path;
  return folder + (folder.ends_with('/') ? "" : "/") + path;
}

void tell_not(const Reading& reading, const Node& node, std::string_view what, const Error& error) {
  reading.wrong(node, in_quotes(node.text) + " is not " + std::string(what) + ": " + error.message);
}

}  // namespace tegata::policy
