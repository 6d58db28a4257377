// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/rules.h"

#include <algorithm>

#include "policy/model/printable.h"

namespace tegata::policy {
namespace {

constexpr std::string_view kServiceAccount = "system:serviceaccount:";
/// The role path of people who sign in through IAM Identity Center.
constexpr std::string_view kIdentityCenter = ":role/aws-reserved/sso.amazonaws.com/";

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool any_matches(const std::vector<std::string>& globs, std::string_view text, char stop) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return wildcard_matches(glob, text, stop); });
}

/// `NAMESPACE/NAME` for `system:serviceaccount:NAMESPACE:NAME`; empty for any other user.
std::string service_account_of(std::string_view username) {
  if (!username.starts_with(kServiceAccount)) return {};
  const auto rest = username.substr(kServiceAccount.size());
  const auto colon = rest.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon + 1 == rest.size()) return {};
  if (rest.find_first_of(":/", colon + 1) != std::string_view::npos || rest.find('/') < colon) return {};
  return std::string(rest.substr(0, colon)) + "/" + std::string(rest.substr(colon + 1));
}

/// A glob only in NAME: the namespace is compared exactly.
bool is_service_account(std::string_view pattern, std::string_view account) {
  const auto slash = pattern.find('/');
  const auto own_slash = account.find('/');
  if (slash == std::string_view::npos || own_slash == std::string_view::npos) return false;
  return pattern.substr(0, slash) == account.substr(0, own_slash) &&
         wildcard_matches(pattern.substr(slash + 1), account.substr(own_slash + 1), '/');
}

bool allows(const DeployersCheck::Kubernetes& check, const KubernetesUser& user) {
  const auto account = service_account_of(user.username);
  const auto& accounts = check.service_accounts;
  return std::any_of(accounts.begin(), accounts.end(),
                     [&](const std::string& pattern) { return is_service_account(pattern, account); }) ||
         contains(check.users, user.username) ||
         std::any_of(user.groups.begin(), user.groups.end(),
                     [&](const std::string& group) { return contains(check.groups, group); });
}

bool is_person(const EcsCaller& caller) {
  return caller.console || caller.kind == EcsCallerKind::Root ||
         caller.arn.find(kIdentityCenter) != std::string::npos;
}

bool allows_service(const DeployersCheck::Ecs& check, const EcsCaller& caller, const std::string& account) {
  const bool of_the_account = !account.empty() && caller.account == account;
  const bool a_role = caller.kind == EcsCallerKind::Role || caller.kind == EcsCallerKind::Service;
  return !caller.invoked_by.empty() && of_the_account && a_role &&
         contains(check.services, caller.invoked_by);
}

bool allows_user(const DeployersCheck::Ecs& check, const EcsCaller& caller) {
  if (caller.kind != EcsCallerKind::IamUser || !contains(check.users, caller.arn)) return false;
  return caller.long_term_key || check.manual == DeployersCheck::Manual::Allow;
}

bool allows(const DeployersCheck::Ecs& check, const EcsCaller& caller, const std::string& account) {
  if (check.manual == DeployersCheck::Manual::Deny && is_person(caller)) return false;
  const bool listed_role = caller.kind == EcsCallerKind::Role && any_matches(check.roles, caller.arn, '/');
  return listed_role || allows_service(check, caller, account) || allows_user(check, caller);
}

void add(std::vector<std::string>& words, std::string_view kind, const std::vector<std::string>& names) {
  for (const auto& name : names) words.push_back(std::string(kind) + " " + name);
}

std::string expected_of(const DeployersCheck::Kubernetes& check) {
  std::vector<std::string> words;
  add(words, "service account", check.service_accounts);
  add(words, "user", check.users);
  add(words, "group", check.groups);
  return words.empty() ? "no identity at all" : listed(words);
}

std::string expected_of(const DeployersCheck::Ecs& check) {
  std::vector<std::string> words;
  add(words, "role", check.roles);
  add(words, "service", check.services);
  add(words, "IAM user with an access key", check.users);
  return words.empty() ? "no identity at all" : listed(words);
}

std::string found_of(const KubernetesUser& user) {
  std::vector<std::string> groups;
  for (const auto& group : user.groups) groups.push_back(printable(group, 80));
  return "user " + quoted(user.username) + (groups.empty() ? "" : " in groups " + listed(groups, " and "));
}

std::string found_of(const EcsCaller& caller, const DeployersCheck::Ecs& check) {
  std::string text = caller.arn.empty() ? "account " + printable(caller.account) : printable(caller.arn);
  if (!caller.invoked_by.empty()) text += " via " + printable(caller.invoked_by);
  if (caller.console) text += " in a console session";
  if (check.manual == DeployersCheck::Manual::Deny && is_person(caller)) text += ", which is a person";
  return text;
}

RequestJudgement refused(std::string expected, std::string found) {
  return {{{Reason::DeployerNotAllowed, std::move(expected), std::move(found),
            "deploy through one of the expected identities, or " + std::string(kPlatformTeam) +
                "add this one to this rule"}},
          {}};
}

RequestJudgement judge(const DeployersCheck::Kubernetes& check, const DeploymentRequest& request) {
  const auto* user = std::get_if<KubernetesUser>(&request.deployer.caller);
  if (user == nullptr) return refused(expected_of(check), "no caller is named");
  if (allows(check, *user)) return {};
  return refused(expected_of(check), found_of(*user));
}

RequestJudgement judge(const DeployersCheck::Ecs& check, const DeploymentRequest& request) {
  const auto* caller = std::get_if<EcsCaller>(&request.deployer.caller);
  if (caller == nullptr) return refused(expected_of(check), "no caller is named");
  if (allows(check, *caller, request.account)) return {};
  return refused(expected_of(check), found_of(*caller, check));
}

bool covers(const DeployersCheck& check, Platform platform) {
  switch (platform) {
    case Platform::Kubernetes:
      return check.kubernetes.has_value();
    case Platform::Ecs:
      return check.ecs.has_value();
  }
  return true;
}

}  // namespace

std::optional<RequestJudgement> judge(const DeployersCheck& check, const DeploymentRequest& request) {
  if (!covers(check, request.platform)) return std::nullopt;
  switch (request.deployer.question) {
    case DeployerQuestion::Judge:
      break;
    case DeployerQuestion::NotEvaluable:
      return RequestJudgement{{}, "the input does not say who deploys"};
    case DeployerQuestion::ControllerChild:
    case DeployerQuestion::SameTemplate:
      return RequestJudgement{};
  }
  if (request.platform == Platform::Kubernetes) return judge(*check.kubernetes, request);
  return judge(*check.ecs, request);
}

}  // namespace tegata::policy
