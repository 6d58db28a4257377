// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "verifier/crypto/certificate_chain.h"
#include "verifier/crypto/x509.h"

namespace tegata::verifier {

/// The first broken rule of a path (leaf first, anchor last, signatures and names already verified). Checks
/// the rules that OpenSSL 3.0 does not enforce, or enforces only for its own purposes: issuers are
/// authorities, keyUsage, extended key usage, hashes of signatures, critical extensions that are not
/// processed here.
[[nodiscard]] std::optional<std::string> broken_rule(std::span<const Certificate> path,
                                                     CertificateAuthority::Purpose purpose);

/// `certificate "common name"`, printable.
[[nodiscard]] std::string called(const X509* certificate);

/// OpenSSL's search for a path from a leaf through untrusted certificates to the anchor of a
/// store: names, signatures, basicConstraints, pathLen, name constraints and validity. It tries one path
/// and does not backtrack. The authority's own certificates are tried before those sent with the signature.
class PathSearch {
 public:
  /// All of these must outlive it.
  PathSearch(X509_STORE* store, const Certificate& leaf, std::span<const Certificate> own,
             std::span<const Certificate> sent);

  /// Without a time, validity periods are not checked.
  [[nodiscard]] std::variant<std::vector<Certificate>, PathRefusal> at(std::optional<Time> time) const;

 private:
  [[nodiscard]] std::variant<std::vector<Certificate>, PathRefusal> found(STACK_OF(X509) * chain) const;
  [[nodiscard]] const Certificate* find(const X509* x509) const;

  X509_STORE* store_;
  const Certificate& leaf_;
  std::span<const Certificate> own_;
  std::span<const Certificate> sent_;
  BorrowedX509Stack untrusted_;
};

}  // namespace tegata::verifier
