// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/openssl_support.h"

#include <stdexcept>

namespace tegata::verifier {
namespace {

EvpMdPtr fetched(const char* name) {
  EvpMdPtr digest(EVP_MD_fetch(nullptr, name, nullptr));
  if (!digest) throw std::runtime_error(std::string("OpenSSL does not provide ") + name);
  return digest;
}

}  // namespace

const EVP_MD* openssl_digest(HashAlgorithm algorithm) {
  static const EvpMdPtr sha256 = fetched("SHA2-256");
  static const EvpMdPtr sha384 = fetched("SHA2-384");
  static const EvpMdPtr sha512 = fetched("SHA2-512");
  switch (algorithm) {
    case HashAlgorithm::Sha256:
      return sha256.get();
    case HashAlgorithm::Sha384:
      return sha384.get();
    case HashAlgorithm::Sha512:
      return sha512.get();
  }
  throw std::logic_error("not a HashAlgorithm");
}

std::string hash(HashAlgorithm algorithm, std::string_view message) {
  const EVP_MD* digest = openssl_digest(algorithm);
  std::string bytes(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(bytes.data()), &size,
                 digest, nullptr) != 1)
    throw std::runtime_error("OpenSSL could not compute a hash");
  bytes.resize(size);
  return bytes;
}

}  // namespace tegata::verifier
