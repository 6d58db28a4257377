// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/model/image_facts.h"

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
                                     std::optional<Fact<Digest>> tag = std::nullopt);

}  // namespace tegata::testing
