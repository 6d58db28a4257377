// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/sha256.h"

#include <stdexcept>

#include "verifier/crypto/openssl_support.h"

namespace tegata::verifier {
namespace {

// A hash fails only if memory runs out; a partial hash must never be used.
void must_succeed(int openssl_result) {
  if (openssl_result != 1) throw std::runtime_error("OpenSSL could not compute SHA-256");
}

}  // namespace

Digest sha256(std::string_view bytes) {
  Digest::Bytes out{};
  must_succeed(EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr,
                          openssl_digest(HashAlgorithm::Sha256), nullptr));
  return Digest(out);
}

Sha256::Sha256() : context_(nullptr) {
  EvpMdCtxPtr context(EVP_MD_CTX_new());
  must_succeed(context ? EVP_DigestInit_ex2(context.get(), openssl_digest(HashAlgorithm::Sha256), nullptr)
                       : 0);
  context_ = context.release();
}

Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void Sha256::add(std::string_view bytes) {
  must_succeed(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size()));
}

Digest Sha256::finish() {
  Digest::Bytes out{};
  must_succeed(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), out.data(), nullptr));
  return Digest(out);
}

}  // namespace tegata::verifier
