// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "verifier/aws/aws_wire.h"
#include "verifier/aws/credential_place.h"

namespace tegata::verifier {

/// Where STS is called.
struct StsPlace {
  Url url;
  std::string region;
};

/// Asks once for the credentials of a place. Every request ends within limits::kAwsFetch. Thread-safe.
class CredentialFetch {
 public:
  using Done = std::function<void(Result<AwsKeys>)>;

  /// `wire` must outlive this. `sts`: an error where its endpoint is not known.
  CredentialFetch(AwsWire& wire, Result<StsPlace> sts) : wire_(wire), sts_(std::move(sts)) {}

  /// Calls `done` once, on any thread, possibly before this returns.
  void fetch(const CredentialPlace& place, Done done) const;

  /// STS AssumeRole, signed with `keys`.
  void assume(const AwsRole& role, const std::string& session_name, std::chrono::seconds duration,
              AwsKeys keys, Done done) const;

 private:
  void fetch_from(const StaticKeys& place, Done done) const;
  void fetch_from(const WebIdentity& place, Done done) const;
  void fetch_from(const ContainerEndpoint& place, Done done) const;
  void fetch_from(const InstanceMetadata& place, Done done) const;
  void fetch_from(const std::shared_ptr<const RoleInProfile>& place, Done done) const;

  AwsWire& wire_;
  Result<StsPlace> sts_;
};

/// `host:port` of the services of this machine that the place is asked at.
[[nodiscard]] std::set<std::string> own_hosts_of(const CredentialPlace& place);

/// The name of an instance's role, the first line of a metadata answer: 1 to 64 letters, digits and
/// `_+=,.@-`. UnexpectedAnswer.
[[nodiscard]] Result<std::string> read_role_name(std::string_view answer);

/// `name=value` joined by `&`, escaped as application/x-www-form-urlencoded.
[[nodiscard]] std::string form_body(const std::vector<std::pair<std::string_view, std::string_view>>& fields);

}  // namespace tegata::verifier
