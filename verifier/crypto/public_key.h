// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"
#include "policy/model/trust_settings.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {

/// The message of a signature: its bytes, or only one hash of them. A view: the data must outlive it.
class SignedMessage {
 public:
  [[nodiscard]] static SignedMessage of_bytes(std::string_view bytes) { return SignedMessage(bytes); }
  /// `digest`: raw bytes, of the algorithm's length.
  [[nodiscard]] static SignedMessage of_digest(HashAlgorithm algorithm, std::string_view digest) {
    return SignedMessage(algorithm, digest);
  }

  /// None if only a hash is known.
  [[nodiscard]] const std::optional<std::string_view>& bytes() const noexcept { return bytes_; }
  /// Raw bytes. None if only a hash is known and it is of another algorithm, or does not have this
  /// algorithm's length.
  [[nodiscard]] std::optional<std::string> digest(HashAlgorithm algorithm) const;

 private:
  explicit SignedMessage(std::string_view bytes) : bytes_(bytes) {}
  SignedMessage(HashAlgorithm algorithm, std::string_view digest) : algorithm_(algorithm), digest_(digest) {}
  std::optional<std::string_view> bytes_;
  HashAlgorithm algorithm_ = HashAlgorithm::Sha256;
  std::string_view digest_;
};

/// Whether a signature was made with a key. `Malformed`: it cannot be a signature by a key of this type.
enum class SignatureCheck { Good, NotByThisKey, Malformed };

/// A public key that signatures are checked with: ECDSA P-256, P-384 or P-521; RSA of 2048 to 4096
/// bits with e >= 3 and odd; Ed25519. Other keys and curves are refused during parsing. The
/// key's algorithm identifier is binding: an RSASSA-PSS key never verifies PKCS#1 v1.5.
///
/// Parsed once, used from any thread.
class PublicKey {
 public:
  /// One PEM block `PUBLIC KEY` (SubjectPublicKeyInfo), with nothing but whitespace around it.
  [[nodiscard]] static Result<PublicKey> parse_pem(std::string_view pem);
  /// SubjectPublicKeyInfo in DER, without trailing bytes.
  [[nodiscard]] static Result<PublicKey> parse_der(std::string_view der);

  [[nodiscard]] const KeyId& id() const noexcept;
  [[nodiscard]] const std::string& der() const noexcept;  ///< SubjectPublicKeyInfo
  /// `ECDSA P-256`, `RSA 3072`, `Ed25519`.
  [[nodiscard]] std::string_view algorithm() const noexcept;

  /// Tries every variant that cosign 2.5 and 3.1 write with this kind of key, in this order:
  /// the curve's own hash, then SHA-256; Ed25519 pure, then Ed25519ph.
  [[nodiscard]] SignatureCheck check(std::string_view message, std::string_view signature) const;
  /// The same for a message of which only a hash may be known. Variants that need another hash, or the
  /// message itself, are then NotByThisKey. Both Ed25519 variants need the message: pure signs it, and
  /// libsodium verifies Ed25519ph from its internal hash state, not from a finished SHA-512.
  [[nodiscard]] SignatureCheck check(const SignedMessage& message, std::string_view signature) const;
  /// Only the variant that transparency logs use (RFC 6962, section 2.1.4; C2SP signed-note):
  /// ECDSA of any curve and RSA over SHA-256, Ed25519 pure. Ed25519ph is not accepted.
  [[nodiscard]] SignatureCheck check_log(std::string_view message, std::string_view signature) const;

 private:
  struct Parsed;
  explicit PublicKey(std::shared_ptr<const Parsed> parsed);
  std::shared_ptr<const Parsed> parsed_;
};

/// Whether this could be a signature by any key that PublicKey supports: DER of ECDSA, 64 bytes for
/// Ed25519, or the length of an RSA modulus. Distinguishes a signature by another signer from garbage. It
/// proves nothing.
[[nodiscard]] bool has_signature_shape(std::string_view signature) noexcept;

/// Whether these bytes are an ECDSA signature in its only DER encoding (RFC 3279,
/// section 2.2.3): SEQUENCE { r INTEGER, s INTEGER }, both positive, minimal and of at most
/// `scalar_bytes` bytes, and nothing after it. A high s is valid.
[[nodiscard]] bool is_ecdsa_der(std::string_view signature, std::size_t scalar_bytes) noexcept;

}  // namespace tegata::verifier
