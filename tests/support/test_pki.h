// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deadline.h"

namespace tegata::testing {

/// A key pair that lives as long as the test.
class TestKey {
 public:
  /// `P-256`, `P-384`, `P-521`, `secp256k1`, `RSA-2048` (or other bits), `Ed25519`.
  explicit TestKey(std::string_view kind = "P-256");
  /// The private key of a PEM file.
  [[nodiscard]] static TestKey from_file(const std::string& path);

  [[nodiscard]] std::string public_key_der() const;
  [[nodiscard]] std::string public_key_pem() const;
  /// With SHA-256, or pure Ed25519.
  [[nodiscard]] std::string sign(std::string_view message) const;
  [[nodiscard]] void* pkey() const noexcept { return key_.get(); }  ///< EVP_PKEY

 private:
  explicit TestKey(void* key);
  std::shared_ptr<void> key_;
};

/// What tests take for the present; every certificate is valid a year before and after it, unless told.
inline constexpr Time kTestNow{std::chrono::sys_days{std::chrono::year{2026} / 6 / 15}};

/// A certificate to be: by default a good leaf for signing code.
struct CertificateWish {
  std::string common_name = {};  ///< empty: an empty subject
  TestKey key = TestKey();
  Time not_before = kTestNow - std::chrono::days(365);
  Time not_after = kTestNow + std::chrono::days(365);
  /// As in an openssl configuration: `keyUsage=critical,digitalSignature`, `1.2.3.4=ASN1:UTF8String:text`,
  /// `1.2.3.4=critical,DER:0500`.
  std::vector<std::string> extensions = {"keyUsage=critical,digitalSignature", "extendedKeyUsage=codeSigning",
                                         "subjectAltName=critical,URI:https://example.com/signer"};
  std::string hash = "SHA256";  ///< of the signature over it
  int version = 3;
};

/// Extensions of an authority; `path_length` below zero: none is named.
[[nodiscard]] std::vector<std::string> authority_extensions(int path_length = -1);

/// A certificate and its key; as an issuer, a certification authority.
class TestCertificateHolder {
 public:
  [[nodiscard]] static TestCertificateHolder self_signed(const CertificateWish& wish);
  /// A root for tests that do not look at it.
  [[nodiscard]] static TestCertificateHolder root(std::string_view common_name = "test root");

  [[nodiscard]] TestCertificateHolder issue(const CertificateWish& wish) const;
  [[nodiscard]] TestCertificateHolder issue_authority(std::string_view common_name) const;
  /// The same with a SCT for each of `logs` embedded, of this time.
  [[nodiscard]] TestCertificateHolder issue_logged(const CertificateWish& wish,
                                                   const std::vector<TestKey>& logs,
                                                   Time at = kTestNow) const;

  [[nodiscard]] const std::string& der() const noexcept { return der_; }
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] const TestKey& key() const noexcept { return key_; }

 private:
  TestCertificateHolder(std::string der, TestKey key) : der_(std::move(der)), key_(std::move(key)) {}
  std::string der_;
  TestKey key_;
};

/// What a TimeStampResp is to say; by default a good one.
struct TimestampWish {
  std::string message = {};
  Time time = kTestNow;  ///< to the millisecond
  std::string imprint = "SHA256";
  std::string digest = "SHA256";  ///< of the SignerInfo
  bool with_certificates = true;
  bool with_signer_id = true;                                 ///< ESSCertIDv2
  std::vector<TestCertificateHolder> more_certificates = {};  ///< in the bag, beside the signer
  std::vector<TestCertificateHolder> more_signers = {};
  int status = 0;   ///< PKIStatus; 0 is granted
  int version = 1;  ///< of the TSTInfo
  bool critical_extension = false;
};
/// Signed by `signer`, whatever its certificate says.
[[nodiscard]] std::string timestamp_response(const TestCertificateHolder& signer, const TimestampWish& wish);

/// A good leaf of a timestamp authority.
[[nodiscard]] CertificateWish timestamp_signer(std::string_view common_name = "test tsa");

}  // namespace tegata::testing
