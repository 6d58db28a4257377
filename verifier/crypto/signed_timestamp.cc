// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/signed_timestamp.h"

#include <openssl/err.h>

#include "verifier/crypto/timestamp_token.h"
#include "verifier/crypto/x509_store.h"

namespace tegata::verifier {

struct TimestampAuthority::Parsed {
  std::vector<Certificate> pinned;  ///< the leaf, or nothing
  CertificateAuthority authority;
  /// For OpenSSL's own look at a token. It asks for no time: `authority` does, exactly.
  X509StorePtr store;
};

Result<TimestampAuthority> TimestampAuthority::of(std::vector<Certificate> chain) {
  std::vector<Certificate> pinned;
  if (!chain.empty() && !chain.front().is_authority()) {
    pinned.push_back(chain.front());
    chain.erase(chain.begin());
  }
  TEGATA_TRY(CertificateAuthority authority,
             CertificateAuthority::of(std::move(chain), CertificateAuthority::Purpose::TimeStamping));
  X509StorePtr store = store_with(authority.chain().back(), X509_V_FLAG_NO_CHECK_TIME);
  return TimestampAuthority(
      std::make_shared<Parsed>(Parsed{std::move(pinned), std::move(authority), std::move(store)}));
}

Result<Time> TimestampAuthority::verify(std::string_view response, std::string_view message) const {
  TEGATA_TRY(const TimestampToken token, TimestampToken::parse(response));
  TEGATA_TRY(const Certificate signer, token.named_signer(parsed_->pinned));
  if (!parsed_->pinned.empty() && signer.id() != parsed_->pinned.front().id())
    return Error{ErrorCode::Malformed, "a timestamp by another signer than the authority's own"};
  if (!token.is_over(message)) return Error{ErrorCode::Malformed, "a timestamp of something else"};
  const auto path = parsed_->authority.path(signer, token.bag(), token.time());
  if (const auto* refusal = std::get_if<PathRefusal>(&path))
    return Error{ErrorCode::Malformed, "a timestamp whose signer is not trusted: " + refusal->detail};
  TEGATA_CHECK(token.check_signature(signer, std::get<std::vector<Certificate>>(path), parsed_->store.get()));
  return token.time();
}

}  // namespace tegata::verifier
