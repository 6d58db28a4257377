// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root_authorities.h"

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/crypto/base64.h"
#include "verifier/json/members.h"
#include "verifier/sigstore/read_valid_for.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

Result<Certificate> read_authority(const json& element) {
  TEGATA_TRY(const auto text, string_member(element, "rawBytes"));
  const auto der = text ? decode_base64(*text) : std::nullopt;
  if (!der) return Error{ErrorCode::Malformed, "rawBytes is not base64"};
  return Certificate::parse_der(*der);
}

Result<std::vector<Certificate>> read_chain(const json& authority) {
  const auto* chain = member(authority, "certChain");
  const auto* list = chain ? member(*chain, "certificates") : nullptr;
  if (!list || !list->is_array() || list->empty())
    return Error{ErrorCode::Malformed, "certChain holds no certificates"};
  if (list->size() > limits::kCertificateChain)
    return Error{ErrorCode::LimitExceeded,
                 "certChain holds more than " + std::to_string(limits::kCertificateChain) + " certificates"};
  std::vector<Certificate> certificates;
  for (const json& element : *list) {
    auto certificate = read_authority(element);
    if (!certificate.ok())
      return certificate.error().in("certificates[" + std::to_string(certificates.size()) + "]");
    certificates.push_back(*std::move(certificate));
  }
  return certificates;
}

}  // namespace

Result<TrustedCertificateAuthority> read_certificate_authority(const json& authority) {
  TEGATA_TRY(auto chain, read_chain(authority));
  TEGATA_TRY(const auto valid, read_valid_for(authority));
  TEGATA_TRY(auto read,
             CertificateAuthority::of(std::move(chain), CertificateAuthority::Purpose::CodeSigning));
  return TrustedCertificateAuthority{std::move(read), valid};
}

Result<TrustedTimestampAuthority> read_timestamp_authority(const json& authority) {
  TEGATA_TRY(auto chain, read_chain(authority));
  TEGATA_TRY(const auto valid, read_valid_for(authority));
  TEGATA_TRY(auto read, TimestampAuthority::of(std::move(chain)));
  return TrustedTimestampAuthority{std::move(read), valid};
}

}  // namespace tegata::verifier
