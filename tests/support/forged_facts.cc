// SPDX-License-Identifier: Apache-2.0
#include "tests/support/forged_facts.h"

namespace tegata::testing {

VerifiedSignature SignatureForger::forge(Digest image, KeyId signer,
                                         std::map<std::string, std::string> annotations,
                                         std::optional<std::string> docker_reference,
                                         SignatureFormat format) {
  return VerifiedSignature({.image = image,
                            .authority = signer,
                            .signer = signer.text(),
                            .format = format,
                            .found_in = digest_of(0xfe),
                            .docker_reference = std::move(docker_reference),
                            .annotations = std::move(annotations)});
}

Digest digest_of(std::uint8_t fill) {
  Digest::Bytes bytes;
  bytes.fill(fill);
  return Digest(bytes);
}

Authority authority_of(std::uint8_t fill) {
  return key_authority(digest_of(fill), "/keys/" + std::to_string(fill) + ".pub");
}

SignatureFacts facts_of(std::vector<AuthorityFacts> authorities) {
  SignatureFacts facts;
  for (const auto& authority : authorities)
    facts.candidates += authority.verified.size() + authority.rejected.size();
  facts.authorities = std::move(authorities);
  return facts;
}

ImageFacts known_image(const ImageReference& image, SignatureFacts facts,
                       std::optional<FactOf<TagKind>> tag) {
  ImageFacts known{image.canonical()};
  if (tag) known.facts.add<TagKind>({image.effective_tag().value_or("")}, *std::move(tag));
  known.facts.add<SignatureKind>(signatures_in(image.repository()),
                                 known_fact<SignatureKind>(std::move(facts)));
  return known;
}

}  // namespace tegata::testing
