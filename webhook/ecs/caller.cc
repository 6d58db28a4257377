// SPDX-License-Identifier: Apache-2.0
#include "webhook/ecs/call_record.h"

#include <nlohmann/json.hpp>

#include "policy/model/printable.h"
#include "verifier/json/strict_json.h"
#include "webhook/ecs/names.h"
#include "webhook/kubernetes/text.h"

namespace tegata::webhook::ecs {
namespace {

using nlohmann::json;
using verifier::member;

constexpr std::string_view kAssumedRole = "assumed-role/";

/// The role that issued the session. Its ARN contains the role's path, which the assumed-role ARN does not.
Status read_role(EcsCaller& caller, const json& identity) {
  caller.kind = EcsCallerKind::Account;
  const auto* context = member(identity, "sessionContext");
  const auto* issuer = context == nullptr ? nullptr : member(*context, "sessionIssuer");
  if (issuer == nullptr) return done();
  TEGATA_TRY(caller.arn, name_member(*issuer, "arn"));
  if (!caller.arn.empty()) caller.kind = EcsCallerKind::Role;
  TEGATA_TRY(const auto account, name_member(*issuer, "accountId"));
  if (!account.empty()) caller.account = account;
  return done();
}

Status read_arn(EcsCaller& caller, const json& identity, EcsCallerKind kind) {
  TEGATA_TRY(caller.arn, name_member(identity, "arn"));
  caller.kind = caller.arn.empty() ? EcsCallerKind::Account : kind;
  return done();
}

Status read_type(EcsCaller& caller, const json& identity) {
  TEGATA_TRY(const auto type, name_member(identity, "type"));
  if (type == "AssumedRole") return read_role(caller, identity);
  if (type == "IAMUser") return read_arn(caller, identity, EcsCallerKind::IamUser);
  if (type == "Root") return read_arn(caller, identity, EcsCallerKind::Root);
  caller.kind = type == "AWSService" ? EcsCallerKind::Service : EcsCallerKind::Account;
  return done();
}

/// CloudTrail writes the string "true" for a session that began in the console, and nothing otherwise.
bool is_console(const json& record) {
  const auto* flag = member(record, "sessionCredentialFromConsole");
  return flag != nullptr && !(*flag == "false" || *flag == false);
}

Error not_a_role(std::string_view arn, const std::string& why) {
  return {ErrorCode::Misconfigured, tegata::quoted(arn, 2048) + " is not the ARN of an IAM role" + why};
}

/// `assumed-role/NAME/SESSION` does not contain the role's path, which policies compare.
Error assumed_role(std::string_view text, const Arn& arn) {
  auto name = arn.resource.substr(kAssumedRole.size());
  name = printable(name.substr(0, name.find('/')));
  return not_a_role(text, " but of one of its sessions; give the role: arn:" + printable(arn.partition) +
                              ":iam::" + printable(arn.account) + ":role/" + name +
                              ", with the role's path before the name if it has one (`aws iam get-role "
                              "--role-name " +
                              name + " --query Role.Arn`)");
}

}  // namespace

Result<EcsCaller> caller_with_role(std::string_view text) {
  constexpr std::string_view kRole = "role/";
  const auto arn = Arn::parse(text);
  if (arn && arn->service == "sts" && arn->resource.starts_with(kAssumedRole))
    return assumed_role(text, *arn);
  const bool role = arn && arn->service == "iam" && arn->region.empty() && is_account(arn->account) &&
                    arn->resource.starts_with(kRole) && arn->resource.size() > kRole.size() &&
                    !arn->resource.ends_with('/') && kubernetes::is_plain(text);
  if (!role) return not_a_role(text, ", such as arn:aws:iam::111122223333:role/deploy/shop");
  EcsCaller caller;
  caller.kind = EcsCallerKind::Role;
  caller.arn = text;
  caller.account = arn->account;
  return caller;
}

Result<EcsCaller> read_caller(const json& record) {
  const auto* identity = member(record, "userIdentity");
  if (identity == nullptr || !identity->is_object())
    return Error{ErrorCode::Malformed, "userIdentity must be an object"};
  TEGATA_CHECK(check_names(*identity, "userIdentity"));
  EcsCaller caller;
  TEGATA_TRY(caller.account, name_member(*identity, "accountId"));
  TEGATA_CHECK(read_type(caller, *identity));
  TEGATA_TRY(caller.invoked_by, name_member(*identity, "invokedBy"));
  TEGATA_TRY(const auto access_key, name_member(*identity, "accessKeyId"));
  caller.long_term_key = access_key.starts_with("AKIA");
  caller.console = is_console(record);
  return caller;
}

std::string who_of(const EcsCaller& caller) {
  auto who = caller.arn.empty() ? "account:" + caller.account : caller.arn;
  if (!caller.invoked_by.empty()) who += " via " + caller.invoked_by;
  return who;
}

}  // namespace tegata::webhook::ecs
