// SPDX-License-Identifier: Apache-2.0
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <ctime>
#include <stdexcept>

#include "tests/support/test_pki.h"

namespace tegata::testing {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <typename T, auto Free>
using Owned = std::unique_ptr<T, Freed<Free>>;

void must(bool good, const char* what) {
  if (good) return;
  ERR_print_errors_fp(stderr);
  throw std::runtime_error(std::string("the test could not ") + what);
}

X509* read(const std::string& der) {
  const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
  X509* x509 = d2i_X509(nullptr, &cursor, static_cast<long>(der.size()));
  must(x509 != nullptr, "read its own certificate");
  return x509;
}

/// What one of OpenSSL's i2d functions writes.
template <typename Object, typename I2d>
std::string der_of(Object* object, I2d i2d) {
  unsigned char* bytes = nullptr;
  const int size = i2d(object, &bytes);
  must(size > 0, "write DER");
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

/// YYYYMMDDHHMMSS[.mmm]Z, without zeros at the end of the fraction (X.690, 11.7).
std::string generalized(Time time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y%m%d%H%M%S", &parts);
  std::string fraction = std::to_string(1000 + time.time_since_epoch().count() % 1000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return text + (fraction.empty() ? std::string() : "." + fraction) + "Z";
}

using InfoPtr = Owned<TS_TST_INFO, TS_TST_INFO_free>;

InfoPtr info_of(const TimestampWish& wish) {
  const EVP_MD* hash = EVP_get_digestbyname(wish.imprint.c_str());
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  must(EVP_Digest(wish.message.data(), wish.message.size(), digest, &size, hash, nullptr) == 1, "hash");
  const Owned<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
  X509_ALGOR_set_md(algorithm.get(), hash);
  const Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> imprint(TS_MSG_IMPRINT_new());
  TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get());
  TS_MSG_IMPRINT_set_msg(imprint.get(), digest, static_cast<int>(size));
  const Owned<ASN1_OBJECT, ASN1_OBJECT_free> policy(OBJ_txt2obj("1.2.3.4", 1));
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> serial(ASN1_INTEGER_new());
  ASN1_INTEGER_set(serial.get(), 7);
  const Owned<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free> time(ASN1_GENERALIZEDTIME_new());
  ASN1_STRING_set(time.get(), generalized(wish.time).c_str(), -1);
  InfoPtr info(TS_TST_INFO_new());
  TS_TST_INFO_set_version(info.get(), wish.version);
  TS_TST_INFO_set_policy_id(info.get(), policy.get());
  TS_TST_INFO_set_msg_imprint(info.get(), imprint.get());
  TS_TST_INFO_set_serial(info.get(), serial.get());
  must(TS_TST_INFO_set_time(info.get(), time.get()) == 1, "set genTime");
  if (wish.critical_extension) {
    const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509V3_EXT_nconf(nullptr, nullptr, "1.2.3.4", "critical,DER:0500"));
    must(TS_TST_INFO_add_ext(info.get(), extension.get(), -1) == 1, "add an extension");
  }
  return info;
}

// By CMS and not by OpenSSL's TS_RESP_CTX: that one signs only what is good.
PKCS7* signed_token(const TestCertificateHolder& signer, const TimestampWish& wish, const std::string& info) {
  const unsigned flags = CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL;
  const Owned<CMS_ContentInfo, CMS_ContentInfo_free> cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags));
  const Owned<ASN1_OBJECT, ASN1_OBJECT_free> type(OBJ_nid2obj(NID_id_smime_ct_TSTInfo));
  CMS_set1_eContentType(cms.get(), type.get());
  std::vector<TestCertificateHolder> signers = wish.more_signers;
  signers.insert(signers.begin(), signer);
  for (const auto& one : signers) {
    const Owned<X509, X509_free> certificate(read(one.der()));
    must(CMS_add1_signer(cms.get(), certificate.get(), static_cast<EVP_PKEY*>(one.key().pkey()),
                         EVP_get_digestbyname(wish.digest.c_str()),
                         flags | (wish.with_signer_id ? CMS_CADES : 0) |
                             (wish.with_certificates ? 0 : CMS_NOCERTS)) != nullptr,
         "add a signer");
  }
  for (const auto& more : wish.more_certificates) {
    const Owned<X509, X509_free> certificate(read(more.der()));
    CMS_add1_cert(cms.get(), certificate.get());
  }
  const Owned<BIO, BIO_free> content(BIO_new_mem_buf(info.data(), static_cast<int>(info.size())));
  must(CMS_final(cms.get(), content.get(), nullptr, flags) == 1, "sign a timestamp");
  const std::string der = der_of(cms.get(), i2d_CMS_ContentInfo);
  const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
  PKCS7* token = d2i_PKCS7(nullptr, &cursor, static_cast<long>(der.size()));
  must(token != nullptr, "read its own timestamp");
  return token;
}

}  // namespace

std::string timestamp_response(const TestCertificateHolder& signer, const TimestampWish& wish) {
  InfoPtr info = info_of(wish);
  PKCS7* token = signed_token(signer, wish, der_of(info.get(), i2d_TS_TST_INFO));
  const Owned<TS_RESP, TS_RESP_free> response(TS_RESP_new());
  const Owned<TS_STATUS_INFO, TS_STATUS_INFO_free> status(TS_STATUS_INFO_new());
  TS_STATUS_INFO_set_status(status.get(), wish.status);
  TS_RESP_set_status_info(response.get(), status.get());
  TS_RESP_set_tst_info(response.get(), token, info.release());
  return der_of(response.get(), i2d_TS_RESP);
}

}  // namespace tegata::testing
