// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/dsse.h"

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/json/members.h"
#include "verifier/sigstore/message_members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

}  // namespace

OrRejection<DsseEnvelope> read_dsse_envelope(const json& envelope) {
  if (!envelope.is_object()) return malformed_bundle("dsseEnvelope is not an object");
  DsseEnvelope read;
  const auto type = string_member(envelope, "payloadType");
  if (!type.ok() || !*type) return malformed_bundle("the DSSE envelope has no payloadType");
  read.payload_type = **type;
  auto payload = bytes_member(envelope, "payload");
  if (!payload) return malformed_bundle("the DSSE envelope has no payload in base64");
  read.payload = *std::move(payload);
  const json* signatures = member(envelope, "signatures");
  if (!signatures || !signatures->is_array()) return malformed_bundle("the DSSE envelope has no signatures");
  if (signatures->size() > limits::kEnvelopeSignatures)
    return reject(RejectionReason::TooLarge, "the DSSE envelope has too many signatures");
  for (const json& signature : *signatures) {
    auto bytes = bytes_member(signature, "sig");
    if (!bytes) return malformed_bundle("a signature of the DSSE envelope has no sig in base64");
    read.signatures.push_back(*std::move(bytes));
  }
  return read;
}

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
  std::string encoded = "DSSEv1 " + std::to_string(payload_type.size()) + " ";
  encoded += payload_type;
  encoded += " " + std::to_string(payload.size()) + " ";
  encoded += payload;
  return encoded;
}

}  // namespace tegata::verifier
