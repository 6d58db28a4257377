// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "verifier/sigstore/signed_claims.h"

// A bundle, and the statement in it. Nothing is claimed without an envelope, in one spelling or escaped.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::verifier;
  static const auto image =
      *tegata::Digest::parse("sha256:7a1dfae65cdd2697ac2aa36d55b995a86e06c93163824ca110826bad9d905b81");
  const BundleCandidate candidate{image, std::string(reinterpret_cast<const char*>(data), size)};
  const bool claimed = std::holds_alternative<SignedClaims>(examine(image, candidate, Material::Read).claims);
  if (claimed && candidate.json.find("dsseEnvelope") == std::string::npos &&
      candidate.json.find("\\u") == std::string::npos)
    std::abort();
  return 0;
}
