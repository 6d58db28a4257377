// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/signed_timestamp.h"

#include <openssl/err.h>

#include "verifier/crypto/timestamp_token.h"
#include "verifier/crypto/x509_store.h"

namespace tegata::verifier {

struct TimestampAuthority::Parsed {
  std::vector<Certificate> pinned;  ///< the leaf, or nothing
  CertificateAuthority authority;
  X509StorePtr leaf_store;    ///< of the pinned leaf alone; null where there is none
  X509StorePtr anchor_store;  ///< for OpenSSL's own look at a token: no time, `authority` asks for that

  /// Whether `signer` made the token. Its path was found already; with the signer itself as the end of
  /// the path, OpenSSL does not verify it again. A token that names its issuers too needs them there.
  [[nodiscard]] Status check_signature(const TimestampToken& token, const Certificate& signer,
                                       std::span<const Certificate> path) const {
    if (leaf_store && token.check_signature(signer, path.first(1), leaf_store.get()).ok()) return done();
    return token.check_signature(signer, path, anchor_store.get());
  }
};

Result<TimestampAuthority> TimestampAuthority::of(std::vector<Certificate> chain) {
  std::vector<Certificate> pinned;
  if (!chain.empty() && !chain.front().is_authority()) {
    pinned.push_back(chain.front());
    chain.erase(chain.begin());
  }
  TEGATA_TRY(CertificateAuthority authority,
             CertificateAuthority::of(std::move(chain), CertificateAuthority::Purpose::TimeStamping));
  X509StorePtr leaf_store = pinned.empty() ? nullptr : store_with(pinned.front(), X509_V_FLAG_NO_CHECK_TIME);
  X509StorePtr anchor_store = store_with(authority.chain().back(), X509_V_FLAG_NO_CHECK_TIME);
  return TimestampAuthority(std::make_shared<Parsed>(
      Parsed{std::move(pinned), std::move(authority), std::move(leaf_store), std::move(anchor_store)}));
}

Result<Time> TimestampAuthority::verify(std::string_view response, std::string_view message) const {
  TEGATA_TRY(const TimestampToken token, TimestampToken::parse(response));
  TEGATA_TRY(const Certificate signer, token.named_signer(parsed_->pinned));
  if (!parsed_->pinned.empty() && signer.id() != parsed_->pinned.front().id())
    return Error{ErrorCode::Malformed, "a timestamp by another signer than the authority's own"};
  if (!token.is_over(message)) return Error{ErrorCode::Malformed, "a timestamp of something else"};
  // Before the path is searched: whoever makes tokens that only look like the authority's costs us little.
  if (!token.is_signed_by(signer)) return Error{ErrorCode::Malformed, "a timestamp that was not signed so"};
  const auto path = parsed_->authority.path(signer, token.bag(), token.time());
  if (const auto* refusal = std::get_if<PathRefusal>(&path))
    return Error{ErrorCode::Malformed, "a timestamp whose signer is not trusted: " + refusal->detail};
  TEGATA_CHECK(parsed_->check_signature(token, signer, std::get<std::vector<Certificate>>(path)));
  return token.time();
}

}  // namespace tegata::verifier
