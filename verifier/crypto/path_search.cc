// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/path_search.h"

#include <algorithm>
#include <ctime>

#include "verifier/crypto/path_rules.h"

namespace tegata::verifier {
namespace {

// RFC 5280, 4.1.2.5: valid through notAfter, inclusive. OpenSSL 3.0 ends one second before it.
int include_the_last_second(int good, X509_STORE_CTX* context) {
  if (good == 1 || X509_STORE_CTX_get_error(context) != X509_V_ERR_CERT_HAS_EXPIRED) return good;
  const X509* certificate = X509_STORE_CTX_get_current_cert(context);
  const std::time_t time = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context));
  if (ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate), time) != 0) return good;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

void set_time(X509_STORE_CTX* context, std::optional<Time> time) {
  X509_VERIFY_PARAM* settings = X509_STORE_CTX_get0_param(context);
  if (!time) {
    X509_VERIFY_PARAM_set_flags(settings, X509_V_FLAG_NO_CHECK_TIME);
    return;
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
  X509_VERIFY_PARAM_set_time(settings, seconds.time_since_epoch().count());
  X509_STORE_CTX_set_verify_cb(context, include_the_last_second);
}

PathRefusal refusal_of(X509_STORE_CTX* context) {
  using Why = PathRefusal::Why;
  const int error = X509_STORE_CTX_get_error(context);
  const bool is_time = error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
  const X509* certificate = X509_STORE_CTX_get_current_cert(context);
  return {is_time ? Why::NotValidThen : Why::Untrusted,
          (certificate != nullptr ? called(certificate) + ": " : std::string()) +
              X509_verify_cert_error_string(error)};
}

}  // namespace

PathSearch::PathSearch(X509_STORE* store, const Certificate& leaf, std::span<const Certificate> own,
                       std::span<const Certificate> shipped)
    : store_(store), leaf_(leaf), own_(own), shipped_(shipped), untrusted_(stack_of(own)) {
  push_all(untrusted_, shipped);
}

std::variant<std::vector<Certificate>, PathRefusal> PathSearch::at(std::optional<Time> time) const {
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  if (!context ||
      X509_STORE_CTX_init(context.get(), store_, CertificateAccess::x509(leaf_), untrusted_.get()) != 1)
    throw std::bad_alloc();
  set_time(context.get(), time);
  if (X509_verify_cert(context.get()) != 1) return refusal_of(context.get());
  return found(X509_STORE_CTX_get0_chain(context.get()));
}

std::variant<std::vector<Certificate>, PathRefusal> PathSearch::found(STACK_OF(X509) * chain) const {
  std::vector<Certificate> path;
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const Certificate* certificate = find(sk_X509_value(chain, i));
    if (certificate == nullptr)
      return PathRefusal{PathRefusal::Why::Untrusted, "a path through a certificate that nobody gave"};
    path.push_back(*certificate);
  }
  return path;
}

const Certificate* PathSearch::find(const X509* x509) const {
  const auto is_it = [x509](const Certificate& one) {
    return X509_cmp(CertificateAccess::x509(one), x509) == 0;
  };
  if (is_it(leaf_)) return &leaf_;
  for (const auto certificates : {own_, shipped_})
    if (const auto it = std::find_if(certificates.begin(), certificates.end(), is_it);
        it != certificates.end())
      return &*it;
  return nullptr;
}

}  // namespace tegata::verifier
