// SPDX-License-Identifier: Apache-2.0
#include "policy/model/trust_settings.h"

#include <algorithm>

#include "policy/model/signature_facts.h"

namespace tegata {
namespace {

std::shared_ptr<const TrustSettings> made(std::vector<Authority> authorities, Sufficiency sufficiency,
                                          Reach reach) {
  std::stable_sort(authorities.begin(), authorities.end(),
                   [](const Authority& a, const Authority& b) { return a.id < b.id; });
  authorities.erase(std::unique(authorities.begin(), authorities.end(),
                                [](const Authority& a, const Authority& b) { return a.id == b.id; }),
                    authorities.end());
  auto settings = std::make_shared<TrustSettings>();
  if (std::any_of(authorities.begin(), authorities.end(), [](const auto& one) { return one.attestation; }))
    reach = Reach::SignaturesAndAttestations;
  std::vector<std::string> ids;
  for (const auto& authority : authorities) ids.push_back(authority.id.text);
  settings->id = SettingsIdentity::of(std::tie(ids, sufficiency, reach));
  settings->authorities = std::move(authorities);
  settings->sufficiency = std::move(sufficiency);
  settings->reach = reach;
  return settings;
}

struct BothSettings {
  TrustSettings first, second;

  [[nodiscard]] auto parts() const {
    const auto& [a, b] = *this;
    return std::tie(a, b);
  }
};
bool suffices_both(const BothSettings& both, const Digest& image, const SignatureFacts& facts) {
  return both.first.suffices(image, facts) && both.second.suffices(image, facts);
}

}  // namespace

AuthorityId AuthorityId::of(const Authority& authority) {
  const auto& [id, name, signer, proof, attestation] = authority;
  const auto* key = std::get_if<KeySigner>(&signer);
  if (key != nullptr && proof == ProofSettings{} && !attestation) return key->key;
  return AuthorityId(SettingsIdentity::of(std::tie(signer, proof, attestation)));
}

std::shared_ptr<const TrustSettings> TrustSettings::of(std::vector<Authority> authorities,
                                                       Sufficiency sufficiency) {
  return made(std::move(authorities), std::move(sufficiency), Reach::Signatures);
}

std::shared_ptr<const TrustSettings> TrustSettings::both(const TrustSettings& a, const TrustSettings& b) {
  auto authorities = a.authorities;
  authorities.insert(authorities.end(), b.authorities.begin(), b.authorities.end());
  return made(std::move(authorities), {BothSettings{a, b}, suffices_both}, std::max(a.reach, b.reach));
}

std::shared_ptr<const TrustSettings> TrustSettings::reaching_all(const TrustSettings& settings) {
  return made(settings.authorities, settings.sufficiency, Reach::SignaturesAndAttestations);
}

bool TrustSettings::suffices(const Digest& image, const SignatureFacts& facts) const {
  if (facts.unknown || facts.too_many || authorities.empty()) return false;
  if (sufficiency) return sufficiency(image, facts);
  return std::all_of(authorities.begin(), authorities.end(), [&](const Authority& authority) {
    const auto* known = facts.of(authority.id);
    return known != nullptr && !known->verified.empty();
  });
}

bool asks_now(const Authority& authority) {
  if (authority.attestation && authority.attestation->asks_now) return true;
  return std::holds_alternative<CertificateSigner>(authority.signer) &&
         authority.proof.transparency_log == Demand::NotRequired &&
         authority.proof.signed_timestamp == Demand::NotRequired;
}

bool asks_now(const TrustSettings& trust) {
  return std::any_of(trust.authorities.begin(), trust.authorities.end(),
                     [](const Authority& authority) { return asks_now(authority); });
}

Authority key_authority(const KeyId& key, std::string file) {
  return {AuthorityId(key), std::move(file), KeySigner{key}};
}

}  // namespace tegata
