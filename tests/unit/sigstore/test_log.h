// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/support/test_signer.h"
#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/proof/inclusion.h"

namespace tegata::testing {

[[nodiscard]] Time at_second(std::int64_t second);
/// The public half as a verifier reads it.
[[nodiscard]] verifier::PublicKey public_key_of(const TestSigner& signer);
[[nodiscard]] std::string der_of(const TestSigner& signer);

/// A transparency log with a key of tests/testdata/sigstore/keys, of five leaves: the body that it is
/// given stands at index 3.
class TestLog {
 public:
  static constexpr std::int64_t kIndex = 3;
  static constexpr std::int64_t kSize = 5;
  static constexpr std::int64_t kTime = 1'795'318'744;

  TestLog(verifier::RekorApi api, std::string_view key, std::string origin);

  /// As a trusted root names it, in use since a day before kTime.
  [[nodiscard]] verifier::LogKey key() const;
  [[nodiscard]] std::string key_id() const;
  [[nodiscard]] std::string checkpoint_origin() const;

  /// An entry with everything that this API gives: proof, checkpoint, and for V1 the promise.
  [[nodiscard]] verifier::LogEntry entry(std::string_view kind, std::string_view version,
                                         const std::string& body) const;
  [[nodiscard]] std::string promise(const verifier::LogEntry& entry) const;
  [[nodiscard]] std::string checkpoint(const std::string& root, std::int64_t size) const;
  /// `— name base64(key id, signature)` and a newline.
  [[nodiscard]] std::string signature_line(const std::string& text,
                                           TestSigner::Way way = TestSigner::Way::Sha256) const;

 private:
  verifier::RekorApi api_;
  TestSigner signer_;
  bool is_ed25519_;
  std::string origin_;
};

}  // namespace tegata::testing
