// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/manifests.h"

#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/unit/kubernetes/review_body.h"

namespace tegata::webhook::kubernetes {
namespace {

std::vector<ManifestReading> read(std::string_view text, const ManifestSettings& settings = {}) {
  auto readings = read_manifests(text, settings, {});
  if (!readings.ok()) throw std::runtime_error(readings.error().message);
  return *std::move(readings);
}

/// The request of the only object.
DeploymentRequest request_of(std::string_view text, const ManifestSettings& settings = {}) {
  const auto readings = read(text, settings);
  if (readings.size() != 1U) throw std::runtime_error("not one object");
  if (const auto* invalid = std::get_if<InvalidRequest>(&readings[0].reading))
    throw std::runtime_error(invalid->detail);
  return std::get<DeploymentRequest>(readings[0].reading);
}

std::string invalid_detail(const Reading& reading) {
  const auto* invalid = std::get_if<InvalidRequest>(&reading);
  return invalid == nullptr ? "" : invalid->detail;
}

constexpr std::string_view kPod = R"(
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: nginx:1.27
)";

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

TEST(Manifests, ExpandAliases) {
  const auto request = request_of(R"(
apiVersion: v1
kind: Pod
spec:
  containers:
    - &c {name: &n app, image: "nginx:1.27"}
  initContainers: [*c, {name: *n, image: busybox}]
)");
  ASSERT_EQ(request.images.size(), 3U);
  EXPECT_EQ(request.images[1].text, "nginx:1.27");
  EXPECT_EQ(request.images[2].container, "app");
}

TEST(Manifests, RefuseWhatTheyWouldReadOtherwiseThanKubernetes) {
  struct Case {
    std::string text, why;
  };
  for (const auto& [text, why] :
       std::vector<Case>{{"apiVersion: v1\nkind: Pod\nspec:\n  <<: {containers: []}\n", "merge keys"},
                         {"apiVersion: v1\nkind: Pod\nx: !!binary aGk=\n", "tag"},
                         {"apiVersion: v1\nkind: Pod\nx: !evil {a: 1}\n", "tag"},
                         {"apiVersion: v1\nkind: Pod\n? {a: 1}\n: b\n", "key"},
                         {"apiVersion: v1\nkind: Pod\nx: &a [*a]\n", "anchor"},
                         {"apiVersion: v1\nkind: Pod\nx: .nan\n", "JSON"},
                         {"apiVersion: v1\nkind: Pod\nx: *unknown\n", "line 3"}}) {
    const auto readings = read(text);
    ASSERT_EQ(readings.size(), 1U) << text;
    EXPECT_NE(invalid_detail(readings[0].reading).find(why), std::string::npos)
        << text << invalid_detail(readings[0].reading);
  }
}

TEST(Manifests, BoundTheNodesWithAliasesExpanded) {
  std::string bomb = "apiVersion: v1\nkind: Pod\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j == 0 ? "*a" : ", *a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  const auto readings = read(bomb);
  EXPECT_NE(invalid_detail(readings.at(0).reading).find("50000 nodes"), std::string::npos);
  // The mapping, apiVersion, kind and the list with their keys are seven nodes.
  const auto flat = [](std::size_t nodes) {
    std::string text = "apiVersion: v1\nkind: Pod\nx: [0";
    for (std::size_t i = 8; i < nodes; ++i) text += ",0";
    return text + "]\n";
  };
  EXPECT_EQ(invalid_detail(read(flat(limits::kManifestNodes)).at(0).reading), "");
  EXPECT_NE(invalid_detail(read(flat(limits::kManifestNodes + 1)).at(0).reading), "");
}

TEST(Manifests, BoundTheDepthInBothFormsAndThroughAliases) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  for (const std::string prefix :
       {"{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"x\": ", "{apiVersion: v1, kind: Pod, x: "}) {
    EXPECT_EQ(invalid_detail(read(prefix + nested(limits::kJsonDepth - 1) + "}").at(0).reading), "")
        << prefix;
    EXPECT_NE(invalid_detail(read(prefix + nested(limits::kJsonDepth) + "}").at(0).reading), "") << prefix;
    EXPECT_NE(invalid_detail(read(prefix + nested(100'000) + "}").at(0).reading), "") << prefix;
  }
  const auto aliased = [&](std::size_t levels) {
    return "{apiVersion: v1, kind: Pod, x: &x " + nested(levels) + ", y: [[[*x]]]}";
  };
  EXPECT_EQ(invalid_detail(read(aliased(limits::kJsonDepth - 4)).at(0).reading), "");
  EXPECT_NE(invalid_detail(read(aliased(limits::kJsonDepth - 3)).at(0).reading), "");
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
  EXPECT_NE(invalid_detail(more.back().reading).find("more than 4096 objects"), std::string::npos);
}

TEST(Manifests, TypePlainScalarsAsYaml12Does) {
  const auto image = [](const std::string& scalar) {
    const auto readings =
        read("{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: " + scalar + "}]}}");
    const auto* request = std::get_if<DeploymentRequest>(&readings.at(0).reading);
    return request == nullptr ? invalid_detail(readings.at(0).reading) : request->images.at(0).text;
  };
  constexpr std::string_view kNoString = "spec.containers[0].image must be a string";
  for (const std::string scalar :
       {"nginx", "yes", "1.2.3", "0b1", "1_000", "12e", "-", "+", ".", "0x", "0o9"})
    EXPECT_EQ(image(scalar), scalar);
  for (const std::string scalar :
       {"1", "007", "-3", "+3", "1.5", ".5", "5.", "1e3", "0x1F", "0o17", "true", "FALSE"})
    EXPECT_EQ(image(scalar), kNoString) << scalar;
  for (const std::string scalar : {"null", "~", "''", "!!str"}) EXPECT_EQ(image(scalar), "") << scalar;
  EXPECT_EQ(image("'1'"), "1");
  EXPECT_EQ(image("!!str 1"), "1");
  EXPECT_EQ(image(R"("a\"b\\c\td")"), "a\"b\\c\td");
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

}  // namespace
}  // namespace tegata::webhook::kubernetes
