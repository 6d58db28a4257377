// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "tests/support/virtual_certificate.h"

namespace tegata::testing {

/// A root and an intermediate with P-384 keys, as Fulcio and Sigstore's timestamp authority have them.
class VirtualCa {
 public:
  struct Settings {
    std::string name = "virtual fulcio";
    std::string usage = "codeSigning";  ///< extended key usage of the intermediate
    Time from = {};
    Time until = {};
    std::optional<Time> intermediate_until = {};  ///< none: as long as the root
  };
  explicit VirtualCa(const Settings& settings);

  /// `text.issuer` is set to this authority's.
  [[nodiscard]] std::string issue(CertificateText text, const VirtualKey& subject_key) const;

  [[nodiscard]] std::string name() const { return settings_.name; }
  [[nodiscard]] const std::string& root_der() const noexcept { return root_der_; }
  [[nodiscard]] const std::string& intermediate_der() const noexcept { return intermediate_der_; }
  /// Intermediate, then root: PEM blocks.
  [[nodiscard]] std::string chain_pem() const;
  /// Of the intermediate: it is the issuer of leaves.
  [[nodiscard]] std::string issuer_key_der() const { return intermediate_key_.public_key_der(); }

 private:
  Settings settings_;
  VirtualKey root_key_{KeyKind::P384}, intermediate_key_{KeyKind::P384};
  std::string root_der_, intermediate_der_;
};

}  // namespace tegata::testing
