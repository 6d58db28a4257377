// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/trust_settings.h"

namespace tegata {

namespace verifier {
class SignatureVerifier;
}
namespace testing {
struct SignatureForger;  // tests/support only: makes VerifiedSignatures out of nothing
}

/// How a signature was stored: cosign's `.sig` tag with simple signing, or a sigstore bundle.
enum class SignatureFormat { SimpleSigning, Bundle };

/// The fact that the holder of one trusted key vouched for one image. Only verifier/sigstore makes
/// these, so to hold one is to have checked it. What it claims beside the digest is not judged yet:
/// whether annotations and docker-reference are those a rule asks for is policy's question.
class VerifiedSignature {
 public:
  [[nodiscard]] const Digest& image() const noexcept { return image_; }
  [[nodiscard]] const KeyId& signer() const noexcept { return signer_; }
  [[nodiscard]] SignatureFormat format() const noexcept { return format_; }
  /// `critical.identity.docker-reference` of a simple signing payload. A bundle has none.
  [[nodiscard]] const std::optional<std::string>& docker_reference() const noexcept {
    return docker_reference_;
  }
  /// Signed annotations (`cosign sign -a k=v`) whose values are strings.
  [[nodiscard]] const std::map<std::string, std::string>& annotations() const noexcept {
    return annotations_;
  }
  /// The digest of the blob that was signed or that holds the bundle.
  [[nodiscard]] const Digest& found_in() const noexcept { return found_in_; }

 private:
  friend class verifier::SignatureVerifier;
  friend struct testing::SignatureForger;
  VerifiedSignature(Digest image, KeyId signer, SignatureFormat format, Digest found_in)
      : image_(image), signer_(signer), format_(format), found_in_(found_in) {}

  Digest image_;
  KeyId signer_;
  SignatureFormat format_;
  std::optional<std::string> docker_reference_;
  std::map<std::string, std::string> annotations_;
  Digest found_in_;
};

/// Why a candidate does not count for an authority. Stable names; each has a line in docs/reasons.md.
enum class RejectionReason {
  OtherSigner,          ///< well formed and for this digest, but not made with this key
  SignatureAbsent,      ///< no signature beside the payload, or an empty one
  SignatureMalformed,   ///< not base64, not the encoding that the key's algorithm asks for
  PayloadMalformed,     ///< not the document that it must be
  PayloadOtherType,     ///< critical.type, payloadType or `_type` is not the one that counts
  PayloadOtherImage,    ///< signed, but for another digest
  TooLarge,             ///< above limits.h
  ContentAbsent,        ///< the registry names it and does not hold it
  ContentOtherDigest,   ///< the bytes are not those that their digest names
  BundleMalformed,      ///< breaks the structural rules of its media type
  BundleNeedsIdentity,  ///< holds a certificate; a key cannot vouch for it
};

[[nodiscard]] std::string_view name_of(RejectionReason reason) noexcept;

/// Examined, and not good enough.
struct Rejection {
  RejectionReason reason;
  std::string detail;               ///< for people; may quote the candidate, so untrusted
  std::optional<Digest> candidate;  ///< the blob or manifest it is about
};

/// What all candidates of one image say about one authority.
struct AuthorityFacts {
  KeyId authority;
  std::vector<VerifiedSignature> verified;
  std::vector<Rejection> rejected;
};

/// What is known of an image's signatures in one repository. Immutable once made, and shared.
struct SignatureFacts {
  std::vector<AuthorityFacts> authorities;  ///< in the order of the TrustSettings
  std::size_t candidates = 0;               ///< looked at, good or bad
  bool too_many = false;                    ///< the list was longer than limits.h allows
  std::optional<Error> unknown;             ///< the first candidate or list that could not be read
  /// Content address and JSON text of the ContentSource's answers that this was made from, for the
  /// audit record and for replay. Empty where nothing is recorded.
  std::string evidence_hash;
  std::shared_ptr<const std::string> evidence;

  [[nodiscard]] const AuthorityFacts* of(const KeyId& authority) const noexcept {
    for (const auto& facts : authorities)
      if (facts.authority == authority) return &facts;
    return nullptr;
  }
};

}  // namespace tegata
