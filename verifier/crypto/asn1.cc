// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/asn1.h"

#include <openssl/asn1.h>
#include <openssl/err.h>

#include "verifier/crypto/openssl_support.h"

namespace tegata::verifier {
namespace {

bool is_control(unsigned long character) noexcept {
  return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

// OpenSSL's reader refuses overlong forms. Code points outside Unicode are refused here.
bool is_unicode(unsigned long character) noexcept {
  return character <= 0x10ffff && (character < 0xd800 || character > 0xdfff);
}

}  // namespace

bool is_plain_text(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    unsigned long character = 0;
    const int size = UTF8_getc(openssl_bytes(bytes), static_cast<int>(bytes.size()), &character);
    if (size <= 0 || !is_unicode(character) || is_control(character)) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::optional<std::string> read_utf8_string(std::string_view der) {
  using StringPtr = std::unique_ptr<ASN1_UTF8STRING, OpensslFree<ASN1_UTF8STRING_free>>;
  ERR_clear_error();
  const unsigned char* cursor = openssl_bytes(der);
  const StringPtr string(d2i_ASN1_UTF8STRING(nullptr, &cursor, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!string || openssl_encoded(i2d_ASN1_UTF8STRING, string.get()) != der) return std::nullopt;
  std::string text(openssl_view(string.get()));
  if (!is_plain_text(text)) return std::nullopt;
  return text;
}

std::string der_element(char tag, std::string_view contents) {
  std::string length;
  for (std::size_t rest = contents.size(); rest != 0; rest >>= 8)
    length.insert(length.begin(), static_cast<char>(rest & 0xff));
  std::string element(1, tag);
  if (contents.size() < 0x80)
    element += static_cast<char>(contents.size());
  else
    element += static_cast<char>(0x80 | length.size()) + length;
  return element.append(contents);
}

}  // namespace tegata::verifier
