// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_signing.h"

#include "tests/support/virtual_bytes.h"
#include "tests/support/virtual_sigstore.h"

namespace tegata::testing {

using nlohmann::json;
using Way = VirtualKey::Way;

VirtualSigning::VirtualSigning(VirtualSigstore& world, Digest image, SigningRequest request)
    : world_(&world),
      image_(image),
      request_(std::move(request)),
      key_(request_.bare_key ? *request_.bare_key : VirtualKey(request_.key)) {
  if (!request_.bare_key) leaf_ = world.certificate(request_, key_);
}

SignedLayer VirtualSigning::simple_signing(const json& optional) const {
  const json payload = {{"critical",
                         {{"identity", {{"docker-reference", "registry.example/app"}}},
                          {"image", {{"docker-manifest-digest", image_.text()}}},
                          {"type", "cosign container image signature"}}},
                        {"optional", optional}};
  return simple_signing_of(payload.dump());
}

SignedLayer VirtualSigning::simple_signing_of(const std::string& payload) const {
  const VirtualSigned content = sign_bytes(payload, way_of_layers());
  SignedLayer layer{payload, annotations(content, way_of_layers(), content.signature)};
  layer.annotations["dev.cosignproject.cosign/signature"] = base64(content.signature);
  return layer;
}

json VirtualSigning::bundle(BundleVersion version) const {
  return attestation("https://sigstore.dev/cosign/sign/v1").bundle(version);
}

std::string VirtualSigning::bundle_json(BundleVersion version) const { return bundle(version).dump(); }

json VirtualSigning::message_bundle(const std::string& artifact, BundleVersion version) const {
  const VirtualSigned content = sign_bytes(artifact, way_of_bundles());
  json result = bundle_around(content, way_of_bundles(), version);
  result["messageSignature"] = {{"messageDigest",
                                 {{"algorithm", "SHA2_" + std::to_string(content.hash_bits)},
                                  {"digest", base64(hash_of(artifact, content.hash_bits))}}},
                                {"signature", base64(content.signature)}};
  return result;
}

VirtualEnvelope VirtualSigning::attestation(const std::string& predicate_type,
                                            const std::string& predicate) const {
  const json statement = {{"_type", "https://in-toto.io/Statement/v1"},
                          {"subject", json::array({{{"digest", {{"sha256", image_.hex()}}}}})},
                          {"predicateType", predicate_type},
                          {"predicate", json::parse(predicate)}};
  return {*this, statement.dump(), "application/vnd.in-toto+json", predicate_type};
}

VirtualEnvelope VirtualSigning::envelope(std::string payload, std::string payload_type) const {
  return {*this, std::move(payload), std::move(payload_type), ""};
}

VirtualSigned VirtualSigning::sign_bytes(std::string message, Way way) const {
  VirtualSigned content;
  content.signature = key_.sign(message, way);
  content.message = std::move(message);
  content.hash_bits = key_.hash_bits(way);
  content.key_details = key_.details(way);
  content.certificate_der = leaf_.der;
  content.public_key_der = key_.public_key_der();
  return content;
}

/// cosign 2 knows no hash but SHA-256.
Way VirtualSigning::way_of_layers() const {
  const bool pure = key_.kind() == KeyKind::Ed25519;
  return request_.way.value_or(pure ? Way::Own : Way::Sha256);
}

/// Rekor v2 takes Ed25519 signatures of a hash only.
Way VirtualSigning::way_of_bundles() const {
  const bool prehashed = key_.kind() == KeyKind::Ed25519 && request_.rekor == Rekor::V2;
  return request_.way.value_or(prehashed ? Way::Ed25519ph : Way::Own);
}

VirtualSigned VirtualSigning::logged_in_the_place_of(VirtualSigned content, Way way) const {
  switch (request_.breaks.entry_about) {
    case EntryAbout::This:
      break;
    case EntryAbout::OtherSignature:  // not over the same bytes: RSA and Ed25519 would sign the same again
      content.signature = key_.sign("another message", way);
      break;
    case EntryAbout::OtherMessage:
      content.message = "another message";
      content.signature = key_.sign(content.message, way);
      if (content.payload) content.payload = content.envelope = content.message;
      break;
    case EntryAbout::OtherSigner: {
      const VirtualKey other(key_.kind());
      content.signature = other.sign(content.message, way);
      content.public_key_der = other.public_key_der();
      if (!request_.bare_key) content.certificate_der = world_->certificate(request_, other).der;
      break;
    }
  }
  return content;
}

std::map<std::string, std::string> VirtualSigning::annotations(const VirtualSigned& content, Way way,
                                                               const std::string& stamped) const {
  std::map<std::string, std::string> list;
  if (!request_.bare_key) {
    list["dev.sigstore.cosign/certificate"] = pem_block("CERTIFICATE", leaf_.der);
    list["dev.sigstore.cosign/chain"] = leaf_.chain_pem;
  }
  if (const auto entry = world_->log(logged_in_the_place_of(content, way), request_))
    list["dev.sigstore.cosign/bundle"] = annotation_form(*entry);
  if (const auto timestamp = world_->stamp(stamped, request_))
    list["dev.sigstore.cosign/rfc3161timestamp"] =
        json{{"SignedRFC3161Timestamp", base64(*timestamp)}}.dump();
  return list;
}

json VirtualSigning::bundle_around(const VirtualSigned& content, Way way, BundleVersion version) const {
  const bool latest = version == BundleVersion::V03;
  json material = json::object();
  if (request_.bare_key)
    material["publicKey"] = {{"hint", base64(hash_of(content.public_key_der))}};
  else if (latest)
    material["certificate"] = {{"rawBytes", base64(leaf_.der)}};
  else
    material["x509CertificateChain"] = {{"certificates", json::array({{{"rawBytes", base64(leaf_.der)}}})}};
  if (const auto entry = world_->log(logged_in_the_place_of(content, way), request_))
    material["tlogEntries"] = json::array({bundle_form(*entry)});
  if (const auto timestamp = world_->stamp(content.signature, request_))
    material["timestampVerificationData"] = {
        {"rfc3161Timestamps", json::array({{{"signedTimestamp", base64(*timestamp)}}})}};
  const std::string old = "application/vnd.dev.sigstore.bundle+json;version=0.";
  return {{"mediaType", latest ? "application/vnd.dev.sigstore.bundle.v0.3+json"
                               : old + (version == BundleVersion::V01 ? "1" : "2")},
          {"verificationMaterial", std::move(material)}};
}

}  // namespace tegata::testing
