// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "policy/model/limits.h"
#include "policy/model/result.h"
#include "verifier/aws/aws_credentials.h"
#include "verifier/aws/aws_services.h"
#include "verifier/aws/aws_settings.h"
#include "verifier/aws/renewed.h"
#include "verifier/net/askers.h"

namespace tegata::verifier {

/// One call of an AWS API.
struct AwsCall {
  AwsService service = AwsService::Ecr;
  /// JSON 1.1 (ECR, SSM): the operation, such as `DescribeImages`. REST-JSON (Inspector2, SecurityHub): the
  /// path of a POST, such as `/findings/list`, of letters, digits, `-`, `_` and `/` only.
  std::string operation;
  std::string body;         ///< JSON; at most limits::kAwsRequest bytes
  std::string region = {};  ///< empty: the configured one
  std::string account =
      {};  ///< with the role configured for this account, else with Tegata's own credentials
  std::size_t max_answer = limits::kAwsAnswer;  ///< bytes
};

/// Why a call has no answer. OwnRate: throttling, and failures that Tegata's own calls may have brought
/// about. Unauthorized: no credentials, wrong ones, or no right to do this. Unavailable, DeadlineExceeded,
/// CutShort, LimitExceeded, AddressRefused: as HttpFailure, and 5xx. Misconfigured: region, endpoint, profile
/// or role. UnexpectedAnswer: every other error of the service, and a redirect.
struct AwsFailure {
  Error error;       ///< names service and operation; never holds a credential
  std::string code;  ///< of the service, such as `ScanNotFoundException`; empty if it did not answer with one
};
using AwsOutcome = std::variant<std::string, AwsFailure>;  ///< the text of a 200, not parsed

/// Calls AWS APIs (POST requests signed with Signature Version 4).
///
/// Credentials are found as the AWS SDKs do (credential_chain.h), renewed before they expire, and looked up
/// once for all calls that wait. A call that failed because its credentials had expired is repeated once with
/// others. Attempts and pauses are those of the SDKs' standard retry mode (aws_retry.h). Redirects are not
/// followed. Nothing is sent, and no thread is started, before the first call. Thread-safe.
class AwsClient {
 public:
  using Done = std::function<void(AwsOutcome)>;

  explicit AwsClient(AwsSettings settings);
  AwsClient(const AwsClient&) = delete;
  AwsClient& operator=(const AwsClient&) = delete;
  /// As close().
  ~AwsClient();

  /// Every call in progress is answered (CutShort) before this returns, and later ones at once: for users of
  /// this that are destroyed before it. Call from one thread, not from one on which `done` is called.
  void close();

  /// Calls `done` once, by the deadline of `terms`, possibly before this returns. Never blocks. Only for
  /// calls that may be repeated.
  void call(AwsCall call, Terms terms, Done done);

  [[nodiscard]] const AwsSettings& settings() const noexcept;

 private:
  class Session;
  const std::unique_ptr<Session> session_;
};

/// How long credentials are used that were found at `found`: they are renewed limits::kAwsRenewSoon before
/// they expire, and awaited limits::kAwsRenewNow before, or a quarter and a sixth of their time where that is
/// shorter. Those without expiry are looked up again after limits::kAwsUnboundedLifetime, and used meanwhile.
/// Unauthorized if they have expired already.
[[nodiscard]] Result<Lease<AwsCredentials>> lease_of(AwsKeys keys, Time found);

}  // namespace tegata::verifier
