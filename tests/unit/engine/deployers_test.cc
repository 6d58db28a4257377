// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/rules.h"

#include <gmock/gmock.h>

#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;

bool refuses(const DeployersCheck& check, const DeploymentRequest& asked) {
  const auto said = judge(check, asked);
  return said && !said->findings.empty();
}

bool allows_user(const DeployersCheck& check, const std::string& name, std::vector<std::string> groups = {}) {
  auto asked = request({"nginx"});
  asked.deployer.caller = KubernetesUser{name, std::move(groups), ""};
  return !refuses(check, asked);
}

TEST(Deployers, ComparesKubernetesUsersAndGroupsExactly) {
  const auto check = deployers();
  EXPECT_TRUE(allows_user(check, "release-bot"));
  EXPECT_FALSE(allows_user(check, "release-bot2"));
  EXPECT_FALSE(allows_user(check, "Release-Bot"));
  EXPECT_TRUE(allows_user(check, "jane", {"system:authenticated", "deployers"}));
  EXPECT_FALSE(allows_user(check, "jane", {"system:authenticated", "deployers2"}));
  EXPECT_FALSE(allows_user(check, "deployers"));
  EXPECT_FALSE(allows_user(check, ""));
}

TEST(Deployers, TakesAGlobInAServiceAccountsNameOnly) {
  auto check = deployers();
  EXPECT_TRUE(allows_user(check, "system:serviceaccount:argocd:argocd-application-controller"));
  EXPECT_FALSE(allows_user(check, "system:serviceaccount:argocd:other"));
  EXPECT_FALSE(allows_user(check, "system:serviceaccount:argocd2:argocd-x"));
  EXPECT_FALSE(allows_user(check, "argocd:argocd-x"));
  EXPECT_FALSE(allows_user(check, "argocd/argocd-x"));
  EXPECT_FALSE(allows_user(check, "system:serviceaccount:argocd"));
  EXPECT_FALSE(allows_user(check, "system:serviceaccount::argocd-x"));
  EXPECT_FALSE(allows_user(check, "system:serviceaccount:argocd:"));
  EXPECT_FALSE(allows_user(check, "system:serviceaccount:argocd:argocd-x:y"));
  check.kubernetes->service_accounts = {"*/deployer"};
  EXPECT_FALSE(allows_user(check, "system:serviceaccount:team:deployer"));
}

TEST(Deployers, AllowsNobodyWhereNobodyIsListed) {
  DeployersCheck check;
  check.kubernetes.emplace();
  check.ecs.emplace();
  EXPECT_FALSE(allows_user(check, "alice", {"system:masters"}));
  EXPECT_TRUE(refuses(check, ecs_request({"nginx"})));
}

TEST(Deployers, IsJudgedOnlyWhereSomebodyAsks) {
  for (const auto question :
       {DeployerQuestion::ControllerChild, DeployerQuestion::SameTemplate, DeployerQuestion::NotEvaluable}) {
    auto asked = request({"nginx"});
    asked.deployer.question = question;
    EXPECT_FALSE(refuses(deployers(), asked));
  }
  EXPECT_TRUE(refuses(deployers(), request({"nginx"})));
}

TEST(Deployers, RefusesACallerWhoIsNotNamedOrOfTheOtherPlatform) {
  auto asked = request({"nginx"});
  asked.deployer.caller = std::monostate();
  EXPECT_TRUE(refuses(deployers(), asked));
  asked.deployer.caller = EcsCaller{};
  EXPECT_TRUE(refuses(deployers(), asked));
  auto event = ecs_request({"nginx"});
  event.deployer.caller = KubernetesUser{"release-bot", {"deployers"}, ""};
  EXPECT_TRUE(refuses(deployers(), event));
}

TEST(Deployers, SaysNothingOnAPlatformWithoutABlock) {
  auto check = deployers();
  check.kubernetes.reset();
  EXPECT_FALSE(judge(check, request({"nginx"})));
  check = deployers();
  check.ecs.reset();
  EXPECT_FALSE(judge(check, ecs_request({"nginx"})));
}

struct Caller {
  std::string what;
  EcsCaller caller;
  bool allowed;
};

EcsCaller caller_of(EcsCallerKind kind, const std::string& arn, const std::string& account,
                    const std::string& service = "") {
  return {kind, arn, account, service, false, false};
}
EcsCaller role(const std::string& arn, const std::string& service = "", bool console = false) {
  return {EcsCallerKind::Role, arn, "111122223333", service, console, false};
}
EcsCaller user(const std::string& name, bool console, bool long_term_key) {
  return {EcsCallerKind::IamUser, "arn:aws:iam::111122223333:user/" + name, "111122223333", "", console,
          long_term_key};
}

const std::string kOwn = "arn:aws:iam::111122223333:role/";
const std::string kSso =
    kOwn + "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_78658cb1063311db";

void expect_callers(const DeployersCheck& check, const std::vector<Caller>& callers) {
  for (const auto& [what, caller, allowed] : callers) {
    auto asked = ecs_request({"nginx"});
    asked.deployer.caller = caller;
    EXPECT_EQ(!refuses(check, asked), allowed) << what;
  }
}

TEST(Deployers, TellsEcsCallersApart) {
  const std::string own_account = "111122223333";
  expect_callers(
      deployers(),
      {
          {"a listed role", role(kOwn + "deploy/ci"), true},
          {"a role below the path", role(kOwn + "deploy/a/ci"), false},
          {"the same role name without the path", role(kOwn + "ci"), false},
          {"the role of another account", role("arn:aws:iam::999922223333:role/deploy/ci"), false},
          {"the assumed-role ARN", role("arn:aws:sts::111122223333:assumed-role/deploy/ci"), false},
          {"a listed role in the console", role(kOwn + "deploy/ci", "", true), false},
          {"a listed service with any role", role(kOwn + "StepFunctions-nightly", "states.amazonaws.com"),
           true},
          {"a service that is not listed", role(kOwn + "ecsEventsRole", "events.amazonaws.com"), false},
          {"a listed service with a role of another account",
           caller_of(EcsCallerKind::Role, "arn:aws:iam::999922223333:role/x", "999922223333",
                     "states.amazonaws.com"),
           false},
          {"a listed service for a person", role(kSso, "states.amazonaws.com"), false},
          {"a listed service for an IAM user",
           caller_of(EcsCallerKind::IamUser, kOwn + "x", own_account, "states.amazonaws.com"), false},
          {"a service by itself", caller_of(EcsCallerKind::Service, "", own_account, "states.amazonaws.com"),
           true},
          {"a person from Identity Center", role(kSso), false},
          {"the same in the console", role(kSso, "", true), false},
          {"root", caller_of(EcsCallerKind::Root, "arn:aws:iam::111122223333:root", own_account), false},
          {"a listed user with an access key", user("robot", false, true), true},
          {"the same with a session", user("robot", false, false), false},
          {"the same in the console", user("robot", true, false), false},
          {"a user who is not listed", user("alice", false, true), false},
          {"another account without an ARN", caller_of(EcsCallerKind::Account, "", "999988887777"), false},
          {"nobody", EcsCaller{}, false},
      });
}

TEST(Deployers, RefusesPeopleEvenWhereAGlobMatchesThem) {
  auto check = deployers();
  check.ecs->roles = {kOwn + "*", kOwn + "aws-reserved/sso.amazonaws.com/*/*"};
  check.ecs->users = {"arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/robot"};
  expect_callers(
      check,
      {{"sso", role(kSso), false},
       {"console", role(kOwn + "ci", "", true), false},
       {"pipeline", role(kOwn + "ci"), true},
       {"root", caller_of(EcsCallerKind::Root, "arn:aws:iam::111122223333:root", "111122223333"), false}});
}

TEST(Deployers, LetsManualAllowOnlyTakeTheRefusalAway) {
  auto check = deployers();
  check.ecs->manual = DeployersCheck::Manual::Allow;
  expect_callers(
      check,
      {{"a listed role in the console", role(kOwn + "deploy/ci", "", true), true},
       {"a listed user in the console", user("robot", true, false), true},
       {"a user who is not listed", user("alice", true, false), false},
       {"a person not listed", role(kSso), false},
       {"root", caller_of(EcsCallerKind::Root, "arn:aws:iam::111122223333:root", "111122223333"), false}});
  check.ecs->roles = {kOwn + "aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*"};
  expect_callers(check, {{"a person who is listed", role(kSso), true}});
}

TEST(Deployers, SaysWhoWasExpectedAndWhoCame) {
  auto asked = request({"nginx"});
  asked.deployer.caller = KubernetesUser{"eve\n", {"a", "b"}, ""};
  const auto finding = judge(deployers(), asked).value().findings.at(0);
  EXPECT_EQ(finding.expected, "service account argocd/argocd-*, user release-bot or group deployers");
  EXPECT_EQ(finding.found, "user \"eve\\n\" in groups a and b");
}

}  // namespace
}  // namespace tegata::policy
