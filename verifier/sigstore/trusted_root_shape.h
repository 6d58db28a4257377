// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "verifier/sigstore/message_members.h"

/// The members of trusted_root.json, in lowerCamelCase (protobuf-specs: sigstore_trustroot.proto,
/// sigstore_common.proto).
namespace tegata::verifier::trusted_root_shape {

inline constexpr std::array kValidFor = {MemberShape{"start", {}}, MemberShape{"end", {}}};
inline constexpr std::array kPublicKey = {MemberShape{"rawBytes", {}}, MemberShape{"keyDetails", {}},
                                          MemberShape{"validFor", kValidFor}};
inline constexpr std::array kLogId = {MemberShape{"keyId", {}}};
inline constexpr std::array kLog = {MemberShape{"baseUrl", {}},   MemberShape{"hashAlgorithm", {}},
                                    MemberShape{"logId", kLogId}, MemberShape{"publicKey", kPublicKey},
                                    MemberShape{"operator", {}},  MemberShape{"checkpointKeyId", kLogId}};

inline constexpr std::array kSubject = {MemberShape{"organization", {}}, MemberShape{"commonName", {}}};
inline constexpr std::array kCertificate = {MemberShape{"rawBytes", {}}};
inline constexpr std::array kChain = {MemberShape{"certificates", kCertificate}};
inline constexpr std::array kAuthority = {MemberShape{"subject", kSubject}, MemberShape{"uri", {}},
                                          MemberShape{"certChain", kChain},
                                          MemberShape{"validFor", kValidFor}, MemberShape{"operator", {}}};

inline constexpr std::array kTrustedRoot = {
    MemberShape{"mediaType", {}}, MemberShape{"tlogs", kLog}, MemberShape{"ctlogs", kLog},
    MemberShape{"certificateAuthorities", kAuthority}, MemberShape{"timestampAuthorities", kAuthority}};

}  // namespace tegata::verifier::trusted_root_shape
