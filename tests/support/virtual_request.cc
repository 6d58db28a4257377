// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_request.h"

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {
namespace {

const std::string kFulcio = "1.3.6.1.4.1.57264.1.";

std::string general_name(const AlternativeName& name) {
  const auto& [kind, text] = name;
  switch (kind) {
    case NameKind::Uri:
      return der(0x86, text);
    case NameKind::Email:
      return der(0x81, text);
    case NameKind::Dns:
      return der(0x82, text);
    case NameKind::Ip:
      return der(0x87, text);
    case NameKind::Other:
      return der(0xa0, der_oid(kFulcio + "7") + der(0xa0, der(0x0c, text)));
  }
  return {};
}

bool is_raw(const std::string& oid) {
  return oid.size() == kFulcio.size() + 1 && oid.starts_with(kFulcio) && oid.back() <= '6';
}

CertificateExtension claim(const std::string& oid, const std::string& text) {
  return der_extension(oid, is_raw(oid) ? text : der(0x0c, text));
}

}  // namespace

CertificateText leaf_text(const SigningRequest& request) {
  CertificateText text{"", "", request.at, request.at + request.valid_for, {}};
  auto& list = text.extensions;
  if (!request.key_usage.empty()) list.emplace_back("keyUsage", request.key_usage);
  if (!request.extended_key_usage.empty()) list.emplace_back("extendedKeyUsage", request.extended_key_usage);
  std::string names = general_name({request.identity_kind, request.identity});
  for (const auto& name : request.more_names) names += general_name(name);
  list.push_back(der_extension("subjectAltName", der(0x30, names), true));
  const std::string v1 = request.issuer_v1.value_or(request.issuer);
  const std::string v2 = request.issuer_v2.value_or(request.issuer);
  if (!v1.empty()) list.push_back(claim(kFulcio + "1", v1));
  if (!v2.empty()) list.push_back(claim(kFulcio + "8", v2));
  for (const auto& [oid, value] : request.extensions) list.push_back(claim(oid, value));
  list.insert(list.end(), request.more_extensions.begin(), request.more_extensions.end());
  return text;
}

}  // namespace tegata::testing
