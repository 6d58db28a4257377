// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/text_encoding.h"

#include <sodium.h>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"
#include "verifier/crypto/sodium_library.h"

namespace tegata::verifier {

std::optional<std::string> decode_base64(std::string_view text) {
  require_sodium();
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  const int status =
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL);
  if (status != 0 || end != text.data() + text.size()) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

std::string encode_base64(std::string_view bytes) {
  require_sodium();
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // libsodium writes a final NUL
  return text;
}

std::string encode_hex(std::string_view bytes) {
  require_sodium();
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  text.pop_back();
  return text;
}

std::optional<std::string> decode_base64_lines(std::string_view text) {
  std::string base64;
  base64.reserve(text.size());
  for (const char c : text)
    if (kPemWhitespace.find(c) == std::string_view::npos) base64 += c;
  return decode_base64(base64);
}

std::optional<std::string> decode_pem(std::string_view pem, std::string_view label) {
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  const std::string end = "-----END " + std::string(label) + "-----";
  std::string_view text = trimmed(pem, kPemWhitespace);
  if (!text.starts_with(begin) || !text.ends_with(end) || text.size() < begin.size() + end.size())
    return std::nullopt;
  text.remove_prefix(begin.size());
  text.remove_suffix(end.size());
  auto der = decode_base64_lines(text);
  return der && !der->empty() ? der : std::nullopt;
}

Result<std::string> decode_public_key_pem(std::string_view pem) {
  if (auto der = decode_pem(pem, "PUBLIC KEY")) return *std::move(der);
  return other_format(pem, PemFile::PublicKey);
}

Result<std::vector<std::string>> decode_certificate_pem(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  std::vector<std::string> blocks;
  for (std::string_view rest = trimmed(pem, kPemWhitespace); !rest.empty() || blocks.empty();
       rest = trimmed(rest, kPemWhitespace)) {
    if (blocks.size() == limits::kCertificateChain)
      return Error{ErrorCode::LimitExceeded,
                   "more than " + std::to_string(limits::kCertificateChain) + " certificates"};
    const auto end = rest.find(kEnd);
    if (!rest.starts_with(kBegin) || end == std::string_view::npos)
      return Error{ErrorCode::Malformed, "expected PEM blocks \"CERTIFICATE\" and nothing beside them"};
    auto der = decode_base64_lines(rest.substr(kBegin.size(), end - kBegin.size()));
    if (!der || der->empty())
      return Error{ErrorCode::Malformed, "a PEM block \"CERTIFICATE\" does not hold base64"};
    blocks.push_back(*std::move(der));
    rest.remove_prefix(end + kEnd.size());
  }
  return blocks;
}

}  // namespace tegata::verifier
