// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_bytes.h"
#include "tests/support/virtual_signing.h"

namespace tegata::testing {

using nlohmann::json;

VirtualSigned VirtualEnvelope::sign(VirtualKey::Way way) const {
  const std::string encoded = "DSSEv1 " + std::to_string(payload_type_.size()) + " " + payload_type_ + " " +
                              std::to_string(payload_.size()) + " " + payload_;
  VirtualSigned content = signing_.sign_bytes(encoded, way);
  content.payload = payload_;
  // In the order in which cosign writes it.
  content.envelope = R"({"payloadType":)" + json(payload_type_).dump() + R"(,"payload":")" +
                     base64(payload_) + R"(","signatures":[{"keyid":"","sig":")" + base64(content.signature) +
                     R"("}]})";
  return content;
}

json VirtualEnvelope::bundle(BundleVersion version) const {
  const auto way = signing_.way_of_bundles();
  const VirtualSigned content = sign(way);
  json result = signing_.bundle_around(content, way, version);
  result["dsseEnvelope"] = {{"payload", base64(payload_)},
                            {"payloadType", payload_type_},
                            {"signatures", json::array({{{"sig", base64(content.signature)}}})}};
  return result;
}

SignedLayer VirtualEnvelope::layer() const {
  const auto way = signing_.way_of_layers();
  const VirtualSigned content = sign(way);
  SignedLayer layer{content.envelope.value(), signing_.annotations(content, way, content.envelope.value())};
  layer.annotations["dev.cosignproject.cosign/signature"] = "";
  if (!predicate_type_.empty()) layer.annotations["predicateType"] = predicate_type_;
  return layer;
}

}  // namespace tegata::testing
