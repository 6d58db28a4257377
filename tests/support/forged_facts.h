// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/model/image_facts.h"
#include "policy/model/image_labels.h"
#include "policy/model/signature_facts.h"

namespace tegata::testing {

/// Makes VerifiedSignatures out of nothing, so that what policy makes of them can be tested without
/// keys and registries. Linked into tests only.
struct SignatureForger {
  [[nodiscard]] static VerifiedSignature forge(Digest image, KeyId signer,
                                               std::map<std::string, std::string> annotations = {},
                                               std::optional<std::string> docker_reference = std::nullopt,
                                               SignatureFormat format = SignatureFormat::SimpleSigning);
  /// The same of a whole statement: by a certificate, or an attestation.
  [[nodiscard]] static VerifiedSignature forge_by(SignedStatement statement) {
    return VerifiedSignature(std::move(statement));
  }
};

/// A digest whose 32 bytes are all `fill`. Keys too: a KeyId is a Digest.
[[nodiscard]] Digest digest_of(std::uint8_t fill);
/// `/keys/FILL.pub` with the key digest_of(fill).
[[nodiscard]] Authority authority_of(std::uint8_t fill);

/// Facts as gather would give them for one image: each authority with what is said of it, one
/// candidate for each signature and rejection.
[[nodiscard]] SignatureFacts facts_of(std::vector<AuthorityFacts> authorities);

/// The entry of an image whose signatures stand in its own repository.
[[nodiscard]] ImageFacts known_image(const ImageReference& image, SignatureFacts facts,
                                     std::optional<FactOf<TagKind>> tag = std::nullopt);

/// `value` as the fact of its kind.
template <class K>
[[nodiscard]] FactOf<K> known_fact(typename K::Value value) {
  using Value = const typename K::Value;
  return Known<std::shared_ptr<Value>>{std::make_shared<Value>(std::move(value))};
}
/// The question of an image's signatures in one repository, by no rule's trust.
[[nodiscard]] inline SignatureKind::Question signatures_in(const Repository& repository) {
  return {repository, {}, Reach::Signatures};
}
/// Puts a fact in the place of those of its kind.
template <class K>
void put(ImageFacts& image, typename K::Question question, FactOf<K> fact) {
  Facts facts;
  for (const auto& entry : image.facts.all())
    if (entry.question.as<K>() == nullptr) facts.add(entry.question, entry.answer);
  facts.add<K>(std::move(question), std::move(fact));
  image.facts = std::move(facts);
}

}  // namespace tegata::testing
