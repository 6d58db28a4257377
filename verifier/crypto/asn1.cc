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

std::optional<DerElement> take_der_element(std::string_view& bytes) {
  const unsigned char* cursor = openssl_bytes(bytes);
  long size = 0;
  int tag = 0;
  int tag_class = 0;
  const int kind = ASN1_get_object(&cursor, &size, &tag, &tag_class, static_cast<long>(bytes.size()));
  ERR_clear_error();
  if ((kind & 0x80) != 0 || (kind & 0x01) != 0 || bytes.empty()) return std::nullopt;
  const auto header = static_cast<std::size_t>(cursor - openssl_bytes(bytes));
  const std::size_t end = header + static_cast<std::size_t>(size);
  if (end > bytes.size()) return std::nullopt;
  const DerElement element{bytes.front(), bytes.substr(0, end), bytes.substr(header, end - header)};
  bytes.remove_prefix(end);
  return element;
}

std::optional<std::string_view> only_der_element(std::string_view bytes, char tag) {
  const auto element = take_der_element(bytes);
  if (!element || element->tag != tag || !bytes.empty()) return std::nullopt;
  return element->contents;
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
