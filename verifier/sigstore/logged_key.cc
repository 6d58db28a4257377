// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/logged_key.h"

#include <algorithm>
#include <array>

namespace tegata::verifier {
namespace {

constexpr std::array kKeys = {
    LoggedKey{"ECDSA P-256", HashAlgorithm::Sha256, "PKIX_ECDSA_P256_SHA_256"},
    LoggedKey{"ECDSA P-384", HashAlgorithm::Sha384, "PKIX_ECDSA_P384_SHA_384", true},
    LoggedKey{"ECDSA P-521", HashAlgorithm::Sha512, "PKIX_ECDSA_P521_SHA_512", true},
    LoggedKey{"RSA 2048", HashAlgorithm::Sha256, "PKIX_RSA_PKCS1V15_2048_SHA256"},
    LoggedKey{"RSA 3072", HashAlgorithm::Sha256, "PKIX_RSA_PKCS1V15_3072_SHA256"},
    LoggedKey{"RSA 4096", HashAlgorithm::Sha256, "PKIX_RSA_PKCS1V15_4096_SHA256"},
    // Where only a hash is logged, only Ed25519ph can have signed: its hash is SHA-512.
    LoggedKey{"Ed25519", HashAlgorithm::Sha512, "PKIX_ED25519_PH"},
};

}  // namespace

const LoggedKey* logged_key(std::string_view algorithm) noexcept {
  const auto found = std::find_if(kKeys.begin(), kKeys.end(),
                                  [&](const LoggedKey& key) { return key.algorithm == algorithm; });
  return found == kKeys.end() ? nullptr : &*found;
}

std::string_view v1_name_of(HashAlgorithm hash) noexcept {
  switch (hash) {
    case HashAlgorithm::Sha256:
      return "sha256";
    case HashAlgorithm::Sha384:
      return "sha384";
    case HashAlgorithm::Sha512:
      return "sha512";
  }
  return "";
}

std::string_view v2_name_of(HashAlgorithm hash) noexcept {
  switch (hash) {
    case HashAlgorithm::Sha256:
      return "SHA2_256";
    case HashAlgorithm::Sha384:
      return "SHA2_384";
    case HashAlgorithm::Sha512:
      return "SHA2_512";
  }
  return "";
}

}  // namespace tegata::verifier
