// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_bytes.h"

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#include <array>
#include <ctime>
#include <memory>

namespace tegata::testing {
namespace {

std::string formatted(Time time, const char* format) {
  const std::time_t seconds = unix_seconds(time);
  std::tm parts{};
  must(gmtime_r(&seconds, &parts) != nullptr);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += "0123456789abcdef"[value >> 4];
    text += "0123456789abcdef"[value & 15];
  }
  return text;
}

std::string hash_of(std::string_view bytes, int bits) {
  const std::string name = bits == 160 ? "SHA1" : "SHA2-" + std::to_string(bits);
  std::string digest(static_cast<std::size_t>(bits) / 8, '\0');
  std::size_t size = 0;
  must(EVP_Q_digest(nullptr, name.c_str(), nullptr, bytes.data(), bytes.size(),
                    reinterpret_cast<unsigned char*>(digest.data()), &size) == 1 &&
       size == digest.size());
  return digest;
}

std::string big_endian(std::uint64_t number, int width) {
  std::string bytes;
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
    bytes += static_cast<char>(number >> shift & 0xff);
  return bytes;
}

std::string pem_block(std::string_view label, std::string_view der) {
  const std::string text = base64(der);
  std::string block = "-----BEGIN " + std::string(label) + "-----\n";
  for (std::size_t at = 0; at < text.size(); at += 64) block += text.substr(at, 64) + "\n";
  return block + "-----END " + std::string(label) + "-----\n";
}

std::string der(int tag, std::string_view content) {
  const std::size_t size = content.size();
  must(size <= 0xffff);
  std::string element(1, static_cast<char>(tag));
  if (size > 0x7f) element += size > 0xff ? '\x82' : '\x81';
  return element + big_endian(size, size > 0xff ? 2 : 1) + std::string(content);
}

std::string der_oid(const std::string& oid) {
  const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> object(OBJ_txt2obj(oid.c_str(), 1),
                                                                         ASN1_OBJECT_free);
  must(object != nullptr);
  return der(0x06, {reinterpret_cast<const char*>(OBJ_get0_data(object.get())), OBJ_length(object.get())});
}

std::string der_time(Time time) { return der(0x18, formatted(time, "%Y%m%d%H%M%SZ")); }

std::int64_t unix_seconds(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string rfc3339(Time time) { return formatted(time, "%Y-%m-%dT%H:%M:%SZ"); }

}  // namespace tegata::testing
