// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every upper bound in the program. Each is tested at the bound and one past it.
namespace tegata::limits {

// Requests.
inline constexpr std::size_t kStoredObject =
    3 * 512 * 1024;  ///< bytes of the largest object that etcd stores (its --max-request-bytes)
inline constexpr std::size_t kJsonEscape =
    6;  ///< bytes that JSON needs for one byte of text: `<` is `\u003c`
inline constexpr std::size_t kReviewEnvelope =
    2 * 1024 * 1024;  ///< bytes of an AdmissionReview without its objects: the user, the options
inline constexpr std::size_t kAdmissionBody =
    2 * kStoredObject * kJsonEscape +
    kReviewEnvelope;  ///< bytes (20 MiB); object and oldObject, both escaped
inline constexpr std::size_t kRequestHeader = 16 * 1024;  ///< bytes of request line and headers
inline constexpr std::size_t kEventBody =
    1024 * 1024;                               ///< bytes; EventBridge, SQS and asynchronous Lambda take 1 MB
inline constexpr std::size_t kJsonDepth = 64;  ///< levels, in every JSON document from outside
inline constexpr std::size_t kJsonValues = 500'000;  ///< values in one JSON document that is read into memory
inline constexpr std::size_t kSmallDocument =
    64 * 1024;  ///< bytes; of larger documents of registries, one at a time is a tree in memory
inline constexpr std::size_t kJsonTree =
    64 * 1024 * 1024;                                  ///< bytes of a tree of kJsonValues, without its text
inline constexpr std::size_t kImagesPerRequest = 512;  ///< places that name an image
inline constexpr std::size_t kInputFile = 16 * 1024 * 1024;  ///< bytes of one file given to `tegata check`
inline constexpr std::size_t kKeptParser =
    64 * 1024;  ///< bytes of the largest document that a JSON parser has read and is still kept
inline constexpr std::size_t kKeptParsers = 16;  ///< JSON parsers kept for the next document
inline constexpr std::size_t kReviewTokens =
    1'200'000;  ///< separators (`,:{[`) in one review; two objects of 1.5 MiB hold fewer
inline constexpr std::size_t kParsing = 64 * 1024 * 1024;       ///< bytes for all documents being parsed
inline constexpr std::chrono::milliseconds kParsingWait{1000};  ///< for a part of them, then 429
inline constexpr std::size_t kUid = 256;                        ///< bytes of an AdmissionReview's uid
inline constexpr std::size_t kEnvironmentVariables = 16'384;    ///< in one object
inline constexpr std::size_t kManifestObjects = 16'384;         ///< objects in one file of manifests
inline constexpr std::size_t kManifestText =
    4 * kInputFile;  ///< bytes of JSON written for all YAML documents of one file, aliases expanded
inline constexpr std::size_t kYamlTokens =
    1'000'000;  ///< characters that can separate tokens, in one flow collection or scalar of YAML
inline constexpr std::size_t kTaskDefinitionFiles = 4096;  ///< in the folder of --task-definitions
inline constexpr std::size_t kEventRecords = 10'000;       ///< in one SQS batch, as SQS bounds it

// Answers to the API server.
inline constexpr std::size_t kDenyMessage = 64 * 1024;  ///< bytes of the message of a denial
inline constexpr std::size_t kDenyEssence = 200;       ///< characters of its first line (an Event keeps 1024)
inline constexpr std::size_t kFindingLine = 4096;      ///< characters of each line of a finding in it
inline constexpr std::size_t kWarnings = 16;           ///< the API server shows no more when it cuts
inline constexpr std::size_t kWarningRunes = 256;      ///< characters of one warning, likewise
inline constexpr std::size_t kWarningsWhole = 4096;    ///< characters of all: up to here it cuts none
inline constexpr std::size_t kAuditAnnotation = 4096;  ///< bytes of the value of an audit annotation

// Serving.
inline constexpr std::size_t kRequestFields = 100;   ///< header fields of one HTTP request
inline constexpr std::size_t kRequestTarget = 2048;  ///< bytes of path and query
inline constexpr std::size_t kBodiesInFlight =
    64 * 1024 * 1024;  ///< bytes of all requests that are received, wait or are handled
inline constexpr std::size_t kSmallBody =
    64 * 1024;  ///< bytes; a quarter of kBodiesInFlight is kept for requests up to here
inline constexpr std::size_t kBodyRate = 64 * 1024;    ///< bytes a second; a slower body is refused
inline constexpr std::size_t kConnections = 4096;      ///< open at one time
inline constexpr std::size_t kPollingThreads = 8;      ///< that wait for connections
inline constexpr std::size_t kServerThreads = 512;     ///< requests that are handled at one time
inline constexpr std::size_t kProbeConnections = 512;  ///< the same for /livez, /readyz and /metrics
inline constexpr int kBacklog = 4096;                  ///< connections that the kernel holds for us
inline constexpr std::size_t kProbeThreads = 32;

// References.
inline constexpr std::size_t kReferenceText = 4096;  ///< bytes as written
inline constexpr std::size_t kRepositoryName =
    255;                                  ///< bytes of the path below the registry (distribution/reference)
inline constexpr std::size_t kTag = 128;  ///< bytes (OCI distribution-spec)

// Policy documents.
inline constexpr std::size_t kPolicyFile = 1024 * 1024;      ///< bytes
inline constexpr std::size_t kPolicyDepth = 32;              ///< levels
inline constexpr std::size_t kPolicyNodes = 50'000;          ///< scalars, sequences and mappings in one file
inline constexpr std::size_t kPolicyFiles = 256;             ///< files in one folder
inline constexpr std::size_t kPattern = 1024;                ///< bytes of a regular expression
inline constexpr std::size_t kPatternMemory = 1024 * 1024;   ///< bytes that RE2 may use for one
inline constexpr std::size_t kGlob = 512;                    ///< bytes of a glob
inline constexpr std::size_t kAuthorities = 64;              ///< in one signature rule
inline constexpr std::size_t kHelp = 512;                    ///< bytes of a rule's own `help`
inline constexpr std::size_t kPolicyText = 1024;             ///< bytes of any other text in a policy
inline constexpr std::size_t kDigestList = 4 * 1024 * 1024;  ///< bytes of the file of a `denied` rule
inline constexpr std::size_t kListedDigests = 50'000;        ///< digests in it
inline constexpr std::size_t kConditions = 32;               ///< in one list of `where`, `any` or `all`
inline constexpr std::size_t kListedValues =
    256;  ///< of one `in`; digests of one `baseImages` or `baseImage`
inline constexpr std::size_t kGlobbedText = 8192;  ///< bytes of a URI that a glob is held against
inline constexpr std::size_t kPolicyErrors = 50;   ///< that are reported for one load

// Registries and signatures.
inline constexpr std::size_t kManifest = 4 * 1024 * 1024;          ///< bytes of a manifest or index
inline constexpr std::size_t kSimpleSigningPayload = 1024 * 1024;  ///< bytes
inline constexpr std::size_t kBundle = 16 * 1024 * 1024;           ///< bytes
inline constexpr std::size_t kSignatureLayers = 1000;    ///< layers of a .sig manifest that are looked at
inline constexpr std::size_t kReferrers = 1000;          ///< referrers of one image that are looked at
inline constexpr std::size_t kReferrersPages = 100;      ///< pages of one referrers list
inline constexpr std::size_t kStatementSubjects = 1024;  ///< subjects of one in-toto Statement
inline constexpr std::size_t kSubjectDigests = 32;       ///< digests of one subject
inline constexpr std::size_t kCandidateBytes =
    64 * 1024 * 1024;  ///< bytes of all payloads and bundles of one image together
inline constexpr std::size_t kReferrersAtOnce = 32;  ///< referrer manifests held in memory at one time
inline constexpr std::size_t kReferrerManifest = 1024 * 1024;   ///< bytes of one of them
inline constexpr std::size_t kReferrerRound = 8 * 1024 * 1024;  ///< bytes of those held at one time
inline constexpr std::size_t kImageMemory =
    kCandidateBytes + kReferrerRound;  ///< bytes that the search for one image's candidates may hold
inline constexpr std::size_t kSmallReservation =
    1024 * 1024;  ///< bytes; larger reservations of a MemoryBudget wait in another lane
inline constexpr std::size_t kFirstAnswer =
    64 * 1024;  ///< bytes that a manifest or config may have without waiting for more memory
inline constexpr std::uint64_t kVerificationUnits =
    20'000;  ///< of work on the candidates of one image; a unit is about 0.1 ms (WorkBudget)
inline constexpr std::size_t kFetchRequests =
    1250;  ///< HTTP requests for one fact, with pages and retries: above it the rest is not sent
inline constexpr std::size_t kOwnRateRequests =
    64;  ///< to one registry within kOwnRateWindow: a failure after more may be of Tegata's own making
inline constexpr std::size_t kOwnRateAnswers =
    8;  ///< of them, good ones: a registry that gives more is not down
inline constexpr std::size_t kAnswersMeanwhile =
    4;  ///< good ones while a request was not answered: a registry that gives more is busy, not down
inline constexpr std::size_t kCountedHosts = 1024;  ///< whose requests are counted for that
inline constexpr std::size_t kPeersOfAHost = 8;     ///< addresses of one host that are compared with others'
inline constexpr std::size_t kBundleLogEntries = 32;       ///< tlogEntries of one bundle
inline constexpr std::size_t kBundleTimestamps = 32;       ///< rfc3161Timestamps of one bundle
inline constexpr std::size_t kCertificate = 64 * 1024;     ///< bytes of one certificate in DER
inline constexpr std::size_t kCertificateChain = 16;       ///< certificates in one chain, annotation or file
inline constexpr std::size_t kCertificateTimestamps = 32;  ///< SCTs embedded in one certificate
inline constexpr std::size_t kAlternativeNames = 32;       ///< subject alternative names of one certificate
inline constexpr std::size_t kTimestampResponse = 64 * 1024;   ///< bytes of one RFC 3161 response
inline constexpr std::size_t kLogEntryBody = 8 * 1024 * 1024;  ///< bytes of a canonicalized body
inline constexpr std::size_t kCheckpoint = 64 * 1024;          ///< bytes of a signed note
inline constexpr std::size_t kCheckpointSignatures = 100;      ///< signature lines of one note
inline constexpr std::size_t kTrustedRoot = 4 * 1024 * 1024;   ///< bytes of a trusted_root.json
inline constexpr std::size_t kTrustedRootEntries = 100;        ///< logs, or authorities, of one kind
inline constexpr std::size_t kAttestationEnvelope =
    16 * 1024 * 1024;                                   ///< bytes of a DSSE envelope in a `.att` layer
inline constexpr std::size_t kEnvelopeSignatures = 32;  ///< signatures of one DSSE envelope
inline constexpr std::size_t kProofHashes =
    63;  ///< of one inclusion proof: no path in a tree of int64 leaves is longer
inline constexpr int kCheckpointTries =
    4;  ///< signature lines of a checkpoint that name a log's key and are checked
inline constexpr std::size_t kImageConfig = 1024 * 1024;  ///< bytes of an image's config
inline constexpr std::size_t kLabelledImages = 32;        ///< images of one index whose labels are read
inline constexpr std::size_t kIndexManifests =
    1024;                                         ///< manifests of one index that are compared with a list
inline constexpr std::size_t kConfigPlaces = 16;  ///< of one config that are named for each word of a rule
inline constexpr std::size_t kLabels = 256;       ///< labels of one config, annotations of one manifest
inline constexpr std::size_t kLabelText =
    1024;  ///< bytes of a label's name, and of its value; longer ones are left out
inline constexpr std::size_t kArtifact = 1024 * 1024 * 1024;  ///< bytes of a file that is verified
inline constexpr std::size_t kTokenAnswer = 64 * 1024;        ///< bytes of a token service's answer
inline constexpr std::size_t kRefusalWords = 200;             ///< bytes of its refusal that are quoted
inline constexpr std::size_t kQuotedHeader = 80;  ///< bytes of a header's value that a message quotes
inline constexpr std::size_t kResponseHeaders = 64 * 1024;  ///< bytes of a registry's response headers
inline constexpr std::size_t kErrorBody = 16 * 1024;        ///< bytes kept of an answer that is not 200
inline constexpr std::size_t kTokens = 4096;                ///< bearer tokens kept, one a repository
inline constexpr std::size_t kRegistries = 1024;  ///< registries whose way of asking for credentials is kept
inline constexpr std::size_t kCountedRegistries = 256;     ///< registries with metrics of their own
inline constexpr int kAttempts = 3;                        ///< of one request: the first and its retries
inline constexpr std::size_t kUrl = 8 * 1024;              ///< bytes of a URL that a registry names
inline constexpr std::size_t kDockerConfig = 1024 * 1024;  ///< bytes of docker's config.json
inline constexpr std::size_t kChallenge = 8 * 1024;        ///< bytes of one WWW-Authenticate header
inline constexpr std::size_t kChallengeParameters = 64;    ///< parameters in one WWW-Authenticate header
inline constexpr int kRedirects = 3;                       ///< hops of one request to a registry
inline constexpr std::size_t kKeyFile = 64 * 1024;         ///< bytes of a PEM file
inline constexpr int kRsaLeastModulusBits = 2048;          ///< of a public key
inline constexpr int kRsaModulusBits = 4096;               ///< of a public key
inline constexpr int kRsaExponentBits = 64;                ///< of a public key; a longer one only costs time

// Scans.
inline constexpr std::size_t kScanReport = 16 * 1024 * 1024;  ///< bytes of a scanner's report in a file
inline constexpr std::size_t kScanReports = 64;               ///< reports given to one command
inline constexpr std::size_t kScanFindings = 10'000;          ///< vulnerabilities in one report
inline constexpr std::size_t kScanText = 1024;                ///< bytes of an id, a package or a version
inline constexpr std::size_t kScanAliases = 32;               ///< other ids of one vulnerability
inline constexpr std::size_t kScanSources = 8;                ///< of one `vulnerabilities` rule
inline constexpr std::size_t kScanPageSize = 250;             ///< findings that are asked for at once
inline constexpr std::size_t kScanPages = 64;                 ///< answers of a service about one image
inline constexpr std::size_t kScannedImages = 16;             ///< images of an index that are asked about
inline constexpr std::size_t kScanToken = 4096;               ///< bytes of the token of a next page
inline constexpr std::size_t kToldVulnerabilities = 5;        ///< named in one finding; the rest are counted

// Times.
inline constexpr std::chrono::seconds kKeepAlive{120};      ///< idle connections; the API server keeps 90 s
inline constexpr std::chrono::seconds kHandshake{10};       ///< one TLS handshake, as a whole
inline constexpr std::chrono::seconds kRequestRead{10};     ///< one request, from its first byte to its last
inline constexpr std::chrono::seconds kReplyWrite{10};      ///< one reply
inline constexpr std::chrono::seconds kBodyGrace{1};        ///< before kBodyRate is demanded
inline constexpr std::chrono::seconds kBodyStall{2};        ///< without a byte of a body above kSmallBody
inline constexpr std::chrono::seconds kConnectionAge{600};  ///< then a reply has `Connection: close`
inline constexpr std::chrono::milliseconds kSilentConnection{
    250};  ///< without a byte, before a connection may be closed for another one
inline constexpr std::chrono::milliseconds kUnprovenConnection{1000};  ///< likewise without a whole request
inline constexpr std::chrono::seconds kProbeKeepAlive{5};  ///< idle connections to the metrics address
inline constexpr std::chrono::milliseconds kDrainIdle{
    2000};  ///< at shutdown, a connection this long without a complete request is closed
inline constexpr std::chrono::seconds kLinger{
    2};  ///< a refused request's rest is read this long, then dropped
inline constexpr std::chrono::seconds kCallerTimeout{10};          ///< where a review names no timeout
inline constexpr std::chrono::seconds kCallerTimeoutMax{30};       ///< the longest that the API server allows
inline constexpr std::chrono::hours kCertificateWarning{30 * 24};  ///< left of the serving certificate
inline constexpr std::chrono::seconds kFetch{20};  ///< one image's facts, from the first byte to the last
inline constexpr std::chrono::milliseconds kRecordMargin{
    200};  ///< of the caller's budget, kept for the record: facts are awaited until then
inline constexpr std::chrono::milliseconds kAnswerMargin{
    300};  ///< of the caller's budget, kept for the answer itself
inline constexpr std::chrono::minutes kScanClockAhead{
    5};  ///< by which the clock of a scanner may be ahead of ours
inline constexpr std::chrono::hours kPolicyDuration{24 * 3650};  ///< the longest duration in a policy

inline constexpr std::chrono::seconds kHttpRequest{
    60};  ///< one HTTP request whose caller sets no earlier deadline
inline constexpr std::chrono::seconds kRegistryAttempt{
    4};  ///< one request to a registry, from when it is sent; below the default of --min-budget
inline constexpr std::chrono::seconds kOwnRateWindow{10};  ///< see kOwnRateRequests
inline constexpr std::chrono::seconds kOwnLoadMemory{
    60};  ///< after heavy load, a registry that does not answer may still work on it
inline constexpr std::chrono::seconds kRegistryCalm{
    30};  ///< without a failure of its kind, before a registry counts as answering again
inline constexpr std::chrono::seconds kConnect{5};           ///< DNS, TCP and TLS of one connection
inline constexpr std::chrono::seconds kTokenLifetime{3600};  ///< a bearer token is requested again after this
inline constexpr std::chrono::seconds kTokenServicePin{
    3600};  ///< after its last token, before credentials go to another token service

// Fair turns.
inline constexpr std::size_t kRequestsAtOnce = 1024;  ///< HTTP requests under way, to all registries
inline constexpr std::size_t kRequestsToAHost = 256;  ///< the same, to one that may multiplex them (HTTP/2)
inline constexpr std::size_t kRequestsOfAUser =
    kRequestsAtOnce / 4;  ///< of these for one user, and for work that is not awaited any more
inline constexpr std::size_t kAbandonedRequests = 256;   ///< to one host, which wait without an asker
inline constexpr std::size_t kTurnsOfAUser = 4;          ///< in which one piece of work waits for one user
inline constexpr std::size_t kWaitingCalls = 256;        ///< requests that wait for facts at one time
inline constexpr std::size_t kWaitingCallsOfAUser = 64;  ///< the same, of one user, who may when all may not
inline constexpr std::chrono::seconds kCrowdedWait{1};   ///< for facts, above both
inline constexpr std::chrono::milliseconds kWorkSlice{5};  ///< of one image's arithmetic at a time
inline constexpr std::chrono::seconds kOwnDelay{
    1};  ///< of one check by Tegata itself: above that, a deadline that passes is not the registry's fault
inline constexpr std::chrono::seconds kDrainChecks{1};  ///< at shutdown, for checks that are still under way

// Cache.
inline constexpr std::chrono::seconds kVerifiedLifetime{3600};
inline constexpr std::chrono::seconds kRejectedLifetime{5};  ///< who signs now is not refused for long
inline constexpr std::chrono::seconds kCostlyRejectedLifetime{
    30};  ///< where looking took more than kCheapFetch requests, or found too many candidates
inline constexpr std::size_t kCheapFetch = 20;
inline constexpr std::chrono::seconds kTagLifetime{5};
inline constexpr std::chrono::seconds kTagMutabilityLifetime{60};  ///< of a repository's setting
inline constexpr std::chrono::minutes kScanLifetime{5};  ///< of what a service of AWS says of an image's scan
inline constexpr std::chrono::seconds kScanPendingLifetime{5};  ///< of a scan that is awaited
inline constexpr std::chrono::seconds kAbsentLifetime{
    1};  ///< "the image does not exist": pushed, and there it is
inline constexpr std::size_t kCacheEntries = 20'000;
inline constexpr std::size_t kCacheBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kTagCacheBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kKeptManifest = 64 * 1024;  ///< bytes of a manifest that is kept with its tag

// Evidence.
inline constexpr std::size_t kEvidenceFile = 16 * 1024 * 1024;  ///< bytes of one stored blob or manifest
inline constexpr std::size_t kEvidenceTrace =
    4 * 1024 * 1024;  ///< bytes of the JSON text that lists the questions about one image's signatures
inline constexpr std::size_t kEvidenceQueueEntries = 16'384;          ///< files that wait to be written
inline constexpr std::size_t kEvidenceQueueBytes = 64 * 1024 * 1024;  ///< bytes of the files that wait
inline constexpr std::chrono::seconds kEvidenceDrain{2};              ///< at the end, for what still waits
inline constexpr std::chrono::minutes kEvidencePruneEvery{5};         ///< and once at the start
inline constexpr std::chrono::seconds kEvidenceTouch{3600};  ///< a file used again is dated anew after this
inline constexpr std::chrono::seconds kEvidenceUnused{
    kEvidenceTouch + kVerifiedLifetime};  ///< records may refer to a file this long after its date
inline constexpr std::chrono::hours kEvidenceAge{90 * 24};    ///< by default
inline constexpr std::uint64_t kEvidenceSize = 10ULL << 30U;  ///< bytes, by default
inline constexpr std::size_t kRecordedRejections =
    32;  ///< of one authority, in a record; the rest are counted

// AWS.
inline constexpr std::size_t kAwsAnswer = 4 * 1024 * 1024;      ///< bytes of one answer of an AWS service
inline constexpr std::size_t kAwsRequest = 256 * 1024;          ///< bytes of the body of one request
inline constexpr std::size_t kAwsCredentialAnswer = 64 * 1024;  ///< bytes of an answer that holds credentials
inline constexpr std::size_t kAwsCredentialText = 16 * 1024;    ///< bytes of a key or session token
inline constexpr std::size_t kAwsIdentityToken = 20'000;        ///< bytes, as STS bounds a WebIdentityToken
inline constexpr std::size_t kAwsSharedFile = 1024 * 1024;      ///< bytes of ~/.aws/config and credentials
inline constexpr std::size_t kAwsProfiles = 4096;               ///< sections of one of these files
inline constexpr std::size_t kAwsProfileChain = 5;    ///< profiles that follow each other by source_profile
inline constexpr std::size_t kAwsRoles = 1024;        ///< accounts with a role of their own
inline constexpr std::size_t kAwsSessions = 256;      ///< ECR logins that are kept: account and region
inline constexpr std::size_t kTagFilters = 32;        ///< exclusion filters of a repository's tag mutability
inline constexpr std::size_t kAwsXmlDepth = 32;       ///< levels of an XML answer
inline constexpr std::size_t kAwsXmlElements = 4096;  ///< of an XML answer
inline constexpr std::size_t kAwsErrorCode = 128;     ///< bytes of an error code
inline constexpr int kAwsAttempts = 3;                ///< of one call, as the SDKs' standard mode
inline constexpr int kAwsRetryQuota = 500;            ///< tokens; a retry costs 5, after no answer 10
inline constexpr std::chrono::seconds kAwsLongestPause{20};  ///< before a retry
inline constexpr std::chrono::seconds kAwsFetch{15};         ///< credentials or a login, with all retries
inline constexpr std::chrono::milliseconds kAwsContainerEndpoint{2000};  ///< one request to it
inline constexpr std::chrono::milliseconds kAwsMetadataService{1000};    ///< one request to it
inline constexpr std::chrono::minutes kAwsRenewSoon{
    15};  ///< before expiry credentials are renewed, and still used
inline constexpr std::chrono::minutes kAwsRenewNow{10};            ///< before expiry their renewal is awaited
inline constexpr std::chrono::milliseconds kAwsFailureKept{1000};  ///< before what failed is tried again
inline constexpr std::chrono::seconds kAwsUnboundedLifetime{
    300};  ///< credentials without expiry are looked up again after this
inline constexpr std::chrono::hours kAwsLoginLifetime{12};  ///< of an ECR login token, at most

// Memory of the process, shared out (webhook/config/memory_limit.h).
inline constexpr std::uint64_t kMemoryWithoutLimit = 2ULL << 30U;  ///< bytes, at most, where no limit is set
inline constexpr std::size_t kProgramMemory =
    48 * 1024 * 1024;  ///< bytes of the program, its policies and its threads
inline constexpr std::size_t kIdleConnection = 16 * 1024;       ///< bytes of one, with its TLS state
inline constexpr std::uint64_t kSmallestMemory = 64ULL << 20U;  ///< bytes of --memory-limit
inline constexpr std::uint64_t kLeastMemory =
    352ULL << 20U;  ///< bytes: below, the bounds of one request and one image exceed the shares

// Records.
inline constexpr std::size_t kAuditQueueEntries = 4096;            ///< records that wait for the writer
inline constexpr std::size_t kAuditQueueBytes = 64 * 1024 * 1024;  ///< bytes of the records that wait
inline constexpr std::size_t kAuditBatchBytes = 1024 * 1024;       ///< bytes that one write takes together
inline constexpr std::size_t kAuditRemembered = 65'536;  ///< facts and evidence known to be in the file
inline constexpr std::size_t kReplayGroups = 10'000;     ///< rows of a replay's summary
inline constexpr std::size_t kReplayJobs = 256;          ///< threads of a replay
inline constexpr std::size_t kReplayFacts = 4096;        ///< facts that a replay keeps parsed
inline constexpr std::size_t kReplayBatch = 64 * 1024;   ///< bytes of records that a thread takes at once
inline constexpr std::size_t kReplayAhead = 16 * 1024 * 1024;  ///< bytes of records that are read ahead
inline constexpr std::chrono::seconds kAuditDrain{2};          ///< at the end, for what still waits
inline constexpr std::size_t kRecordLine = 64 * 1024 * 1024;   ///< bytes of one line of an audit file

}  // namespace tegata::limits
