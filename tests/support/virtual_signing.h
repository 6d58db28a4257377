// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "policy/model/digest.h"
#include "tests/support/virtual_request.h"

namespace tegata::testing {

class VirtualSigstore;
class VirtualEnvelope;

struct VirtualLeaf {
  std::string der;
  std::string chain_pem;  ///< of its issuer: intermediate, root
};

/// A layer of a `.sig` or `.att` manifest.
struct SignedLayer {
  std::string blob;
  std::map<std::string, std::string> annotations;
};

enum class BundleVersion { V01, V02, V03 };

/// One signer about one image. Every call signs, logs and stamps anew, by the same key and certificate.
class VirtualSigning {
 public:
  VirtualSigning(VirtualSigstore& world, Digest image, SigningRequest request);

  /// cosign's payload with `optional`, as a layer. Not with Rekor v2, which has no annotation.
  [[nodiscard]] SignedLayer simple_signing(const nlohmann::json& optional = nullptr) const;
  /// Over any payload.
  [[nodiscard]] SignedLayer simple_signing_of(const std::string& payload) const;

  /// A bundle that signs the image, as cosign 3 writes it.
  [[nodiscard]] nlohmann::json bundle(BundleVersion version = BundleVersion::V03) const;
  [[nodiscard]] std::string bundle_json(BundleVersion version = BundleVersion::V03) const;
  /// A bundle with a messageSignature over any bytes.
  [[nodiscard]] nlohmann::json message_bundle(const std::string& artifact,
                                              BundleVersion version = BundleVersion::V03) const;

  /// About the image. `predicate` is JSON.
  [[nodiscard]] VirtualEnvelope attestation(const std::string& predicate_type,
                                            const std::string& predicate = "{}") const;
  /// Any payload.
  [[nodiscard]] VirtualEnvelope envelope(std::string payload,
                                         std::string payload_type = "application/vnd.in-toto+json") const;

  [[nodiscard]] const VirtualKey& key() const noexcept { return key_; }
  [[nodiscard]] const VirtualLeaf& leaf() const noexcept { return leaf_; }  ///< empty with a bare key

 private:
  friend class VirtualEnvelope;
  [[nodiscard]] VirtualSigned sign_bytes(std::string message, VirtualKey::Way way) const;
  [[nodiscard]] VirtualKey::Way way_of_layers() const;
  [[nodiscard]] VirtualKey::Way way_of_bundles() const;
  [[nodiscard]] VirtualSigned logged_in_the_place_of(VirtualSigned content, VirtualKey::Way way) const;
  [[nodiscard]] std::map<std::string, std::string> annotations(const VirtualSigned& content,
                                                               VirtualKey::Way way,
                                                               const std::string& stamped) const;
  [[nodiscard]] nlohmann::json bundle_around(const VirtualSigned& content, VirtualKey::Way way,
                                             BundleVersion version) const;

  VirtualSigstore* world_;
  Digest image_;
  SigningRequest request_;
  VirtualKey key_;
  VirtualLeaf leaf_;
};

/// A DSSE envelope, signed when it is asked for.
class VirtualEnvelope {
 public:
  VirtualEnvelope(VirtualSigning signing, std::string payload, std::string payload_type,
                  std::string predicate_type)
      : signing_(std::move(signing)),
        payload_(std::move(payload)),
        payload_type_(std::move(payload_type)),
        predicate_type_(std::move(predicate_type)) {}

  [[nodiscard]] nlohmann::json bundle(BundleVersion version = BundleVersion::V03) const;
  [[nodiscard]] std::string bundle_json(BundleVersion version = BundleVersion::V03) const {
    return bundle(version).dump();
  }
  /// A layer of `.att`. Not with Rekor v2.
  [[nodiscard]] SignedLayer layer() const;

 private:
  [[nodiscard]] VirtualSigned sign(VirtualKey::Way way) const;

  VirtualSigning signing_;
  std::string payload_, payload_type_, predicate_type_;
};

}  // namespace tegata::testing
