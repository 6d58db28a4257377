// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "verifier/sigstore/message_members.h"

/// The members of a bundle's JSON form, by their lowerCamelCase names (protobuf-specs: sigstore_bundle.proto,
/// sigstore_rekor.proto, sigstore_common.proto; DSSE: envelope.proto).
namespace tegata::verifier::bundle_shape {

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

}  // namespace tegata::verifier::bundle_shape
