// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/digest.h"
#include "policy/model/image_facts.h"
#include "policy/model/trust_settings.h"

namespace tegata {

namespace verifier {
class SignatureVerifier;
}
namespace testing {
struct SignatureForger;  // tests/support only: makes VerifiedSignatures out of nothing
}

/// How a signature was stored: cosign's `.sig` tag with simple signing, a DSSE envelope under its
/// `.att` tag, or a sigstore bundle.
enum class SignatureFormat { SimpleSigning, Envelope, Bundle };

/// What a signature states, its signer and its time.
struct SignedStatement {
  Digest image;
  AuthorityId authority;  ///< under which it was verified
  /// Who signed, in one spelling: the KeyId's text, or issuer and subject of the certificate. What a
  /// threshold counts: one signer under two authorities is one.
  std::string signer;
  SignatureFormat format = SignatureFormat::SimpleSigning;
  Digest found_in;  ///< the blob that was signed, or that holds the bundle or envelope
  /// `critical.identity.docker-reference` of a simple signing payload. A bundle has none.
  std::optional<std::string> docker_reference = {};
  /// Signed annotations (`cosign sign -a k=v`) whose values are strings.
  std::map<std::string, std::string> annotations = {};
  std::optional<CertificateIdentity> identity = {};  ///< where a certificate was verified
  std::vector<Time> times = {};                      ///< proven signing times; empty: none was asked
  std::vector<std::string> logs = {};                ///< transparency logs that were verified, by origin
  std::optional<std::string> predicate_type = {};    ///< of an attestation; none: an image signature
  PredicateReading predicate = {};                   ///< of an attestation
};

/// A verified signature of a trusted signer over one image. Only verifier/sigstore can make one, so each
/// was checked. What it claims besides the digest is not judged yet: whether annotations,
/// docker-reference and predicate are those a rule requires is decided by policy/.
class VerifiedSignature {
 public:
  [[nodiscard]] const SignedStatement& statement() const noexcept { return statement_; }
  [[nodiscard]] const Digest& image() const noexcept { return statement_.image; }
  [[nodiscard]] const AuthorityId& authority() const noexcept { return statement_.authority; }
  [[nodiscard]] const std::string& signer() const noexcept { return statement_.signer; }
  [[nodiscard]] SignatureFormat format() const noexcept { return statement_.format; }
  [[nodiscard]] const std::optional<std::string>& docker_reference() const noexcept {
    return statement_.docker_reference;
  }
  [[nodiscard]] const std::map<std::string, std::string>& annotations() const noexcept {
    return statement_.annotations;
  }
  [[nodiscard]] const Digest& found_in() const noexcept { return statement_.found_in; }

 private:
  friend class verifier::SignatureVerifier;
  friend struct testing::SignatureForger;
  explicit VerifiedSignature(SignedStatement statement) : statement_(std::move(statement)) {}

  SignedStatement statement_;
};

/// Why a candidate does not count for an authority. Stable names; each has a line in docs/reasons.md.
enum class RejectionReason {
  OtherSigner,                ///< well formed and for this digest, but not made with this key
  SignatureNotByCertificate,  ///< not made with the key of the certificate beside it
  SignatureAbsent,            ///< no signature beside the payload, or an empty one
  SignatureMalformed,         ///< not base64, not the encoding that the key's algorithm requires
  PayloadMalformed,           ///< not a document of the expected format
  PayloadOtherType,           ///< critical.type, payloadType or `_type` is not the one that counts
  PayloadOtherImage,          ///< signed, but for another digest
  TooLarge,                   ///< above limits.h
  ContentAbsent,              ///< the registry names it and does not hold it
  ContentOtherDigest,         ///< the bytes are not those that their digest names
  BundleMalformed,            ///< breaks the structural rules of its media type
  BundleNeedsIdentity,        ///< holds a certificate; a key cannot verify it
  // certificates
  CertificateAbsent,            ///< signed with a bare key; an identity was required
  CertificateMalformed,         ///< not one DER certificate of a kind that signs
  CertificateUntrusted,         ///< chains to none of the roots, or breaks a rule of its chain
  CertificateNotValid,          ///< it, or its chain, was not valid at a proven signing time
  CertificateTimestampMissing,  ///< no embedded SCT of a trusted log
  CertificateTimestampInvalid,  ///< an SCT that its log did not make for this certificate
  IdentityMismatch,             ///< a valid certificate of another identity
  // signing time and transparency
  SigningTimeUnknown,     ///< nothing proves when it was signed
  TimestampMissing,       ///< no RFC 3161 timestamp of a trusted authority
  TimestampInvalid,       ///< the timestamps are not of this signature, or not valid
  LogEntryMissing,        ///< in no trusted transparency log
  LogEntryMalformed,      ///< not an entry of a kind that is read
  LogEntryOfOther,        ///< logged, but for another signature, key or payload
  LogEntryUntrusted,      ///< the log's own signature does not hold
  InclusionProofInvalid,  ///< does not lead to the root of the log's checkpoint
  CheckpointInvalid,      ///< not signed by the log, or of another log
};

[[nodiscard]] std::string_view name_of(RejectionReason reason) noexcept;

/// Examined and refused.
struct Rejection {
  RejectionReason reason;
  std::string detail;               ///< for people; may quote the candidate, so untrusted
  std::optional<Digest> candidate;  ///< the blob or manifest it is about
};

/// What all candidates of one image say about one authority.
struct AuthorityFacts {
  AuthorityId authority;
  std::vector<VerifiedSignature> verified;
  std::vector<Rejection> rejected;
};

/// What is known of an image's signatures in one repository. Immutable once made, and shared.
struct SignatureFacts {
  std::vector<AuthorityFacts> authorities;  ///< in the order of the TrustSettings
  std::size_t candidates = 0;               ///< examined, valid or not
  bool too_many = false;                    ///< the list was longer than limits.h allows
  std::optional<Error> unknown;             ///< why a candidate or list could not be read: see note_error
  Time verified_at{};                       ///< the `now` of the verification
  bool satisfied = false;  ///< everything required was found: a later look could find nothing better
  bool asks_now = false;   ///< another `now` may give other facts: they are not kept for long

  [[nodiscard]] const AuthorityFacts* of(const AuthorityId& authority) const noexcept {
    for (const auto& facts : authorities)
      if (facts.authority == authority) return &facts;
    return nullptr;
  }
};

/// The signatures and attestations beside an image's digest in one repository, checked for the authorities
/// that the rules trust. Absent: the image itself does not exist. An image without signatures is Known, with
/// none.
struct SignatureKind {
  static constexpr std::string_view kName = "signatures";
  static constexpr std::string_view kMetric = "signatures";
  static constexpr Needs kNeeds = Needs::Digest;
  static constexpr bool kOnce = false;
  struct Question {
    Repository repository;  ///< where the signatures are: the image's own, or the rule's `repository`
    std::vector<std::shared_ptr<const TrustSettings>> trust;  ///< of each rule, each once, sorted by id
    Reach reach = Reach::Signatures;                          ///< at least; more where one of `trust` asks it

    /// Rules that look in the same repository share one question.
    bool unite(const Question& other);
    /// All of `trust` as one. Made again by each call.
    [[nodiscard]] std::shared_ptr<const TrustSettings> united() const;
    [[nodiscard]] std::size_t hash() const;
    friend bool operator==(const Question& a, const Question& b);
  };
  using Value = SignatureFacts;
  /// All candidates in the image's own repository, and attestations wherever signatures are looked up.
  static void observe(ImageQuestions& image);
};

}  // namespace tegata
