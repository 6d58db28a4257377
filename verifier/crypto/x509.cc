// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/x509.h"

#include "policy/model/limits.h"

namespace tegata::verifier {

X509StorePtr store_with(const Certificate& anchor, unsigned long more_flags) {
  constexpr int kSecurityLevel = 2;  // SSL_CTX_set_security_level(3): 112 bits
  X509StorePtr store(X509_STORE_new());
  if (!store || X509_STORE_add_cert(store.get(), CertificateAccess::x509(anchor)) != 1 ||
      X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN | more_flags) != 1 ||
      X509_STORE_set_depth(store.get(), static_cast<int>(limits::kCertificateChain)) != 1)
    throw std::bad_alloc();
  X509_VERIFY_PARAM_set_auth_level(X509_STORE_get0_param(store.get()), kSecurityLevel);
  return store;
}

}  // namespace tegata::verifier
