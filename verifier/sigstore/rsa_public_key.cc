// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/rsa_public_key.h"

#include "verifier/crypto/asn1.h"

namespace tegata::verifier {
namespace {

using namespace std::literals;

// SEQUENCE { OID 1.2.840.113549.1.1.1, NULL }.
constexpr auto kRsaEncryption = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"sv;
constexpr char kSequence = 0x30;
constexpr char kBitString = 0x03;

}  // namespace

std::string rsa_public_key_info(std::string_view pkcs1) {
  const auto no_unused_bits = std::string(1, '\0');
  return der_element(
      kSequence, std::string(kRsaEncryption) + der_element(kBitString, no_unused_bits + std::string(pkcs1)));
}

}  // namespace tegata::verifier
