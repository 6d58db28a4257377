// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "policy/model/limits.h"
#include "tests/support/recorded_signing.h"
#include "verifier/crypto/certificate.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/signed_certificate_timestamp.h"
#include "verifier/sigstore/proof/certified_identity.h"

namespace {

using namespace tegata::verifier;

void demand(bool holds) {
  if (!holds) std::abort();
}

// An authority that issued nothing in the corpus.
const CertificateAuthority& stranger() {
  static const auto authority = *CertificateAuthority::of(
      *Certificate::parse_pem(tegata::testing::recorded_file("mock/evilfulcio-chain.pem")),
      CertificateAuthority::Purpose::CodeSigning);
  return authority;
}

void examine_names(const Certificate& certificate) {
  const auto names = certificate.subject_alternative_names();
  if (names.ok()) demand(names->size() <= tegata::limits::kAlternativeNames);
  const auto read = identity_of(certificate);
  const auto* identity = std::get_if<tegata::CertificateIdentity>(&read);
  if (identity == nullptr) return;
  demand(names.ok() && names->size() <= 1);
  demand(identity->subject == (names->empty() ? "" : names->front()));
  demand(identity->issuer.find('\0') == std::string::npos &&
         identity->subject.find('\0') == std::string::npos);
}

void examine_timestamps(const Certificate& certificate) {
  const auto timestamps = embedded_timestamps(certificate, stranger().chain().front());
  if (!timestamps.ok()) return;
  demand(timestamps->size() <= tegata::limits::kCertificateTimestamps);
  for (const auto& one : *timestamps)
    demand(one.log_id.size() == 32 && one.signed_data.starts_with(std::string(2, '\0')));
}

void examine(const Certificate& certificate) {
  demand(certificate.id() == sha256(certificate.der()));
  const auto again = Certificate::parse_der(certificate.der());
  demand(again.ok() && again->der() == certificate.der());
  if (const auto key = certificate.public_key(); key.ok()) demand(key->der() == certificate.public_key_der());
  examine_names(certificate);
  examine_timestamps(certificate);
  demand(std::holds_alternative<PathRefusal>(stranger().path(certificate, {}, certificate.not_before())));
}

}  // namespace

// A certificate, in DER or PEM: what is read is read to its last byte, and a stranger's at any time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto der = Certificate::parse_der(bytes); der.ok()) {
    demand(der->der() == bytes);
    examine(*der);
  }
  if (const auto pem = Certificate::parse_pem(bytes); pem.ok()) {
    demand(!pem->empty() && pem->size() <= tegata::limits::kCertificateChain);
    for (const auto& one : *pem) examine(one);
  }
  return 0;
}
