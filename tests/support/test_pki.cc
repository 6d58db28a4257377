// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_pki.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

#include "verifier/crypto/hash.h"

namespace tegata::testing {
namespace {

using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;

void must(bool good, const char* what) {
  if (good) return;
  ERR_print_errors_fp(stderr);
  throw std::runtime_error(std::string("the test could not ") + what);
}

EVP_PKEY* pkey(const TestKey& key) { return static_cast<EVP_PKEY*>(key.pkey()); }

EVP_PKEY* generate(std::string_view kind) {
  if (kind == "Ed25519") return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (kind.starts_with("RSA-"))
    return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA",
                             static_cast<std::size_t>(std::stoul(std::string(kind.substr(4)))));
  return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", std::string(kind).c_str());
}

/// Takes what an i2d function wrote.
std::string taken(int size, unsigned char* bytes) {
  must(size > 0, "write DER");
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string der_of(X509* x509) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(x509, &bytes);
  return taken(size, bytes);
}

X509Pointer read(const std::string& der) {
  const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
  X509Pointer x509(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())), X509_free);
  must(x509 != nullptr, "read its own certificate");
  return x509;
}

void set_time(ASN1_TIME* field, Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  must(ASN1_TIME_set(field, seconds) != nullptr, "set a time");
}

void add_extension(X509* x509, X509* issuer, const std::string& text) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
  const auto equals = text.find('=');
  X509_EXTENSION* extension =
      X509V3_EXT_nconf(nullptr, &context, text.substr(0, equals).c_str(), text.substr(equals + 1).c_str());
  must(extension != nullptr && X509_add_ext(x509, extension, -1) == 1, "add an extension");
  X509_EXTENSION_free(extension);
}

X509Pointer unsigned_certificate(const CertificateWish& wish, X509* issuer) {
  X509Pointer x509(X509_new(), X509_free);
  must(X509_set_version(x509.get(), wish.version - 1) == 1, "set a version");
  std::uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial));
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509.get()), serial >> 1);
  if (!wish.common_name.empty())
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1, -1, 0);
  set_time(X509_getm_notBefore(x509.get()), wish.not_before);
  set_time(X509_getm_notAfter(x509.get()), wish.not_after);
  X509_set_pubkey(x509.get(), pkey(wish.key));
  X509_set_issuer_name(x509.get(), X509_get_subject_name(issuer != nullptr ? issuer : x509.get()));
  for (const std::string& extension : wish.extensions)
    add_extension(x509.get(), issuer != nullptr ? issuer : x509.get(), extension);
  return x509;
}

void sign(X509* x509, const TestKey& key, const std::string& hash) {
  const EVP_MD* md = EVP_PKEY_is_a(pkey(key), "ED25519") == 1 ? nullptr : EVP_get_digestbyname(hash.c_str());
  must(X509_sign(x509, pkey(key), md) > 0, "sign a certificate");
}

std::string big_endian(std::uint64_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>((number >> (8 * i)) & 0xff);
  return text;
}

std::string raw(const Digest& digest) { return {digest.bytes().begin(), digest.bytes().end()}; }

// RFC 6962, 3.2, of a certificate that has no SCTs yet; written apart from what it tests.
std::string sct(const TestKey& log, const std::string& tbs, const std::string& issuer_key, Time at) {
  const std::string time = big_endian(static_cast<std::uint64_t>(at.time_since_epoch().count()), 8);
  const std::string message = std::string("\0\0", 2) + time + std::string("\0\1", 2) +
                              raw(verifier::sha256(issuer_key)) + big_endian(tbs.size(), 3) + tbs +
                              std::string("\0\0", 2);
  const std::string signature = log.sign(message);
  const char algorithm = EVP_PKEY_is_a(pkey(log), "RSA") == 1 ? '\1' : '\3';
  const std::string sct = std::string(1, '\0') + raw(verifier::sha256(log.public_key_der())) + time +
                          std::string("\0\0", 2) + '\4' + algorithm + big_endian(signature.size(), 2) +
                          signature;
  return big_endian(sct.size(), 2) + sct;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", static_cast<unsigned char>(byte));
    text += digits;
  }
  return text;
}

std::string der_octets(const std::string& bytes) {
  const auto size = bytes.size();
  if (size < 0x80) return '\4' + big_endian(size, 1) + bytes;
  return size < 0x100 ? "\x04\x81" + big_endian(size, 1) + bytes : "\x04\x82" + big_endian(size, 2) + bytes;
}

}  // namespace

TestKey::TestKey(std::string_view kind) : TestKey(static_cast<void*>(generate(kind))) {}

TestKey::TestKey(void* key) {
  must(key != nullptr, "make a key");
  key_ = std::shared_ptr<void>(key, [](void* one) { EVP_PKEY_free(static_cast<EVP_PKEY*>(one)); });
}

TestKey TestKey::from_file(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  must(file != nullptr, "open a key");
  EVP_PKEY* key = PEM_read_PrivateKey(file, nullptr, nullptr, nullptr);
  std::fclose(file);
  return TestKey(static_cast<void*>(key));
}

std::string TestKey::public_key_der() const {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(static_cast<EVP_PKEY*>(key_.get()), &bytes);
  return taken(size, bytes);
}

std::string TestKey::public_key_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, static_cast<EVP_PKEY*>(key_.get()));
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

std::string TestKey::sign(std::string_view message) const {
  auto* key = static_cast<EVP_PKEY*>(key_.get());
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const EVP_MD* hash = EVP_PKEY_is_a(key, "ED25519") == 1 ? nullptr : EVP_sha256();
  must(EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key) == 1, "sign");
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t size = 0;
  must(EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size()) == 1, "sign");
  std::string signature(size, '\0');
  must(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                      message.size()) == 1,
       "sign");
  signature.resize(size);
  return signature;
}

std::vector<std::string> authority_extensions(int path_length) {
  return {"basicConstraints=critical,CA:TRUE" +
              (path_length < 0 ? std::string() : ",pathlen:" + std::to_string(path_length)),
          "keyUsage=critical,keyCertSign,cRLSign"};
}

CertificateWish timestamp_signer(std::string_view common_name) {
  return {.common_name = std::string(common_name),
          .extensions = {"keyUsage=critical,digitalSignature", "extendedKeyUsage=critical,timeStamping"}};
}

TestCertificateHolder TestCertificateHolder::self_signed(const CertificateWish& wish) {
  const X509Pointer x509 = unsigned_certificate(wish, nullptr);
  tegata::testing::sign(x509.get(), wish.key, wish.hash);
  return {der_of(x509.get()), wish.key};
}

TestCertificateHolder TestCertificateHolder::root(std::string_view common_name) {
  return self_signed({.common_name = std::string(common_name), .extensions = authority_extensions()});
}

TestCertificateHolder TestCertificateHolder::issue(const CertificateWish& wish) const {
  const X509Pointer issuer = read(der_);
  const X509Pointer x509 = unsigned_certificate(wish, issuer.get());
  tegata::testing::sign(x509.get(), key_, wish.hash);
  return {der_of(x509.get()), wish.key};
}

TestCertificateHolder TestCertificateHolder::issue_authority(std::string_view common_name) const {
  return issue({.common_name = std::string(common_name), .extensions = authority_extensions()});
}

TestCertificateHolder TestCertificateHolder::issue_logged(const CertificateWish& wish,
                                                          const std::vector<TestKey>& logs, Time at) const {
  const X509Pointer issuer = read(der_);
  const X509Pointer x509 = unsigned_certificate(wish, issuer.get());
  tegata::testing::sign(x509.get(), key_, wish.hash);  // fixes the signature algorithm within the TBS
  unsigned char* bytes = nullptr;
  const int size = i2d_re_X509_tbs(x509.get(), &bytes);
  const std::string tbs = taken(size, bytes);
  std::string scts;
  for (const TestKey& log : logs) scts += sct(log, tbs, key_.public_key_der(), at);
  add_extension(x509.get(), issuer.get(),
                "1.3.6.1.4.1.11129.2.4.2=DER:" + hex(der_octets(big_endian(scts.size(), 2) + scts)));
  tegata::testing::sign(x509.get(), key_, wish.hash);
  return {der_of(x509.get()), wish.key};
}

std::string TestCertificateHolder::pem() const {
  const X509Pointer x509 = read(der_);
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, x509.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

}  // namespace tegata::testing
