// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_log_body.h"

#include <nlohmann/json.hpp>

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {
namespace {

using nlohmann::json;

VirtualLogBody body(std::string kind, std::string version, json spec) {
  const json text = {{"apiVersion", version}, {"kind", kind}, {"spec", std::move(spec)}};
  return {std::move(kind), std::move(version), text.dump()};
}

std::string verifier_pem(const VirtualSigned& content) {
  return base64(content.certificate_der.empty() ? pem_block("PUBLIC KEY", content.public_key_der)
                                                : pem_block("CERTIFICATE", content.certificate_der));
}

json hash_v1(const std::string& bytes, int bits = 256) {
  return {{"algorithm", "sha" + std::to_string(bits)}, {"value", hex(hash_of(bytes, bits))}};
}

json hash_v2(const std::string& bytes, int bits = 256) {
  return {{"algorithm", "SHA2_" + std::to_string(bits)}, {"digest", base64(hash_of(bytes, bits))}};
}

json signature_v2(const VirtualSigned& content) {
  json verifier = {{"keyDetails", content.key_details}};
  if (content.certificate_der.empty())
    verifier["publicKey"] = {{"rawBytes", base64(content.public_key_der)}};
  else
    verifier["x509Certificate"] = {{"rawBytes", base64(content.certificate_der)}};
  return {{"content", base64(content.signature)}, {"verifier", std::move(verifier)}};
}

VirtualLogBody dsse_v001(const VirtualSigned& content) {
  return body(
      "dsse", "0.0.1",
      {{"envelopeHash", hash_v1(content.envelope.value())},
       {"payloadHash", hash_v1(content.payload.value())},
       {"signatures",
        json::array({{{"signature", base64(content.signature)}, {"verifier", verifier_pem(content)}}})}});
}

VirtualLogBody intoto_v001(const VirtualSigned& content) {
  return body(
      "intoto", "0.0.1",
      {{"content",
        {{"hash", hash_v1(content.envelope.value())}, {"payloadHash", hash_v1(content.payload.value())}}},
       {"publicKey", verifier_pem(content)}});
}

VirtualLogBody intoto_v002(const VirtualSigned& content) {
  const json signatures =
      json::array({{{"publicKey", verifier_pem(content)}, {"sig", base64(base64(content.signature))}}});
  return body("intoto", "0.0.2",
              {{"content",
                {{"envelope", {{"payloadType", "application/vnd.in-toto+json"}, {"signatures", signatures}}},
                 {"hash", hash_v1(content.envelope.value())},
                 {"payloadHash", hash_v1(content.payload.value())}}}});
}

VirtualLogBody plain_v001(const VirtualSigned& content, const std::string& kind) {
  json signature = {{"content", base64(content.signature)},
                    {"publicKey", {{"content", verifier_pem(content)}}}};
  if (kind == "rekord") signature["format"] = "x509";
  return body(kind, "0.0.1",
              {{"data", {{"hash", hash_v1(content.message, content.hash_bits)}}},
               {"signature", std::move(signature)}});
}

}  // namespace

VirtualLogBody log_body_v1(const VirtualSigned& content, EntryKind kind) {
  switch (kind) {
    case EntryKind::Rekord:
      return plain_v001(content, "rekord");
    case EntryKind::Dsse:
      return dsse_v001(content);
    case EntryKind::IntotoV001:
      return intoto_v001(content);
    case EntryKind::IntotoV002:
      return intoto_v002(content);
    case EntryKind::Fitting:
      break;
  }
  return content.envelope ? dsse_v001(content) : plain_v001(content, "hashedrekord");
}

VirtualLogBody log_body_v2(const VirtualSigned& content, EntryKind kind) {
  if (kind == EntryKind::Dsse)
    return body("dsse", "0.0.2",
                {{"dsseV002",
                  {{"payloadHash", hash_v2(content.payload.value())},
                   {"signatures", json::array({signature_v2(content)})}}}});
  must(kind == EntryKind::Fitting);
  return body(
      "hashedrekord", "0.0.2",
      {{"hashedRekordV002",
        {{"data", hash_v2(content.message, content.hash_bits)}, {"signature", signature_v2(content)}}}});
}

}  // namespace tegata::testing
