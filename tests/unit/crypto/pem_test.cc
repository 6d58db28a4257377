// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/text_encoding.h"

#include <gtest/gtest.h>

namespace tegata::verifier {
namespace {

const std::string kBlock = "-----BEGIN PUBLIC KEY-----\nQUJD\nREVG\n-----END PUBLIC KEY-----";

TEST(Pem, ReadsOneBlockWithWhitespaceAroundIt) {
  for (const std::string& text : {kBlock, kBlock + "\n", "\n \t" + kBlock + "\r\n\r\n"}) {
    const auto der = decode_public_key_pem(text);
    ASSERT_TRUE(der.ok()) << text;
    EXPECT_EQ(*der, "ABCDEF");
  }
}

TEST(Pem, RefusesEverythingElse) {
  const std::string secret = "-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n";
  for (const std::string& text :
       {std::string(), std::string("key"), secret, "comment\n" + kBlock, kBlock + "\ncomment",
        kBlock + "\n" + kBlock, kBlock + "\n" + secret,
        std::string("-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----"),
        std::string("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"),
        std::string("-----BEGIN PUBLIC KEY-----\nQUJD"),
        std::string("-----BEGIN PUBLIC KEY-----\nQUI\n-----END PUBLIC KEY-----"),
        std::string("-----BEGIN PUBLIC KEY-----\nComment: x\n\nQUJD\n-----END PUBLIC KEY-----"),
        std::string("-----BEGIN RSA PUBLIC KEY-----\nQUJD\n-----END RSA PUBLIC KEY-----"),
        std::string("-----BEGIN PUBLIC KEY----------END PUBLIC KEY----")})
    EXPECT_FALSE(decode_public_key_pem(text).ok()) << text;
}

// RFC 7468, figure 2.
TEST(Pem, ReadsLinesOfAnyLengthAndAnyWhitespace) {
  for (const char* inside : {"QUJDREVG", "\nQUJDREVG\n", "\nQ\nU\nJ\nD\nR\nE\nV\nG\n", "\r\nQUJD\r\nREVG\r\n",
                             "\n\n QUJD\t\rREVG \n"}) {
    const std::string text(inside);
    EXPECT_EQ(*decode_public_key_pem("-----BEGIN PUBLIC KEY-----" + text + "-----END PUBLIC KEY-----"),
              "ABCDEF");
    EXPECT_EQ(*decode_certificate_pem("-----BEGIN CERTIFICATE-----" + text + "-----END CERTIFICATE-----\n "),
              std::vector<std::string>{"ABCDEF"});
  }
  for (const char* odd : {"QUJD\bREVG", "QUJD\vREVG", "QUJD\fREVG"})
    EXPECT_FALSE(decode_public_key_pem("-----BEGIN PUBLIC KEY-----\n" + std::string(odd) +
                                       "\n-----END PUBLIC KEY-----")
                     .ok());
}

std::string block(const std::string& label) {
  return "-----BEGIN " + label + "-----\nQUJD\n-----END " + label + "-----\n";
}

std::string der(std::string_view bytes) { return std::string(bytes) + std::string(200, '\0'); }

// The beginnings of what openssl writes.
const std::string kKeyDer = der("\x30\x59\x30\x13\x06\x07");
const std::string kPkcs1Der = der("\x30\x82\x01\x0a\x02\x82\x01\x01");
const std::string kPrivateDer = der(std::string_view("\x30\x81\x87\x02\x01\x00\x30", 7));
const std::string kEcPrivateDer = der("\x30\x77\x02\x01\x01\x04");
const std::string kCertificateDer = der("\x30\x82\x01\x6e\x30\x82\x01\x13\xa0\x03");
const std::string kPkcs7Der = der("\x30\x82\x01\x9d\x06\x09");

struct Row {
  std::string bytes;
  std::string found;
  std::string key_command;
  std::string certificates_command;
};

const Row kRows[] = {
    {"", "an empty file", "", ""},
    {" \n", "an empty file", "", ""},
    {"\xFF\xFE-", "text in UTF-16", "iconv -f UTF-16", "iconv -f UTF-16"},
    {"\xFE\xFF", "text in UTF-16", "iconv -f UTF-16", "iconv -f UTF-16"},
    {"\xEF\xBB\xBF" + kBlock, "text with a byte order mark", "sed '1s/", "sed '1s/"},
    {block("PGP PUBLIC KEY BLOCK"), "a PGP key, which is not supported", "", ""},
    {block("ENCRYPTED SIGSTORE PRIVATE KEY"), "a private key of cosign", "cosign public-key --key FILE", ""},
    {block("ENCRYPTED COSIGN PRIVATE KEY"), "a private key of cosign", "cosign public-key --key FILE", ""},
    {block("OPENSSH PRIVATE KEY"), "a private key of OpenSSH", "ssh-keygen -e -m PKCS8", ""},
    {block("PRIVATE KEY"), "a private key", "openssl pkey -in FILE -pubout", ""},
    {block("EC PARAMETERS") + block("EC PRIVATE KEY"), "a private key", "openssl pkey -in FILE -pubout", ""},
    {block("RSA PUBLIC KEY"), "an RSA key in PKCS#1", "openssl rsa -RSAPublicKey_in -in FILE", ""},
    {block("TRUSTED CERTIFICATE"), "a certificate in OpenSSL's trusted form", "openssl x509 -in FILE -pubkey",
     "openssl x509 -in FILE -out certs.pem"},
    {block("PKCS7"), "certificates in PKCS#7", "", "openssl pkcs7 -in FILE -print_certs"},
    {block("CERTIFICATE REQUEST"), "a PEM block that is cut off or of another kind", "", ""},
    {"ssh-ed25519 AAAA", "an Ed25519 key of OpenSSH, which ssh-keygen does not convert", "", ""},
    {"ssh-rsa AAAA", "a public key of OpenSSH", "ssh-keygen -e -m PKCS8", ""},
    {"ecdsa-sha2-nistp256 AAAA", "a public key of OpenSSH", "ssh-keygen -e -m PKCS8", ""},
    {"{\"kty\":\"EC\"}", "a JSON document", "", ""},
    {kKeyDer, "a public key in DER", "openssl pkey -pubin -inform DER -in FILE", ""},
    {kPkcs1Der, "an RSA key in PKCS#1, in DER", "openssl rsa -RSAPublicKey_in -inform DER", ""},
    {kPrivateDer, "a private key in DER", "openssl pkey -inform DER -in FILE -pubout", ""},
    {kEcPrivateDer, "a private key in DER", "openssl pkey -inform DER -in FILE -pubout", ""},
    {kCertificateDer, "a certificate in DER", "openssl x509 -inform DER -in FILE -pubkey",
     "openssl x509 -inform DER -in FILE -out certs.pem"},
    {kPkcs7Der, "certificates in PKCS#7, in DER", "", "openssl pkcs7 -inform DER -in FILE -print_certs"},
    {encode_base64(kKeyDer) + "\n", "a public key in base64 without the lines of PEM",
     "base64 -d FILE | openssl pkey -pubin", ""},
    {encode_base64(kCertificateDer), "a certificate in base64 without the lines of PEM",
     "base64 -d FILE | openssl x509 -inform DER -pubkey", "base64 -d FILE | openssl x509 -inform DER -out"},
    {"key", "an unknown format", "", ""},
    {"\x30", "an unknown format", "", ""},
};

void expect_told(const Error& error, const std::string& found, const std::string& command) {
  EXPECT_EQ(error.code, ErrorCode::Malformed);
  const std::string ending = command.empty() ? found : found + "; convert it: " + command;
  const auto at = error.message.find("nothing beside");
  ASSERT_NE(at, std::string::npos) << error.message;
  const auto told = error.message.substr(error.message.find("found ", at) + 6);
  EXPECT_TRUE(command.empty() ? told == ending : told.starts_with(ending)) << error.message;
}

TEST(OtherFormat, IsNamedWithTheCommandThatConvertsIt) {
  for (const auto& row : kRows) {
    const auto key = decode_public_key_pem(row.bytes);
    ASSERT_FALSE(key.ok()) << row.found;
    expect_told(key.error(), row.found, row.key_command);
    expect_told(other_format(row.bytes, PemFile::Certificates), row.found, row.certificates_command);
  }
}

TEST(OtherFormat, NamesWhatStandsBesideTheBlock) {
  const std::string certificate = block("CERTIFICATE");
  const std::string convert = "openssl pkey -pubin -in FILE -pubout -out key.pub";
  for (const auto& text : {"# comment\n" + kBlock, kBlock + "\ncomment", kBlock + certificate})
    expect_told(decode_public_key_pem(text).error(), "text beside the PEM block", convert);
  expect_told(decode_public_key_pem(kBlock + "\n" + kBlock).error(), "several public keys",
              "csplit -z -f key-");
  expect_told(decode_public_key_pem(certificate).error(), "a certificate", "openssl x509 -in FILE -pubkey");
  expect_told(decode_public_key_pem(kBlock.substr(0, 40)).error(),
              "a PEM block that is cut off or of another kind", "");
  expect_told(other_format("subject=CN = x\n" + certificate, PemFile::Certificates),
              "text beside the PEM blocks", "sed -n '/-----BEGIN CERTIFICATE-----/,");
  expect_told(other_format(kBlock, PemFile::Certificates), "a public key", "");
  for (const char* inside : {"QUI", "Comment: x\n\nQUJD", ""})
    expect_told(decode_public_key_pem("-----BEGIN PUBLIC KEY-----\n" + std::string(inside) +
                                      "\n-----END PUBLIC KEY-----")
                    .error(),
                "a PEM block that does not hold base64", "");
}

}  // namespace
}  // namespace tegata::verifier
