// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "policy/model/digest.h"
#include "tests/support/virtual_ca.h"
#include "tests/support/virtual_ct_log.h"
#include "tests/support/virtual_rekor_v1.h"
#include "tests/support/virtual_rekor_v2.h"
#include "tests/support/virtual_request.h"
#include "tests/support/virtual_signing.h"
#include "tests/support/virtual_timestamp_authority.h"

namespace tegata::testing {

struct VirtualSigstoreSettings {
  Time from = kSigningTime - std::chrono::days{100};  ///< of every root, log and authority
  Time until = kSigningTime + std::chrono::days{3000};
  std::optional<Time> intermediate_until = {};  ///< the intermediate that issues leaves; none: `until`
  KeyKind rekor_v2_key = KeyKind::Ed25519;
  KeyKind timestamp_key = KeyKind::P256;
};

/// A whole Sigstore in memory: certificate authority, CT log, both kinds of Rekor and a timestamp
/// authority, with fresh keys. Whoever holds its trusted root believes what it signs; SigningRequest
/// and its Breaks say what to sign and what shall be wrong with it. No clock is read. One thread.
///
///   VirtualSigstore world;
///   const auto signing = world.sign(image, {.rekor = Rekor::V2, .timestamp = true});
///   parse_trusted_root(world.trusted_root_json()), signing.bundle_json(), signing.simple_signing() …
class VirtualSigstore {
 public:
  explicit VirtualSigstore(const VirtualSigstoreSettings& settings = {});

  /// Of media type version=0.1; a document for tests to change, and its text.
  [[nodiscard]] nlohmann::json trusted_root() const;
  [[nodiscard]] std::string trusted_root_json() const;

  /// The world must outlive the signing.
  [[nodiscard]] VirtualSigning sign(const Digest& image, const SigningRequest& request = {});

  [[nodiscard]] VirtualLeaf certificate(const SigningRequest& request, const VirtualKey& key) const;
  /// None where the request asks for no log.
  [[nodiscard]] std::optional<VirtualLogEntry> log(const VirtualSigned& content,
                                                   const SigningRequest& request);
  /// A TimeStampResp in DER; none where the request asks for none.
  [[nodiscard]] std::optional<std::string> stamp(std::string_view bytes, const SigningRequest& request) const;

 private:
  VirtualSigstoreSettings settings_;
  VirtualCa ca_, stranger_ca_, impostor_ca_;
  VirtualCtLog ct_log_;
  VirtualRekorV1 rekor_v1_;
  VirtualRekorV2 rekor_v2_;
  VirtualTimestampAuthority tsa_, stranger_tsa_, impostor_tsa_;
};

}  // namespace tegata::testing
