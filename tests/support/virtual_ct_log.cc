// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_ct_log.h"

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {
namespace {

std::string with_length(std::string_view bytes, int width) {
  return big_endian(bytes.size(), width) + std::string(bytes);
}

}  // namespace

std::string VirtualCtLog::sct(std::string_view to_be_signed, std::string_view issuer_key_der, Time at,
                              std::string_view sct_extensions, By by) const {
  const std::string timestamp = big_endian(static_cast<std::uint64_t>(at.time_since_epoch().count()), 8);
  const std::string extensions = with_length(sct_extensions, 2);
  const std::string version_and_type(2, '\0'), precertificate_entry("\0\1", 2);
  const std::string signed_data = version_and_type + timestamp + precertificate_entry +
                                  hash_of(issuer_key_der) + with_length(to_be_signed, 3) + extensions;
  const std::string log_id = hash_of((by == By::Stranger ? other_key_ : key_).public_key_der());
  const std::string signature = (by == By::Itself ? key_ : other_key_).sign(signed_data);
  const std::string sha256_ecdsa("\4\3", 2);
  return std::string(1, '\0') + log_id + timestamp + extensions + sha256_ecdsa + with_length(signature, 2);
}

CertificateExtension sct_list(const std::vector<std::string>& scts) {
  std::string list;
  for (const auto& sct : scts) list += with_length(sct, 2);
  return der_extension(kSctListOid, der(0x04, with_length(list, 2)));
}

}  // namespace tegata::testing
