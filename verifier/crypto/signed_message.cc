// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/signed_message.h"

namespace tegata::verifier {
namespace {

std::size_t bytes_of(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::Sha256:
      return 32;
    case HashAlgorithm::Sha384:
      return 48;
    case HashAlgorithm::Sha512:
      return 64;
  }
  return 0;
}

}  // namespace

std::optional<std::string> SignedMessage::digest(HashAlgorithm algorithm) const {
  if (bytes_) return hash(algorithm, *bytes_);
  if (algorithm != algorithm_ || digest_.size() != bytes_of(algorithm)) return std::nullopt;
  return std::string(digest_);
}

}  // namespace tegata::verifier
