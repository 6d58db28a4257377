// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_ca.h"

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {
namespace {

const CertificateExtension kIssuerUsage = {"keyUsage", "critical,keyCertSign,cRLSign"};

}  // namespace

VirtualCa::VirtualCa(const Settings& settings) : settings_(settings) {
  const std::string root = settings.name + " root", intermediate = settings.name + " intermediate";
  root_der_ = issue_certificate({root,
                                 root,
                                 settings.from,
                                 settings.until,
                                 {{"basicConstraints", "critical,CA:TRUE,pathlen:1"}, kIssuerUsage}},
                                root_key_, root_key_);
  intermediate_der_ = issue_certificate({intermediate,
                                         root,
                                         settings.from,
                                         settings.intermediate_until.value_or(settings.until),
                                         {{"basicConstraints", "critical,CA:TRUE,pathlen:0"},
                                          kIssuerUsage,
                                          {"extendedKeyUsage", settings.usage}}},
                                        intermediate_key_, root_key_);
}

std::string VirtualCa::issue(CertificateText text, const VirtualKey& subject_key) const {
  text.issuer = settings_.name + " intermediate";
  return issue_certificate(text, subject_key, intermediate_key_);
}

std::string VirtualCa::chain_pem() const {
  return pem_block("CERTIFICATE", intermediate_der_) + pem_block("CERTIFICATE", root_der_);
}

}  // namespace tegata::testing
