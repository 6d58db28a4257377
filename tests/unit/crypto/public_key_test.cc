// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/public_key.h"
#include "testdata_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/support/test_signer.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::verifier {
namespace {

using namespace std::literals;
using testing::fresh_public_key_der;

std::string recorded_der(const std::string& name) {
  std::ifstream file(TEGATA_TESTDATA "/sigstore/keys/" + name + ".pub", std::ios::binary);
  return *decode_public_key_pem(std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST(PublicKey, KnowsEveryKindThatCosignSignsWith) {
  const std::pair<const char*, const char*> table[] = {
      {"p256", "ECDSA P-256"}, {"p384", "ECDSA P-384"}, {"p521", "ECDSA P-521"}, {"rsa2048", "RSA 2048"},
      {"rsa3072", "RSA 3072"}, {"rsa4096", "RSA 4096"}, {"ed25519", "Ed25519"}};
  for (const auto& [name, algorithm] : table) {
    const auto key = PublicKey::parse_der(recorded_der(name));
    ASSERT_TRUE(key.ok()) << name;
    EXPECT_EQ(key->algorithm(), algorithm);
    EXPECT_EQ(key->id(), sha256(recorded_der(name)));
  }
}

TEST(PublicKey, RefusesOtherKindsOfKeys) {
  EXPECT_FALSE(PublicKey::parse_der(fresh_public_key_der("RSA-PSS", "2048")).ok());
  EXPECT_FALSE(PublicKey::parse_der(fresh_public_key_der("ED448")).ok());
  EXPECT_FALSE(PublicKey::parse_der(fresh_public_key_der("X25519")).ok());
  for (const char* curve : {"secp256k1", "P-224", "brainpoolP256r1"})
    EXPECT_FALSE(PublicKey::parse_der(fresh_public_key_der("EC", curve)).ok()) << curve;
}

// DER: tag, length in its shortest form, content.
std::string element(char tag, const std::string& content) {
  std::string out(1, tag);
  const std::size_t size = content.size();
  if (size >= 0x100) {
    out += "\x82"s + static_cast<char>(size >> 8);
  } else if (size >= 0x80) {
    out += '\x81';
  }
  return out + static_cast<char>(size & 0xff) + content;
}

// SEQUENCE { AlgorithmIdentifier rsaEncryption, BIT STRING { SEQUENCE { n, e } } }.
std::string rsa_der(const std::string& modulus, const std::string& exponent) {
  const auto algorithm = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"s;
  const std::string numbers = element('\x30', element('\x02', modulus) + element('\x02', exponent));
  return element('\x30', algorithm + element('\x03', '\0' + numbers));
}

// A number of so many bits, as the content of an INTEGER. Nobody can sign with it.
std::string number_of(int bits, char last = '\x01') {
  std::string number(static_cast<std::size_t>(bits + 7) / 8, '\x5a');
  number.front() = static_cast<char>(1 << ((bits - 1) % 8));
  number.back() = last;
  return bits % 8 == 0 ? '\0' + number : number;
}

const std::string kExponent = "\x01\x00\x01"s;

TEST(PublicKey, TakesRsaFrom2048To4096Bits) {
  EXPECT_FALSE(PublicKey::parse_der(rsa_der(number_of(1024), kExponent)).ok());
  EXPECT_FALSE(PublicKey::parse_der(rsa_der(number_of(2047), kExponent)).ok());
  EXPECT_TRUE(PublicKey::parse_der(rsa_der(number_of(2048), kExponent)).ok());
  EXPECT_TRUE(PublicKey::parse_der(rsa_der(number_of(4096), kExponent)).ok());
  EXPECT_FALSE(PublicKey::parse_der(rsa_der(number_of(4097), kExponent)).ok());
  EXPECT_FALSE(PublicKey::parse_der(rsa_der(number_of(16384), kExponent)).ok());
  EXPECT_FALSE(PublicKey::parse_der(rsa_der(number_of(2048, '\x02'), kExponent)).ok());
}

TEST(PublicKey, TakesOddRsaExponentsFromThreeTo64Bits) {
  const auto with = [](std::string_view exponent) {
    return PublicKey::parse_der(rsa_der(number_of(2048), std::string(exponent))).ok();
  };
  EXPECT_TRUE(with("\x03"sv));
  EXPECT_FALSE(with("\x01"sv));
  EXPECT_FALSE(with("\x00"sv));
  EXPECT_FALSE(with("\x04"sv));
  EXPECT_FALSE(with("\x01\x00\x00"sv));
  EXPECT_TRUE(with("\x00\xff\xff\xff\xff\xff\xff\xff\xff"sv));
  EXPECT_FALSE(with("\x01\x00\x00\x00\x00\x00\x00\x00\x01"sv));
}

TEST(PublicKey, HasOneSpellingSoThatItCountsOnce) {
  for (const char* name : {"p256", "p384", "p521", "rsa2048", "ed25519"}) {
    const std::string der = recorded_der(name);
    EXPECT_FALSE(PublicKey::parse_der(der + '\0').ok()) << name;
    EXPECT_FALSE(PublicKey::parse_der(der.substr(0, der.size() - 1)).ok()) << name;
    EXPECT_FALSE(PublicKey::parse_der("").ok());
  }
  // The compressed form of the same point.
  const std::string der = recorded_der("p256");
  const bool odd = (der.back() & 1) != 0;
  const std::string compressed = "\x30\x39\x30\x13"s + der.substr(4, 19) + "\x03\x22\x00"s +
                                 (odd ? "\x03" : "\x02") + der.substr(27, 32);
  EXPECT_FALSE(PublicKey::parse_der(compressed).ok());
}

TEST(PublicKey, RefusesPointsThatAreNotOnTheCurve) {
  for (const char* name : {"p256", "p384", "p521"}) {
    std::string der = recorded_der(name);
    der.back() = static_cast<char>(der.back() ^ 1);
    EXPECT_FALSE(PublicKey::parse_der(der).ok()) << name;
  }
  std::string small_order = recorded_der("ed25519");
  small_order.replace(12, 32, "\x01"s + std::string(31, '\0'));  // the neutral element
  EXPECT_FALSE(PublicKey::parse_der(small_order).ok());
}

TEST(PublicKey, IsAnotherKeyOrNoneAfterAnyFlippedByte) {
  for (const char* name : {"p256", "p384", "rsa2048", "ed25519"}) {
    const std::string der = recorded_der(name);
    for (std::size_t i = 0; i < der.size(); ++i) {
      std::string flipped = der;
      flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
      const auto key = PublicKey::parse_der(flipped);
      EXPECT_TRUE(!key.ok() || key->id() != sha256(der)) << name << " at " << i;
    }
  }
}

}  // namespace
}  // namespace tegata::verifier
