// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/openssl_support.h"

#include <openssl/err.h>

#include <ctime>
#include <stdexcept>

#include "policy/model/limits.h"

namespace tegata::verifier {

Error drain_openssl_errors(ErrorCode code, std::string_view what) {
  std::string message(what);
  std::string_view separator = ": ";
  while (const unsigned long error = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(error);
    message += separator;
    message += reason != nullptr ? reason : "OpenSSL error " + std::to_string(error);
    separator = "; ";
  }
  return {code, std::move(message)};
}

namespace {

// OpenSSL accepts a fraction in a GeneralizedTime, but omits it from the result.
std::optional<std::chrono::milliseconds> fraction_of(std::string_view time) {
  const auto dot = time.find('.');
  if (dot == std::string_view::npos) return std::chrono::milliseconds(0);
  int milliseconds = 0;
  int place = 100;
  for (const char digit : time.substr(dot + 1, time.size() - dot - 2)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    milliseconds += place * (digit - '0');
    place /= 10;
  }
  return std::chrono::milliseconds(milliseconds);
}

}  // namespace

std::optional<Time> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const std::string_view text = openssl_view(time);
  if (!text.ends_with('Z')) return std::nullopt;
  const auto fraction = fraction_of(text);
  if (!fraction) return std::nullopt;
  return Time(std::chrono::seconds(::timegm(&parts))) + *fraction;
}

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
