// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/manifests.h"

#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/unit/kubernetes/manifest_readings.h"
#include "tests/unit/kubernetes/review_body.h"
#include "webhook/kubernetes/admission_review.h"

namespace tegata::webhook::kubernetes {
namespace {

TEST(Manifests, AreReadAsTheirCreation) {
  const auto request = request_of(kPod);
  EXPECT_EQ(request.operation, "CREATE");
  EXPECT_EQ(request.kind, "v1 Pod");
  EXPECT_EQ(request.name, "web");
  EXPECT_EQ(request.ns, "default");
  EXPECT_EQ(request.uid, "");
  ASSERT_EQ(request.images.size(), 1U);
  EXPECT_EQ(request.images[0].field_path, "spec.containers[0].image");
  EXPECT_EQ(request.deployer.question, DeployerQuestion::NotEvaluable);
  EXPECT_EQ(request.deployer.who, std::nullopt);
}

TEST(Manifests, WithGenerateNameAreNamedByItsPrefix) {
  const auto named = [](std::string_view metadata) {
    return request_of(R"({"apiVersion": "v1", "kind": "Pod", "metadata": )" + std::string(metadata) + "}");
  };
  const auto generated = named(R"({"generateName": "import-"})");
  EXPECT_EQ(generated.name, "");
  EXPECT_EQ(generated.generate_name, "import-");
  EXPECT_EQ(shown_name(generated), "import-*");
  const auto both = named(R"({"generateName": "import-", "name": "import-x7"})");
  EXPECT_EQ(both.generate_name, "");
  EXPECT_EQ(shown_name(both), "import-x7");
  EXPECT_EQ(shown_name(named("{}")), "(unnamed)");
}

TEST(Manifests, TakeTheirOwnNamespaceElseTheGivenOne) {
  EXPECT_EQ(request_of(kPod, {.default_namespace = "prod", .as = {}}).ns, "prod");
  EXPECT_EQ(request_of(R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "own"}})",
                       {.default_namespace = "prod", .as = {}})
                .ns,
            "own");
}

TEST(Manifests, AreJudgedAsTheGivenUser) {
  const auto request = request_of(kPod, {.default_namespace = "d", .as = KubernetesUser{"bob", {"ops"}, ""}});
  EXPECT_EQ(request.deployer.question, DeployerQuestion::Judge);
  EXPECT_EQ(request.deployer.who, "bob");
  EXPECT_EQ(std::get<KubernetesUser>(request.deployer.caller).groups, std::vector<std::string>{"ops"});
}

TEST(Manifests, OfSeveralDocumentsAndListsAreNumbered) {
  const auto readings = read(R"(---
# nothing here
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Pod, metadata: {name: a}}
  - apiVersion: v1
    kind: PodList
    items: [{metadata: {name: b}}]
---
apiVersion: v1
kind: ConfigMap
...
)");
  ASSERT_EQ(readings.size(), 3U);
  EXPECT_EQ(readings[0].name, "#1[0]");
  EXPECT_EQ(std::get<DeploymentRequest>(readings[0].reading).name, "a");
  EXPECT_EQ(readings[1].name, "#1[1][0]");
  EXPECT_EQ(std::get<DeploymentRequest>(readings[1].reading).kind, "v1 Pod");
  EXPECT_EQ(readings[2].name, "#2");
  EXPECT_EQ(std::get<UndescribedKind>(readings[2].reading).kind, "v1 ConfigMap");
}

TEST(Manifests, ThatCannotBeReadDoNotHideTheOthers) {
  const auto readings = read(R"(
apiVersion: v1
kind: List
items:
  - 7
  - {apiVersion: v1, kind: Pod, spec: {containers: nginx}}
  - {apiVersion: a/b/c, kind: Pod}
  - {kind: Pod}
  - {apiVersion: v1, kind: Pod, metadata: {name: "good"}}
)");
  ASSERT_EQ(readings.size(), 5U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NE(invalid_detail(readings[i].reading), "") << i;
  EXPECT_EQ(std::get<DeploymentRequest>(readings[4].reading).name, "good");
}

TEST(Manifests, ThatAreNoneAreInvalid) {
  for (const std::string text :
       {"", "   \n", "---\n---\n", "just words", "[]", "{}", "- a\n- b", "a: 1", "{\"apiVersion\": \"v1\"}",
        "\x01", "\xFF\xFE", "apiVersion: v1\nkind: \"Pod\\u202e\"\n",
        "{\"apiVersion\": \"v1\", \"kind\": 7}"}) {
    const auto readings = read(text);
    ASSERT_EQ(readings.size(), 1U) << text;
    EXPECT_NE(invalid_detail(readings[0].reading), "") << text;
  }
}

TEST(Manifests, WithAKeyThatStandsTwiceAreInvalidInBothForms) {
  for (
      const std::string text :
      {R"({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "good", "image": "evil"}]}})",
       "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: good\n      image: evil\n",
       "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: good, \"image\": evil}]}\n"}) {
    const auto readings = read(text);
    ASSERT_EQ(readings.size(), 1U);
    EXPECT_NE(invalid_detail(readings[0].reading).find("twice"), std::string::npos) << text;
  }
}

/// A bundle of CRDs has this many nodes; in JSON they were read all along.
/// Small as YAML, by its aliases; `bytes` as JSON.
/// What a merge drops has been written, too: it must not be free.
TEST(Manifests, ThatAreSomethingElseAreNamed) {
  struct Case {
    std::string text, what;
  };
  for (const auto& [text, what] : std::vector<Case>{
           {"AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n", "CloudFormation template"},
           {R"({"Resources": {"Task": {"Type": "AWS::ECS::TaskDefinition"}}})", "CloudFormation template"},
           {"Resources:\n  Task: {Type: x, Image: !Sub '${Image}'}\n", "CloudFormation template"},
           {R"({"ContainerDefinitions": [{"Image": "a"}]})", "as CloudFormation spells it"},
           {R"({"services": [{"taskDefinition": "arn"}], "failures": []})", "aws ecs describe-services"},
           {R"({"service": {"serviceArn": "x"}})", "an ECS service"},
           {R"({"serviceName": "x", "taskDefinition": "y:1"})", "an ECS service"},
           {R"({"tasks": [], "failures": []})", "ECS tasks"},
           {R"({"taskDefinitionArns": []})", "list of ARNs"},
           {R"({"eventVersion": "1.08", "eventSource": "ecs.amazonaws.com", "eventName": "RunTask"})",
            "CloudTrail records"},
           {R"({"Events": []})", "CloudTrail records"},
           {R"([{"eventName": "RunTask"}])", "CloudTrail records"},
           {"services:\n  web: {image: nginx}\n", "Compose file"},
           {"family: a\ncontainerDefinitions: [{image: x}]\n", "read as JSON"},
           {R"([{"name": "a", "image": "b"}])", "plain list of containers"},
           {R"([{"name": "a", "imageUri": "b"}])", "imagedefinitions.json"},
           {R"({"name": "a", "image": "b"})", "one container by itself"},
           {R"({"resource_changes": []})", "Terraform plan"},
           {"- apiVersion: v1\n  kind: Pod\n", "kind: List"},
           {"[1]", "a plain list; supported are"},
           {"just words", "neither an object nor a list"},
           {"a: 1", "supported are Kubernetes manifests"}}) {
    const auto readings = read(text);
    ASSERT_EQ(readings.size(), 1U) << text;
    EXPECT_NE(invalid_detail(readings[0].reading).find(what), std::string::npos)
        << text << invalid_detail(readings[0].reading);
  }
}

TEST(Manifests, BoundTheObjectsOfAFile) {
  const auto list = [](std::size_t count) {
    std::string text = R"({"apiVersion": "v1", "kind": "List", "items": [)";
    for (std::size_t i = 0; i < count; ++i)
      text += (i == 0 ? "" : ",") + std::string(R"({"apiVersion": "v1", "kind": "Pod"})");
    return text + "]}";
  };
  const auto most = read(list(limits::kManifestObjects));
  EXPECT_EQ(most.size(), limits::kManifestObjects);
  EXPECT_EQ(invalid_detail(most.back().reading), "");
  const auto more = read(list(limits::kManifestObjects + 1));
  EXPECT_EQ(more.size(), limits::kManifestObjects + 1);
  EXPECT_NE(invalid_detail(more.back().reading).find("more than 16384 objects"), std::string::npos);
}

TEST(Manifests, OfAnAdmissionReviewTakeItsOwnUser) {
  const auto readings = read(ReviewBody{}.text());
  ASSERT_EQ(readings.size(), 1U);
  EXPECT_EQ(std::get<DeploymentRequest>(readings[0].reading).deployer.who, "alice");
  EXPECT_EQ(std::get<DeploymentRequest>(readings[0].reading).ns, "shop");
  const auto refused = read_manifests(ReviewBody{}.text(),
                                      {.default_namespace = "d", .as = KubernetesUser{"bob", {}, ""}}, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Misconfigured);
}

TEST(Manifests, OfAnAdmissionReviewThatServeRefusesAreInvalid) {
  auto review = ReviewBody{}.text();
  const auto changed = [&](const std::string& from, const std::string& to) {
    auto text = review;
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("not in the review: " + from);
    return text.replace(at, from.size(), to);
  };
  for (const auto& text :
       {changed("admission.k8s.io/v1", "admission.k8s.io/v1beta1"),
        changed("admission.k8s.io/v1", "admission.k8s.io/v2"), changed("admission.k8s.io/v1", "v1"),
        changed("\"apiVersion\"", "\"apiversion\""), changed("\"uid\"", "\"Uid\""),
        std::string(R"({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"})"),
        std::string(R"({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReviewList", "items": [{}]})"),
        std::string("apiVersion: admission.k8s.io/v1beta1\nkind: AdmissionReview\n")}) {
    const auto readings = read(text);
    ASSERT_EQ(readings.size(), 1U);
    EXPECT_NE(invalid_detail(readings[0].reading).find("AdmissionReview"), std::string::npos) << text;
    // As serve: a decision that is invalid, or no uid to answer to.
    const auto served = parse_admission_review(text, {});
    EXPECT_TRUE(!served.ok() || std::holds_alternative<InvalidRequest>(served->reading)) << text;
  }
}

}  // namespace
}  // namespace tegata::webhook::kubernetes
