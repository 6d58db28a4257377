// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/certificate_chain.h"

#include <openssl/err.h>

#include <algorithm>

#include "verifier/crypto/path_search.h"
#include "verifier/crypto/x509.h"

namespace tegata::verifier {

struct CertificateAuthority::Parsed {
  std::vector<Certificate> chain;
  Purpose purpose;
  X509StorePtr store;  ///< holds the anchor only: every certificate in a store is an anchor

  [[nodiscard]] std::variant<std::vector<Certificate>, PathRefusal> search(
      const Certificate& leaf, std::span<const Certificate> untrusted, Time time) const;
};

namespace {

bool all_valid(std::span<const Certificate> path, Time time) {
  return std::all_of(path.begin(), path.end(), [time](const Certificate& one) {
    return one.not_before() <= time && time <= one.not_after();
  });
}

}  // namespace

std::variant<std::vector<Certificate>, PathRefusal> CertificateAuthority::Parsed::search(
    const Certificate& leaf, std::span<const Certificate> untrusted, Time time) const {
  using Why = PathRefusal::Why;
  const PathSearch search(store.get(), leaf, chain, untrusted);
  auto then = search.at(time);
  const auto* refusal = std::get_if<PathRefusal>(&then);
  if (refusal != nullptr && refusal->why == Why::Untrusted) return then;
  // NotValidThen requires a path that is trusted at another time.
  auto path = refusal == nullptr ? then : search.at(std::nullopt);
  if (path.index() == 1) return path;
  const auto& certificates = std::get<std::vector<Certificate>>(path);
  if (auto broken = broken_rule(certificates, purpose))
    return PathRefusal{Why::Untrusted, *std::move(broken)};
  if (refusal != nullptr) return then;
  // OpenSSL's times are whole seconds.
  if (!all_valid(certificates, time)) return PathRefusal{Why::NotValidThen, "a certificate has expired"};
  return path;
}

Result<CertificateAuthority> CertificateAuthority::of(std::vector<Certificate> chain, Purpose purpose) {
  if (chain.empty()) return Error{ErrorCode::Malformed, "a certificate authority without a certificate"};
  for (const Certificate& certificate : chain)
    if (!certificate.is_authority())
      return Error{ErrorCode::Malformed,
                   called(CertificateAccess::x509(certificate)) + " is not a certificate authority"};
  X509StorePtr store = store_with(chain.back());
  return CertificateAuthority(std::make_shared<Parsed>(Parsed{std::move(chain), purpose, std::move(store)}));
}

std::variant<std::vector<Certificate>, PathRefusal> CertificateAuthority::path(
    const Certificate& leaf, std::span<const Certificate> untrusted, Time time) const {
  ERR_clear_error();
  auto path = parsed_->search(leaf, untrusted, time);
  ERR_clear_error();
  return path;
}

const std::vector<Certificate>& CertificateAuthority::chain() const noexcept { return parsed_->chain; }

}  // namespace tegata::verifier
