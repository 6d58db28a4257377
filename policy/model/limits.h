// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

/// Every upper bound in the program. Each is tested at the bound and one past it.
namespace tegata::limits {

// Requests.
inline constexpr std::size_t kAdmissionBody =
    16 * 1024 * 1024;  ///< bytes; object and oldObject of 3 MiB each, and more
inline constexpr std::size_t kRequestHeader = 16 * 1024;  ///< bytes of request line and headers
inline constexpr std::size_t kEventBody =
    1024 * 1024;                               ///< bytes; EventBridge, SQS and asynchronous Lambda take 1 MB
inline constexpr std::size_t kJsonDepth = 64;  ///< levels, in every JSON document from outside
inline constexpr std::size_t kJsonValues = 500'000;  ///< values in one JSON document that is read into memory
inline constexpr std::size_t kImagesPerRequest = 512;        ///< places that name an image
inline constexpr std::size_t kInputFile = 16 * 1024 * 1024;  ///< bytes of one file given to `tegata check`

// References.
inline constexpr std::size_t kReferenceText = 4096;  ///< bytes as written
inline constexpr std::size_t kRepositoryName =
    255;                                  ///< bytes of the path below the registry (distribution/reference)
inline constexpr std::size_t kTag = 128;  ///< bytes (OCI distribution-spec)

// Policy documents.
inline constexpr std::size_t kPolicyFile = 1024 * 1024;  ///< bytes
inline constexpr std::size_t kPolicyDepth = 32;          ///< levels
inline constexpr std::size_t kPolicyNodes = 50'000;      ///< scalars, sequences and mappings in one file
inline constexpr std::size_t kPolicyFiles = 256;         ///< files in one folder
inline constexpr std::size_t kPattern = 1024;            ///< bytes of a regular expression
inline constexpr std::size_t kGlob = 512;                ///< bytes of a glob
inline constexpr std::size_t kAuthorities = 64;          ///< in one signature rule

// Registries and signatures.
inline constexpr std::size_t kManifest = 4 * 1024 * 1024;          ///< bytes of a manifest or index
inline constexpr std::size_t kSimpleSigningPayload = 1024 * 1024;  ///< bytes
inline constexpr std::size_t kBundle = 16 * 1024 * 1024;           ///< bytes
inline constexpr std::size_t kSignatureLayers = 1000;       ///< layers of a .sig manifest that are looked at
inline constexpr std::size_t kReferrers = 1000;             ///< referrers of one image that are looked at
inline constexpr std::size_t kReferrersPages = 100;         ///< pages of one referrers list
inline constexpr std::size_t kStatementSubjects = 1024;     ///< subjects of one in-toto Statement
inline constexpr std::size_t kSubjectDigests = 32;          ///< digests of one subject
inline constexpr std::size_t kTokenAnswer = 64 * 1024;      ///< bytes of a token service's answer
inline constexpr std::size_t kResponseHeaders = 64 * 1024;  ///< bytes of a registry's response headers
inline constexpr int kRedirects = 3;                        ///< hops of one blob request
inline constexpr std::size_t kKeyFile = 64 * 1024;          ///< bytes of a PEM file
inline constexpr int kRsaModulusBits = 4096;                ///< of a public key
inline constexpr int kRsaExponentBits = 64;                 ///< of a public key; a longer one only costs time

// Times.
inline constexpr std::chrono::seconds kFetch{20};  ///< one image's facts, from the first byte to the last
inline constexpr std::chrono::milliseconds kAuditWait{50};  ///< an answer waits this long for its record
inline constexpr std::chrono::milliseconds kAnswerMargin{
    300};  ///< of the caller's budget, kept for the answer itself

// Cache.
inline constexpr std::chrono::seconds kVerifiedLifetime{3600};
inline constexpr std::chrono::seconds kRejectedLifetime{30};
inline constexpr std::chrono::seconds kTagLifetime{5};
inline constexpr std::size_t kCacheEntries = 20'000;
inline constexpr std::size_t kCacheBytes = 64 * 1024 * 1024;

}  // namespace tegata::limits
