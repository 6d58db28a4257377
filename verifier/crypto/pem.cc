// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/pem.h"

#include "policy/model/limits.h"
#include "verifier/crypto/base64.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kBegin = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view kEnd = "-----END PUBLIC KEY-----";
constexpr std::string_view kWhitespace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kWhitespace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhitespace) - first + 1);
}

std::optional<std::string> decode_lines(std::string_view text) {
  std::string base64;
  for (const char c : text)
    if (kWhitespace.find(c) == std::string_view::npos) base64 += c;
  return decode_base64(base64);
}

Error not_a_public_key(std::string_view text) {
  std::string_view found = "something else";
  if (text.empty()) found = "nothing";
  if (text.starts_with("-----BEGIN CERTIFICATE-----")) found = "a certificate";
  if (text.find("PRIVATE KEY-----") != std::string_view::npos) found = "a private key";
  return {ErrorCode::Malformed,
          "expected one PEM block \"PUBLIC KEY\" and nothing beside it, found " + std::string(found)};
}

}  // namespace

Result<std::string> decode_public_key_pem(std::string_view pem) {
  std::string_view text = trimmed(pem);
  if (!text.starts_with(kBegin)) return not_a_public_key(text);
  if (!text.ends_with(kEnd) || text.size() < kBegin.size() + kEnd.size())
    return Error{ErrorCode::Malformed,
                 "the PEM block \"PUBLIC KEY\" does not end, or something stands after it"};
  text.remove_prefix(kBegin.size());
  text.remove_suffix(kEnd.size());
  if (text.find("-----") != std::string_view::npos)
    return Error{ErrorCode::Malformed, "expected one PEM block, found a second one"};

  auto der = decode_lines(text);
  if (!der || der->empty())
    return Error{ErrorCode::Malformed, "the PEM block \"PUBLIC KEY\" does not hold base64"};
  return *std::move(der);
}

Result<std::vector<std::string>> decode_certificate_pem(std::string_view pem) {
  constexpr std::string_view kBeginCertificate = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEndCertificate = "-----END CERTIFICATE-----";
  std::vector<std::string> blocks;
  for (std::string_view rest = trimmed(pem); !rest.empty() || blocks.empty(); rest = trimmed(rest)) {
    if (blocks.size() == limits::kCertificateChain)
      return Error{ErrorCode::LimitExceeded,
                   "more than " + std::to_string(limits::kCertificateChain) + " certificates"};
    const auto end = rest.find(kEndCertificate);
    if (!rest.starts_with(kBeginCertificate) || end == std::string_view::npos)
      return Error{ErrorCode::Malformed, "expected PEM blocks \"CERTIFICATE\" and nothing beside them"};
    auto der = decode_lines(rest.substr(kBeginCertificate.size(), end - kBeginCertificate.size()));
    if (!der || der->empty())
      return Error{ErrorCode::Malformed, "a PEM block \"CERTIFICATE\" does not hold base64"};
    blocks.push_back(*std::move(der));
    rest.remove_prefix(end + kEndCertificate.size());
  }
  return blocks;
}

}  // namespace tegata::verifier
