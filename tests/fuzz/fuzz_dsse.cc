// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "verifier/crypto/hash.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/candidate/candidate.h"
#include "verifier/sigstore/candidate/signed_payload.h"

// The envelope in a layer of `.att`. What is claimed is what a second look at the envelope gives; it signs
// no image; and what has to be an in-toto Statement says so.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::verifier;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto layer = sha256(text);
  const auto examined = examine(layer, EnvelopeCandidate{layer, text, {}}, Material::Read);
  if (examined.concern.signatures) std::abort();
  const auto* claims = std::get_if<SignedClaims>(&examined.claims);
  if (claims == nullptr) return 0;
  const auto document = parse_strict_json(text);
  if (!document.ok()) std::abort();
  const auto read = read_dsse_envelope(*document);
  const auto* envelope = std::get_if<DsseEnvelope>(&read);
  if (envelope == nullptr || envelope->payload_type != kInTotoPayloadType) std::abort();
  if (claims->message != pre_authentication_encoding(envelope->payload_type, envelope->payload)) std::abort();
  if (claims->payload != envelope->payload || claims->envelope != text) std::abort();
  if (claims->signatures != envelope->signatures) std::abort();
  return 0;
}
