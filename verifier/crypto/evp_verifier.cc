// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/evp_verifier.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "verifier/crypto/openssl_digest.h"
#include "verifier/crypto/openssl_error.h"

namespace tegata::verifier {
namespace {

std::string encoded(EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(key, &bytes);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace

Result<EvpPkeyPtr> read_spki(std::string_view der) {
  ERR_clear_error();
  const unsigned char* cursor = openssl_bytes(der);
  EvpPkeyPtr key(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(der.size())));
  if (!key) return drain_openssl_errors(ErrorCode::Malformed, "not a public key in DER");
  if (encoded(key.get()) != der)
    return drain_openssl_errors(ErrorCode::Malformed, "not the DER encoding of that public key");
  ERR_clear_error();
  return key;
}

Result<EvpVerifier> EvpVerifier::create(EVP_PKEY* key, HashAlgorithm hash, int padding) {
  ERR_clear_error();
  EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || EVP_PKEY_verify_init(context.get()) != 1 ||
      (padding != 0 && EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) != 1) ||
      EVP_PKEY_CTX_set_signature_md(context.get(), openssl_digest(hash)) != 1)
    return drain_openssl_errors(ErrorCode::Internal, "OpenSSL cannot check signatures with this key");
  return EvpVerifier(std::move(context), hash);
}

bool EvpVerifier::verifies(const SignedMessage& message, std::string_view signature) const {
  const std::optional<std::string> digest = message.digest(hash_);
  if (!digest) return false;
  ERR_clear_error();
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_dup(context_.get()));
  const bool good = context && EVP_PKEY_verify(context.get(), openssl_bytes(signature), signature.size(),
                                               openssl_bytes(*digest), digest->size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace tegata::verifier
