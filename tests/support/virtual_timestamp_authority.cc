// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_timestamp_authority.h"

#include <openssl/cms.h>
#include <openssl/objects.h>

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;

X509Ptr parsed(const std::string& certificate) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(certificate.data());
  X509Ptr result(d2i_X509(nullptr, &bytes, static_cast<long>(certificate.size())));
  must(result != nullptr);
  return result;
}

std::string hash_algorithm(int bits) {
  const char* oid = bits == 160   ? "1.3.14.3.2.26"
                    : bits == 384 ? "2.16.840.1.101.3.4.2.2"
                    : bits == 512 ? "2.16.840.1.101.3.4.2.3"
                                  : "2.16.840.1.101.3.4.2.1";
  return der(0x30, der_oid(oid) + der(0x05, ""));
}

/// TSTInfo, RFC 3161, section 2.4.2.
std::string token_info(std::string_view message, Time at, int hash_bits) {
  const std::string imprint = der(0x30, hash_algorithm(hash_bits) + der(0x04, hash_of(message, hash_bits)));
  const std::string policy = der_oid("1.3.6.1.4.1.57264.2");
  const std::string serial = der(0x02, "\1" + hash_of(message).substr(0, 8));
  return der(0x30, der(0x02, "\1") + policy + imprint + serial + der_time(at));
}

/// OpenSSL would take the time of the clock.
void set_signing_time(CMS_SignerInfo* signer, Time at) {
  const std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> time(ASN1_TIME_set(nullptr, unix_seconds(at)));
  must(time && CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, time->type, time.get(), -1) == 1);
}

std::string encoded(CMS_ContentInfo* token) {
  unsigned char* bytes = nullptr;
  const int size = i2d_CMS_ContentInfo(token, &bytes);
  must(size > 0);
  std::string result(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return result;
}

}  // namespace

VirtualTimestampAuthority::VirtualTimestampAuthority(const Settings& settings)
    : ca_({settings.name, "timeStamping", settings.from, settings.until, {}}), key_(settings.key) {
  leaf_der_ = ca_.issue({settings.name,
                         "",
                         settings.from,
                         settings.until,
                         {{"basicConstraints", "critical,CA:FALSE"},
                          {"keyUsage", "critical,digitalSignature"},
                          {"extendedKeyUsage", settings.usage}}},
                        key_);
}

std::string VirtualTimestampAuthority::stamp(std::string_view message, Time at, Embed embed,
                                             int hash_bits) const {
  const std::string info = token_info(message, at, hash_bits);
  const std::unique_ptr<BIO, Freed<BIO_free>> content(
      BIO_new_mem_buf(info.data(), static_cast<int>(info.size())));
  constexpr unsigned kFlags = CMS_PARTIAL | CMS_BINARY | CMS_NOCERTS;
  const std::unique_ptr<CMS_ContentInfo, Freed<CMS_ContentInfo_free>> token(
      CMS_sign(nullptr, nullptr, nullptr, content.get(), kFlags));
  must(token && CMS_set1_eContentType(token.get(), OBJ_nid2obj(NID_id_smime_ct_TSTInfo)) == 1);
  const X509Ptr leaf = parsed(leaf_der_);
  // CAdES: with the ESSCertIDv2 that RFC 5816 asks for.
  auto* signer = CMS_add1_signer(token.get(), leaf.get(), key_.native(), EVP_sha256(),
                                 kFlags | CMS_CADES | CMS_NOSMIMECAP);
  must(signer != nullptr);
  set_signing_time(signer, at);
  if (embed != Embed::Nothing) must(CMS_add1_cert(token.get(), leaf.get()) == 1);
  if (embed == Embed::Chain) {
    must(CMS_add1_cert(token.get(), parsed(ca_.intermediate_der()).get()) == 1);
    must(CMS_add1_cert(token.get(), parsed(ca_.root_der()).get()) == 1);
  }
  must(CMS_final(token.get(), content.get(), nullptr, kFlags) == 1);
  const std::string granted = der(0x30, der(0x02, std::string(1, '\0')));
  return der(0x30, granted + encoded(token.get()));
}

}  // namespace tegata::testing
