// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "verifier/crypto/certificate_chain.h"
#include "verifier/crypto/x509_ptr.h"

namespace tegata::verifier {

/// OpenSSL's search for a path from a leaf over certificates that need not be trusted to the anchor of a
/// store: names, signatures, basicConstraints, pathLen, name constraints and validity. It tries one path and
/// does not come back from a wrong turn; the authority's own certificates go before those that a signer
/// ships.
class PathSearch {
 public:
  /// All of these must outlive it.
  PathSearch(X509_STORE* store, const Certificate& leaf, std::span<const Certificate> own,
             std::span<const Certificate> shipped);

  /// None: a path that may be valid at no time at all.
  [[nodiscard]] std::variant<std::vector<Certificate>, PathRefusal> at(std::optional<Time> time) const;

 private:
  [[nodiscard]] std::variant<std::vector<Certificate>, PathRefusal> found(STACK_OF(X509) * chain) const;
  [[nodiscard]] const Certificate* find(const X509* x509) const;

  X509_STORE* store_;
  const Certificate& leaf_;
  std::span<const Certificate> own_;
  std::span<const Certificate> shipped_;
  BorrowedX509Stack untrusted_;
};

}  // namespace tegata::verifier
