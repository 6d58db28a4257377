// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>

#include "verifier/crypto/hash.h"
#include "verifier/sigstore/candidate/signed_payload.h"
#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/message_members.h"

namespace tegata::verifier {

/// A signature over bytes that are not in the bundle, and a hash of these bytes.
struct MessageSignature {
  HashAlgorithm algorithm;
  std::string digest;  ///< raw bytes; untrusted, for comparison only
  std::string signature;
};

/// A sigstore bundle (protobuf-specs, sigstore_bundle.proto) with a valid structure.
struct Bundle {
  SigningMaterial material;
  std::variant<DsseEnvelope, MessageSignature> content;
};

/// Reads bundles of v0.1, v0.2 and v0.3; fields by either of their JSON names (use_json_names()).
/// BundleMalformed: not strict JSON; a media type that is none of these; an unknown member; a field under
/// both names; neither or both of messageSignature and dsseEnvelope; not exactly one of publicKey,
/// certificate and x509CertificateChain, or the chain in v0.3, empty or with a root in it; an envelope
/// without exactly one signature; a log entry without the promise (v0.1) or the proof with its checkpoint
/// (later) that its version requires. TooLarge: above limits.h. CertificateMalformed, LogEntryMalformed. The
/// material is not verified here.
[[nodiscard]] OrRejection<Bundle> parse_bundle(std::string_view json);

/// The members of a bundle's JSON form, by their lowerCamelCase names (protobuf-specs: sigstore_bundle.proto,
/// sigstore_rekor.proto, sigstore_common.proto; DSSE: envelope.proto).
namespace bundle_shape {

inline constexpr std::array kRawBytes = {MemberShape{"rawBytes", {}}};
inline constexpr std::array kChain = {MemberShape{"certificates", kRawBytes}};
inline constexpr std::array kPublicKey = {MemberShape{"hint", {}}};

inline constexpr std::array kLogId = {MemberShape{"keyId", {}}};
inline constexpr std::array kKindVersion = {MemberShape{"kind", {}}, MemberShape{"version", {}}};
inline constexpr std::array kPromise = {MemberShape{"signedEntryTimestamp", {}}};
inline constexpr std::array kCheckpoint = {MemberShape{"envelope", {}}};
inline constexpr std::array kProof = {MemberShape{"logIndex", {}}, MemberShape{"rootHash", {}},
                                      MemberShape{"treeSize", {}}, MemberShape{"hashes", {}},
                                      MemberShape{"checkpoint", kCheckpoint}};
inline constexpr std::array kLogEntry = {
    MemberShape{"logIndex", {}},           MemberShape{"logId", kLogId},
    MemberShape{"integratedTime", {}},     MemberShape{"kindVersion", kKindVersion},
    MemberShape{"inclusionProof", kProof}, MemberShape{"inclusionPromise", kPromise},
    MemberShape{"canonicalizedBody", {}}};

inline constexpr std::array kTimestamp = {MemberShape{"signedTimestamp", {}}};
inline constexpr std::array kTimestampData = {MemberShape{"rfc3161Timestamps", kTimestamp}};

inline constexpr std::array kVerificationMaterial = {
    MemberShape{"publicKey", kPublicKey}, MemberShape{"x509CertificateChain", kChain},
    MemberShape{"certificate", kRawBytes}, MemberShape{"tlogEntries", kLogEntry},
    MemberShape{"timestampVerificationData", kTimestampData}};

inline constexpr std::array kMessageDigest = {MemberShape{"algorithm", {}}, MemberShape{"digest", {}}};
inline constexpr std::array kMessageSignature = {MemberShape{"messageDigest", kMessageDigest},
                                                 MemberShape{"signature", {}}};
inline constexpr std::array kDsseSignature = {MemberShape{"sig", {}}, MemberShape{"keyid", {}}};
// envelope.proto of DSSE calls the field payloadType itself.
inline constexpr std::array kDsseEnvelope = {
    MemberShape{"payload", {}},
    MemberShape{"payloadType", {}, MemberShape::Inside::Known, MemberShape::Original::SameName},
    MemberShape{"signatures", kDsseSignature}};

inline constexpr std::array kBundle = {
    MemberShape{"mediaType", {}}, MemberShape{"verificationMaterial", kVerificationMaterial},
    MemberShape{"messageSignature", kMessageSignature}, MemberShape{"dsseEnvelope", kDsseEnvelope}};

}  // namespace bundle_shape

}  // namespace tegata::verifier
