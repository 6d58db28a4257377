// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/pem.h"

#include "policy/model/limits.h"
#include "verifier/crypto/base64.h"
#include "verifier/crypto/file_format.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kWhitespace = " \t\r\n\v\f";  // W of RFC 7468, figure 2

}  // namespace

std::string_view trimmed_pem(std::string_view text) {
  const auto first = text.find_first_not_of(kWhitespace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhitespace) - first + 1);
}

std::optional<std::string> decode_base64_lines(std::string_view text) {
  std::string base64;
  base64.reserve(text.size());
  for (const char c : text)
    if (kWhitespace.find(c) == std::string_view::npos) base64 += c;
  return decode_base64(base64);
}

Result<std::string> decode_public_key_pem(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN PUBLIC KEY-----";
  constexpr std::string_view kEnd = "-----END PUBLIC KEY-----";
  std::string_view text = trimmed_pem(pem);
  if (!text.starts_with(kBegin) || !text.ends_with(kEnd) || text.size() < kBegin.size() + kEnd.size())
    return other_format(pem, PemFile::PublicKey);
  text.remove_prefix(kBegin.size());
  text.remove_suffix(kEnd.size());
  if (text.find("-----") != std::string_view::npos) return other_format(pem, PemFile::PublicKey);

  auto der = decode_base64_lines(text);
  if (!der || der->empty())
    return Error{ErrorCode::Malformed, "the PEM block \"PUBLIC KEY\" does not hold base64"};
  return *std::move(der);
}

Result<std::vector<std::string>> decode_certificate_pem(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  std::vector<std::string> blocks;
  for (std::string_view rest = trimmed_pem(pem); !rest.empty() || blocks.empty(); rest = trimmed_pem(rest)) {
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
