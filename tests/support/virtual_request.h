// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/model/deadline.h"
#include "tests/support/virtual_breaks.h"
#include "tests/support/virtual_certificate.h"
#include "tests/support/virtual_key.h"
#include "tests/support/virtual_log_body.h"
#include "tests/support/virtual_timestamp_authority.h"

namespace tegata::testing {

/// When things are signed unless a test says otherwise: 2026-06-01 12:00:00 UTC.
inline constexpr Time kSigningTime =
    std::chrono::sys_days{std::chrono::year{2026} / 6 / 1} + std::chrono::hours{12};

enum class Rekor { None, V1, V2 };
enum class NameKind { Uri, Email, Dns, Ip, Other };
/// A subject alternative name. Other: Fulcio's otherName, `user!domain`. Ip: 4 or 16 raw bytes.
using AlternativeName = std::pair<NameKind, std::string>;

/// How to sign. As it stands: a GitHub workflow, with a certificate that has an SCT, logged by Rekor v1.
struct SigningRequest {
  std::string identity = "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main";
  NameKind identity_kind = NameKind::Uri;
  std::vector<AlternativeName> more_names = {};
  std::string issuer = "https://token.actions.githubusercontent.com";
  std::optional<std::string> issuer_v1 = {};  ///< of OID .1.1; none: the issuer; "": left out
  std::optional<std::string> issuer_v2 = {};  ///< of OID .1.8; none: the issuer; "": left out
  /// OID → text: raw up to 1.3.6.1.4.1.57264.1.6, a UTF8String elsewhere.
  std::map<std::string, std::string> extensions = {};
  std::vector<CertificateExtension> more_extensions = {};
  std::string key_usage = "critical,digitalSignature";  ///< "": left out
  std::string extended_key_usage = "codeSigning";       ///< "": left out

  Time at = kSigningTime;  ///< the certificate begins, its SCT says so
  std::chrono::minutes valid_for{10};
  std::chrono::seconds logged_after{0};
  std::chrono::seconds timestamped_after{0};

  KeyKind key = KeyKind::P256;              ///< of the leaf
  std::optional<VirtualKey> bare_key = {};  ///< signs without a certificate
  std::optional<VirtualKey::Way> way = {};  ///< none: as cosign 2 (layers) and 3 (bundles) would
  bool sct = true;
  std::string sct_extensions = {};
  Rekor rekor = Rekor::V1;
  EntryKind entry_kind = EntryKind::Fitting;
  std::function<void(nlohmann::json&)> edit_body = {};  ///< the log takes in what this makes of the body
  bool timestamp = false;
  VirtualTimestampAuthority::Embed embed = VirtualTimestampAuthority::Embed::Leaf;
  int imprint_bits = 256;
  Breaks breaks = {};
};

/// The text of the leaf, without SCTs.
[[nodiscard]] CertificateText leaf_text(const SigningRequest& request);

}  // namespace tegata::testing
