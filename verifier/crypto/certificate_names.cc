// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>

#include "policy/model/limits.h"
#include "verifier/crypto/asn1_text.h"
#include "verifier/crypto/certificate_access.h"

namespace tegata::verifier {
namespace {

using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>>;

Error malformed_name(std::string_view what) {
  return {ErrorCode::Malformed, "a subject alternative name that " + std::string(what)};
}

/// Fulcio's `user!domain` (oid-info.md, 1.3.6.1.4.1.57264.1.7).
Result<std::string> other_name(const OTHERNAME& name) {
  std::array<char, 64> oid{};
  OBJ_obj2txt(oid.data(), static_cast<int>(oid.size()), name.type_id, 1);
  if (std::string_view(oid.data()) != "1.3.6.1.4.1.57264.1.7" || name.value->type != V_ASN1_UTF8STRING)
    return malformed_name("is an otherName of a kind that is not read");
  return std::string(openssl_view(name.value->value.utf8string));
}

Result<std::string> ip_address(const ASN1_OCTET_STRING* address) {
  const std::string_view octets = openssl_view(address);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (octets.size() != 4 && octets.size() != 16) return malformed_name("is no IP address");
  if (::inet_ntop(octets.size() == 4 ? AF_INET : AF_INET6, octets.data(), text.data(), text.size()) ==
      nullptr)
    return malformed_name("is no IP address");
  return std::string(text.data());
}

Result<std::string> text_of(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_URI:
    case GEN_EMAIL:
    case GEN_DNS:
      return std::string(openssl_view(name.d.ia5));
    case GEN_IPADD:
      return ip_address(name.d.iPAddress);
    case GEN_OTHERNAME:
      return other_name(*name.d.otherName);
    default:
      return malformed_name("is of a kind that is not read");
  }
}

// IA5String has seven bits; OpenSSL hands over any eight.
bool is_ascii(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) > 0x7f) return false;
  return true;
}

Result<std::string> read_name(const GENERAL_NAME& name) {
  TEGATA_TRY(std::string text, text_of(name));
  if (text.empty()) return malformed_name("is empty");
  if (!is_plain_text(text) || (name.type != GEN_OTHERNAME && !is_ascii(text)))
    return malformed_name("holds NUL, a control character or bytes that are no text");
  return text;
}

}  // namespace

Result<std::vector<std::string>> Certificate::subject_alternative_names() const {
  int found = 0;
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(parsed_->x509.get(), NID_subject_alt_name, &found, nullptr)));
  ERR_clear_error();
  if (!names && found == -1) return std::vector<std::string>();
  if (!names) return malformed_name("cannot be read");
  const int count = sk_GENERAL_NAME_num(names.get());
  if (static_cast<std::size_t>(count) > limits::kAlternativeNames)
    return Error{ErrorCode::LimitExceeded,
                 "more than " + std::to_string(limits::kAlternativeNames) + " subject alternative names"};
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) {
    TEGATA_TRY(std::string text, read_name(*sk_GENERAL_NAME_value(names.get(), i)));
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace tegata::verifier
