// SPDX-License-Identifier: Apache-2.0
//
// Updates, and who is judged: what is unchanged, what leaves alone what runs, controllers' children
// and mirror Pods.
#include <gtest/gtest.h>

#include "tests/unit/kubernetes/review_body.h"
#include "webhook/kubernetes/admission_review.h"

namespace tegata::webhook::kubernetes {
namespace {

DeploymentRequest request_of(const ReviewBody& body) {
  auto review = parse_admission_review(body.text(), {});
  if (!review.ok()) throw std::runtime_error(review.error().message);
  if (const auto* invalid = std::get_if<InvalidRequest>(&review->reading))
    throw std::runtime_error(invalid->detail);
  return std::get<DeploymentRequest>(review->reading);
}

std::string pod(std::string_view spec) { return R"({"spec": )" + std::string(spec) + "}"; }

ReviewBody update(std::string object, std::string old_object) {
  return {.operation = "UPDATE", .object = std::move(object), .old_object = std::move(old_object)};
}

TEST(Update, LeavesUnchangedOnlyTheSameBytesInTheSameListUnderTheSameName) {
  const auto old_object = pod(
      R"({"containers": [{"name": "a", "image": "x:1"}], "initContainers": [{"name": "b", "image": "y:1"}]})");
  struct Case {
    std::string spec;
    bool unchanged;
  };
  for (const auto& [spec, unchanged] : std::vector<Case>{
           {R"({"containers": [{"name": "a", "image": "x:1"}]})", true},
           {R"({"containers": [{"name": "z", "image": "q:9"}, {"name": "a", "image": "x:1"}]})", true},
           {R"({"containers": [{"name": "a", "image": "x:2"}]})", false},
           {R"({"containers": [{"name": "a", "image": "docker.io/library/x:1"}]})", false},
           {R"({"containers": [{"name": "c", "image": "x:1"}]})", false},
           {R"({"containers": [{"name": "b", "image": "y:1"}]})", false},
           {R"({"initContainers": [{"name": "a", "image": "x:1"}]})", false},
           {R"({"initContainers": [{"name": "b", "image": "y:1"}]})", true},
           {R"({"ephemeralContainers": [{"name": "a", "image": "x:1"}]})", false},
           {R"({"volumes": [{"name": "a", "image": {"reference": "x:1"}}]})", false}})
    EXPECT_EQ(request_of(update(pod(spec), old_object)).images.back().unchanged, unchanged) << spec;
}

TEST(Update, WithoutItsOldObjectLeavesNothingUnchanged) {
  const auto object = pod(R"({"containers": [{"name": "a", "image": "x:1"}]})");
  const auto request = request_of(update(object, "null"));
  EXPECT_FALSE(request.images[0].unchanged);
  EXPECT_EQ(request.deployer.question, DeployerQuestion::Judge);
}

TEST(Update, OnlyAnUpdateLooksAtTheOldObject) {
  const auto object = pod(R"({"containers": [{"name": "a", "image": "x:1"}]})");
  const auto request = request_of({.object = object, .old_object = object});
  EXPECT_FALSE(request.images[0].unchanged);
  EXPECT_EQ(request.deployer.question, DeployerQuestion::Judge);
}

DeployerQuestion question_of(const ReviewBody& body) { return request_of(body).deployer.question; }

TEST(DeployerQuestion, IsNotAskedWhereAWorkloadsTemplateStays) {
  const std::string before =
      R"({"metadata": {"labels": {"a": "1"}}, "spec": {"replicas": 1, "template":
          {"metadata": {"annotations": {}}, "spec": {"containers": [{"name": "a", "image": "x:1"}]}}}})";
  struct Case {
    std::string object;
    DeployerQuestion question;
  };
  for (
      const auto& [object, question] : std::vector<Case>{
          {R"({"metadata": {}, "spec": {"replicas": 9, "paused": true, "template":
               {"spec": {"containers": [{"image": "x:1", "name": "a"}]}, "metadata": {"annotations": {}}}}})",
           DeployerQuestion::SameTemplate},
          {R"({"spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "now"}},
               "spec": {"containers": [{"name": "a", "image": "x:1"}]}}}})",
           DeployerQuestion::Judge},
          {R"({"spec": {"template": {"metadata": {"annotations": {}},
               "spec": {"containers": [{"name": "a", "image": "x:1", "command": ["sh"]}]}}}})",
           DeployerQuestion::Judge},
          {R"({"spec": {"template": {"metadata": {"annotations": {}}, "spec": {"containers": []}}}})",
           DeployerQuestion::Judge},
          {R"({"spec": {}})", DeployerQuestion::Judge}})
    EXPECT_EQ(question_of({.group = "apps",
                           .kind = "Deployment",
                           .operation = "UPDATE",
                           .object = object,
                           .old_object = before}),
              question)
        << object;
}

TEST(DeployerQuestion, OfACronJobLooksAtTheTemplateOfItsPods) {
  const auto cron_job = [](std::string_view schedule, std::string_view job_labels, std::string_view image) {
    return R"({"spec": {"schedule": ")" + std::string(schedule) +
           R"(", "jobTemplate": {"metadata": {"labels": )" + std::string(job_labels) +
           R"(}, "spec": {"template": {"spec": {"containers": [{"name": "a", "image": ")" +
           std::string(image) + R"("}]}}}}}})";
  };
  const auto ask = [&](const std::string& object) {
    return question_of({.group = "batch",
                        .kind = "CronJob",
                        .operation = "UPDATE",
                        .object = object,
                        .old_object = cron_job("* * * * *", "{}", "x:1")});
  };
  EXPECT_EQ(ask(cron_job("0 0 * * *", R"({"l": "1"})", "x:1")), DeployerQuestion::SameTemplate);
  EXPECT_EQ(ask(cron_job("* * * * *", "{}", "x:2")), DeployerQuestion::Judge);
}

TEST(DeployerQuestion, IsNotAskedWhereAPodsImagesStay) {
  const std::string before = pod(R"({"containers": [{"name": "a", "image": "x:1"}],
      "ephemeralContainers": [{"name": "d", "image": "b:1"}], "volumes": [{"name": "m", "image": {"reference": "v:1"}}]})");
  struct Case {
    std::string spec;
    DeployerQuestion question;
  };
  for (const auto& [spec, question] : std::vector<Case>{
           {R"({"containers": [{"name": "a", "image": "x:1", "resources": {}}], "tolerations": [],
               "ephemeralContainers": [{"name": "d", "image": "b:1"}],
               "volumes": [{"name": "m", "image": {"reference": "v:1"}}]})",
            DeployerQuestion::SameTemplate},
           {R"({"containers": [{"name": "a", "image": "x:2"}],
               "ephemeralContainers": [{"name": "d", "image": "b:1"}],
               "volumes": [{"name": "m", "image": {"reference": "v:1"}}]})",
            DeployerQuestion::Judge},
           {R"({"containers": [{"name": "a", "image": "x:1"}],
               "ephemeralContainers": [{"name": "d", "image": "b:1", "command": ["sh"]}],
               "volumes": [{"name": "m", "image": {"reference": "v:1"}}]})",
            DeployerQuestion::Judge},
           {R"({"containers": [{"name": "a", "image": "x:1"}],
               "volumes": [{"name": "m", "image": {"reference": "v:1"}}]})",
            DeployerQuestion::Judge},
           {R"({"containers": [{"name": "a", "image": "x:1"}],
               "ephemeralContainers": [{"name": "d", "image": "b:1"}],
               "volumes": [{"name": "m", "image": {"reference": "v:2"}}]})",
            DeployerQuestion::Judge}})
    EXPECT_EQ(question_of(update(pod(spec), before)), question) << spec;
}

std::string owned(std::string_view references) {
  return R"({"metadata": {"ownerReferences": )" + std::string(references) +
         R"(}, "spec": {"containers": [{"name": "a", "image": "x:1"}]}})";
}

std::string user(std::string_view name) { return R"({"username": ")" + std::string(name) + "\"}"; }

constexpr std::string_view kReplicaSet =
    R"({"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r", "controller": true})";
constexpr std::string_view kReplicaSetController = "system:serviceaccount:kube-system:replicaset-controller";

TEST(ControllerChild, IsMadeByExactlyItsOwnersController) {
  struct Case {
    std::string user, references;
    bool child;
  };
  const std::string owner(kReplicaSet);
  for (
      const auto& [name, references, child] : std::vector<Case>{
          {std::string(kReplicaSetController), "[" + owner + "]", true},
          {std::string(kReplicaSetController),
           R"([{"apiVersion": "v1", "kind": "Node", "name": "n"}, )" + owner + "]", true},
          {"alice", "[" + owner + "]", false},
          {"system:serviceaccount:kube-system:deployment-controller", "[" + owner + "]", false},
          {"system:serviceaccount:shop:replicaset-controller", "[" + owner + "]", false},
          {"system:serviceaccount:kube-system:replicaset-controller2", "[" + owner + "]", false},
          {"system:kube-controller-manager", "[" + owner + "]", true},
          {"system:kube-controller-manager",
           R"([{"apiVersion": "batch/v1", "kind": "Job", "name": "j", "controller": true}])", true},
          {"system:kube-controller-manager2", "[" + owner + "]", false},
          {"system:kube-controller-manage", "[" + owner + "]", false},
          {"system:kube-scheduler", "[" + owner + "]", false},
          {"kube-controller-manager", "[" + owner + "]", false},
          {"system:serviceaccount:kube-system:kube-controller-manager", "[" + owner + "]", false},
          {"system:serviceaccount:kube-system:system:kube-controller-manager", "[" + owner + "]", false},
          {"System:kube-controller-manager", "[" + owner + "]", false},
          {"system:kube-controller-manager", "[]", false},
          {"system:kube-controller-manager", "[" + owner + ", " + owner + "]", false},
          {"system:kube-controller-manager",
           R"([{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r"}])", false},
          {"system:kube-controller-manager",
           R"([{"apiVersion": "apps/v1", "kind": "Deployment", "name": "d", "controller": true}])", false},
          {"system:kube-controller-manager",
           R"([{"apiVersion": "batch/v1", "kind": "CronJob", "name": "c", "controller": true}])", false},
          {"system:kube-controller-manager",
           R"([{"apiVersion": "apps.evil.io/v1", "kind": "ReplicaSet", "name": "r", "controller": true}])",
           false},
          {"system:kube-controller-manager",
           R"([{"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "name": "w", "controller": true}])",
           false},
          {std::string(kReplicaSetController), "[]", false},
          {std::string(kReplicaSetController), "null", false},
          {std::string(kReplicaSetController), "[" + owner + ", " + owner + "]", false},
          {std::string(kReplicaSetController),
           R"([{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r", "controller": false}])", false},
          {std::string(kReplicaSetController),
           R"([{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r"}])", false},
          {std::string(kReplicaSetController),
           R"([{"apiVersion": "v1", "kind": "ReplicaSet", "name": "r", "controller": true}])", false},
          {std::string(kReplicaSetController),
           R"([{"apiVersion": "apps.evil.io/v1", "kind": "ReplicaSet", "name": "r", "controller": true}])",
           false},
          {std::string(kReplicaSetController),
           R"([{"apiVersion": "apps/v1", "kind": "Deployment", "name": "r", "controller": true}])", false}}) {
    const auto question = question_of({.user = user(name), .object = owned(references)});
    EXPECT_EQ(question, child ? DeployerQuestion::ControllerChild : DeployerQuestion::Judge)
        << name << references;
  }
}

/// The API server shows only whom is impersonated: groups, and what an extra says, prove nothing.
TEST(ControllerChild, IsNotMadeByAUserWithTheGroupsOfControllers) {
  const std::string alice = R"({"username": "alice",
      "groups": ["system:kube-controller-manager", "system:serviceaccounts:kube-system", "system:masters"],
      "extra": {"impersonated": ["system:kube-controller-manager"]}})";
  EXPECT_EQ(question_of({.user = alice, .object = owned("[" + std::string(kReplicaSet) + "]")}),
            DeployerQuestion::Judge);
}

TEST(ControllerChild, OfTheSharedUserIsOfAKindThatItsOwnersControllerMakes) {
  const std::string shared = user("system:kube-controller-manager");
  struct Case {
    std::string group, kind, owner_version, owner_kind;
    bool child;
  };
  for (const auto& [group, kind, owner_version, owner_kind, child] :
       std::vector<Case>{{"apps", "ReplicaSet", "apps/v1", "Deployment", true},
                         {"batch", "Job", "batch/v1", "CronJob", true},
                         {"", "Pod", "batch/v1", "Job", true},
                         {"", "Pod", "apps/v1", "StatefulSet", true},
                         {"", "Pod", "apps/v1", "DaemonSet", true},
                         {"", "Pod", "v1", "ReplicationController", true},
                         {"", "Pod", "v1", "Node", false},
                         {"batch", "Job", "apps/v1", "ReplicaSet", false},
                         {"apps", "Deployment", "apps/v1", "Deployment", false},
                         {"apps", "ReplicaSet", "batch/v1", "CronJob", false},
                         {"", "PodTemplate", "apps/v1", "ReplicaSet", false}})
    EXPECT_EQ(question_of({.group = group,
                           .kind = kind,
                           .user = shared,
                           .object = owned(R"([{"apiVersion": ")" + owner_version + R"(", "kind": ")" +
                                           owner_kind + R"(", "name": "o", "controller": true}])")}),
              child ? DeployerQuestion::ControllerChild : DeployerQuestion::Judge)
        << kind << " of " << owner_kind;
}

TEST(ControllerChild, IsOfTheKindThatItsControllerMakes) {
  EXPECT_EQ(question_of({.group = "batch",
                         .kind = "Job",
                         .user = user(kReplicaSetController),
                         .object = owned("[" + std::string(kReplicaSet) + "]")}),
            DeployerQuestion::Judge);
}

std::optional<Owner> owner_of(std::string_view labels, std::string_view references) {
  return request_of({.user = user("alice"),
                     .object = R"({"metadata": {"labels": )" + std::string(labels) +
                               R"(, "ownerReferences": )" + std::string(references) +
                               R"(}, "spec": {"containers": [{"name": "a", "image": "x:1"}]}})"})
      .owner;
}

TEST(Owner, IsTheControllingOne) {
  constexpr std::string_view kBoth = R"([{"apiVersion": "v1", "kind": "Node", "name": "n"},
      {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "controller": true}])";
  EXPECT_EQ(owner_of("{}", kBoth), (Owner{"apps/v1 StatefulSet", "db", ""}));
  EXPECT_EQ(owner_of("null", "null"), std::nullopt);
  EXPECT_EQ(owner_of("{}", R"([{"apiVersion": "v1", "kind": "Node", "name": "n"}])"), std::nullopt);
  EXPECT_EQ(owner_of("{}", "[" + std::string(kReplicaSet) + "," + std::string(kReplicaSet) + "]"),
            std::nullopt);
}

TEST(Owner, OfAReplicaSetIsShownAsItsDeployment) {
  const auto deployment = [](std::string_view name, std::string_view labels,
                             std::string_view api_version = "apps/v1", std::string_view kind = "ReplicaSet") {
    const auto owner = owner_of(labels, R"([{"apiVersion": ")" + std::string(api_version) +
                                            R"(", "kind": ")" + std::string(kind) + R"(", "name": ")" +
                                            std::string(name) + R"(", "controller": true}])");
    return owner ? owner->deployment : "none";
  };
  constexpr std::string_view kHash = R"({"pod-template-hash": "7d4b9"})";
  EXPECT_EQ(deployment("web-7d4b9", kHash), "web");
  EXPECT_EQ(deployment("web-api-7d4b9", kHash), "web-api");
  EXPECT_EQ(deployment("web", kHash), "");
  EXPECT_EQ(deployment("web7d4b9", kHash), "");
  EXPECT_EQ(deployment("-7d4b9", kHash), "");
  EXPECT_EQ(deployment("web-7d4b9-1", kHash), "");
  EXPECT_EQ(deployment("web-7d4b9", "{}"), "");
  EXPECT_EQ(deployment("web-7d4b9", "null"), "");
  EXPECT_EQ(deployment("web-", R"({"pod-template-hash": ""})"), "");
  EXPECT_EQ(deployment("web-7", R"({"pod-template-hash": 7})"), "");
  EXPECT_EQ(deployment("web-7d4b9", kHash, "apps/v1", "StatefulSet"), "");
  EXPECT_EQ(deployment("web-7d4b9", kHash, "argoproj.io/v1alpha1"), "");
}

/// To judge needs no owner of a manifest, so one that cannot be read is the API server's to refuse.
TEST(Owner, ThatCannotBeReadIsNone) {
  const auto object = owned(R"([{"apiVersion": "a/b/c", "kind": "X", "name": "x", "controller": true}])");
  const auto request = request_of({.operation = "UPDATE", .object = object, .old_object = object});
  EXPECT_EQ(request.owner, std::nullopt);
}

TEST(MirrorPod, IsCreatedByItsNodeWithAnnotationAndOwner) {
  const auto object = [](std::string_view annotation, std::string_view owner) {
    return R"({"metadata": {"annotations": {)" + std::string(annotation) + R"(}, "ownerReferences": [)" +
           std::string(owner) + R"(]}, "spec": {"containers": [{"name": "a", "image": "x:1"}]}})";
  };
  constexpr std::string_view kMirror = R"("kubernetes.io/config.mirror": "abc")";
  constexpr std::string_view kNode =
      R"({"apiVersion": "v1", "kind": "Node", "name": "n1", "controller": true})";
  const std::string node_user = R"({"username": "system:node:n1", "groups": ["system:nodes"]})";
  const auto is_mirror = [&](std::string who, std::string what, std::string operation = "CREATE") {
    return request_of({.operation = std::move(operation), .user = std::move(who), .object = std::move(what)})
        .mirror_pod;
  };
  EXPECT_TRUE(is_mirror(node_user, object(kMirror, kNode)));
  EXPECT_FALSE(is_mirror(user("alice"), object(kMirror, kNode)));
  EXPECT_FALSE(is_mirror(user("system:node:n1"), object(kMirror, kNode)));
  EXPECT_FALSE(
      is_mirror(R"({"username": "system:node:n2", "groups": ["system:nodes"]})", object(kMirror, kNode)));
  EXPECT_FALSE(is_mirror(R"({"username": "system:node:", "groups": ["system:nodes"]})",
                         object(kMirror, R"({"apiVersion": "v1", "kind": "Node", "name": ""})")));
  EXPECT_FALSE(is_mirror(R"({"username": "alice", "groups": ["system:nodes"]})", object(kMirror, kNode)));
  EXPECT_FALSE(is_mirror(node_user, object("", kNode)));
  EXPECT_FALSE(is_mirror(node_user, object(R"("kubernetes.io/config.hash": "abc")", kNode)));
  EXPECT_FALSE(is_mirror(node_user, object(kMirror, "")));
  EXPECT_FALSE(
      is_mirror(node_user, object(kMirror, R"({"apiVersion": "v1", "kind": "Node", "name": "n2"})")));
  EXPECT_FALSE(
      is_mirror(node_user, object(kMirror, R"({"apiVersion": "evil/v1", "kind": "Node", "name": "n1"})")));
  EXPECT_FALSE(is_mirror(node_user, object(kMirror, R"({"apiVersion": "v1", "kind": "Pod", "name": "n1"})")));
  EXPECT_FALSE(is_mirror(node_user, object(kMirror, kNode), "UPDATE"));
}

}  // namespace
}  // namespace tegata::webhook::kubernetes
