// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/simple_signing.h"

#include <nlohmann/json.hpp>

#include "verifier/json/members.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

constexpr std::string_view kType = "cosign container image signature";

// The string at critical.<group>.<key>, or nullptr.
const std::string* critical_string(const json& critical, std::string_view group, std::string_view key) {
  const json* object = member(critical, group);
  const json* value = object ? member(*object, key) : nullptr;
  return value && value->is_string() ? value->get_ptr<const std::string*>() : nullptr;
}

}  // namespace

OrRejection<SimpleSigning> read_simple_signing(std::string_view payload, const Digest& image) {
  if (payload.size() > limits::kSimpleSigningPayload)
    return reject(RejectionReason::TooLarge, "the simple signing payload is too large");
  const auto document = parse_strict_json(payload);
  if (!document.ok()) return reject(RejectionReason::PayloadMalformed, document.error());
  const json* critical = member(*document, "critical");
  if (!critical || !critical->is_object()) return malformed_payload("the payload has no object \"critical\"");

  const auto type = string_member(*critical, "type");
  if (!type.ok() || !*type) return malformed_payload("the payload has no critical.type");
  if (**type != kType)
    return reject(RejectionReason::PayloadOtherType, "critical.type is " + in_quotes(**type));

  const auto* digest = critical_string(*critical, "image", "docker-manifest-digest");
  if (!digest) return malformed_payload("the payload has no critical.image.docker-manifest-digest");
  if (*digest != image.text())
    return reject(RejectionReason::PayloadOtherImage, "the payload is about " + in_quotes(*digest));

  const auto* reference = critical_string(*critical, "identity", "docker-reference");
  if (!reference) return malformed_payload("the payload has no critical.identity.docker-reference");

  SimpleSigning read{*reference, {}};
  const json* optional = member(*document, "optional");
  if (!optional) return read;
  if (!optional->is_object())
    return malformed_payload("\"optional\" of the payload is neither null nor an object");
  for (const auto& [key, value] : optional->items())
    if (value.is_string()) read.annotations.emplace(key, value.get_ref<const std::string&>());
  return read;
}

}  // namespace tegata::verifier
