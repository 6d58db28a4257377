// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/predicate_alias.h"

#include "policy/rules/provenance.h"

namespace tegata::policy {
namespace {

constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"slsaprovenance", kProvenanceV02},         {"slsaprovenance02", kProvenanceV02},
    {"slsaprovenance1", kProvenanceV1},         {"vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"},
    {"spdx", "https://spdx.dev/Document"},      {"spdxjson", "https://spdx.dev/Document"},
    {"cyclonedx", "https://cyclonedx.org/bom"}, {"openvex", "https://openvex.dev/ns"},
    {"link", "https://in-toto.io/Link/v1"},     {"custom", "https://cosign.sigstore.dev/attestation/v1"}};

}  // namespace

std::optional<std::string> predicate_type_named(std::string_view word) {
  for (const auto& [alias, uri] : kAliases)
    if (word == alias) return std::string(uri);
  const auto colon = word.find(':');
  if (colon == 0 || colon == std::string_view::npos) return std::nullopt;
  return std::string(word);
}

}  // namespace tegata::policy
