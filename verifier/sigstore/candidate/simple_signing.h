// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// The content of a simple signing payload (containers/image, docs/containers-signature.5.md; cosign's
/// specs/SIGNATURE_SPEC.md).
struct SimpleSigning {
  std::string docker_reference;
  std::map<std::string, std::string> annotations;  ///< members of `optional` that are strings
};

/// Reads a payload as one for `image`: strict JSON with keys in their exact case; `critical.type` is
/// cosign's; `critical.image.docker-manifest-digest` is the image's digest, byte for byte;
/// `critical.identity.docker-reference` is a string; `optional` is absent, null or an object. Other
/// members are allowed. PayloadMalformed, PayloadOtherType, PayloadOtherImage, TooLarge.
///
/// Does not verify who wrote it: the signature proves that.
[[nodiscard]] OrRejection<SimpleSigning> read_simple_signing(std::string_view payload, const Digest& image);

}  // namespace tegata::verifier
