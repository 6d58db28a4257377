// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/admission_review.h"

#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/unit/kubernetes/review_body.h"

namespace tegata::webhook::kubernetes {
namespace {

std::string hash_of(std::string_view value) { return "h" + std::to_string(value.size()); }

Reading reading_of(const ReviewBody& body) {
  auto review = parse_admission_review(body.text(), hash_of);
  if (!review.ok()) throw std::runtime_error(review.error().message);
  EXPECT_EQ(review->uid, body.uid);
  return review->reading;
}

/// The detail of an EventMalformed; empty where the reading is another one.
std::string malformed_detail(const Reading& reading) {
  const auto* invalid = std::get_if<InvalidRequest>(&reading);
  return invalid != nullptr && invalid->reason == Reason::EventMalformed ? invalid->detail : "";
}

std::string pod(std::string_view spec) { return R"({"spec": )" + std::string(spec) + "}"; }

ErrorCode error_of(std::string_view body) {
  const auto review = parse_admission_review(body, hash_of);
  return review.ok() ? ErrorCode::Internal : review.error().code;
}

TEST(AdmissionReview, WithoutAUidCannotBeAnswered) {
  const auto whole = ReviewBody{}.text();
  for (const std::string& body :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"), std::string("\"uid\""),
        std::string(R"({"request": null})"), std::string(R"({"request": {}})"),
        std::string(R"({"request": {"uid": ""}})"), std::string(R"({"request": {"uid": 7}})"),
        std::string(R"({"request": [{"uid": "7"}]})"), whole + "x", whole + whole,
        std::string("\xEF\xBB\xBF") + "{", "\xFF" + whole, ReviewBody{.uid = "\xC3("}.text()})
    EXPECT_EQ(error_of(body), ErrorCode::Malformed) << body;
}

TEST(AdmissionReview, ThatIsCutAnywhereCannotBeAnswered) {
  const auto whole = ReviewBody{}.text();
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_EQ(error_of(whole.substr(0, length)), ErrorCode::Malformed) << length;
}

TEST(AdmissionReview, IsBoundedInBytes) {
  auto body = ReviewBody{}.text();
  body.append(limits::kAdmissionBody - body.size(), ' ');
  EXPECT_TRUE(parse_admission_review(body, hash_of).ok());
  body += ' ';
  EXPECT_EQ(error_of(body), ErrorCode::LimitExceeded);
}

TEST(AdmissionReview, IsBoundedInItsUid) {
  EXPECT_TRUE(parse_admission_review(ReviewBody{.uid = std::string(limits::kUid, 'u')}.text(), hash_of).ok());
  EXPECT_EQ(error_of(ReviewBody{.uid = std::string(limits::kUid + 1, 'u')}.text()), ErrorCode::LimitExceeded);
}

TEST(AdmissionReview, LargerThanAKeptParserIsReadTheSame) {
  const auto note = [](std::size_t bytes) {
    return R"({"metadata": {"annotations": {"note": ")" + std::string(bytes, 'n') +
           R"("}}, "spec": {"containers": [{"name": "app", "image": "nginx:1.27"}]}})";
  };
  for (const std::size_t bytes : {limits::kKeptParser + 1, std::size_t{1}, 4 * limits::kKeptParser}) {
    const auto reading = reading_of({.object = note(bytes)});
    ASSERT_TRUE(std::holds_alternative<DeploymentRequest>(reading));
    EXPECT_EQ(std::get<DeploymentRequest>(reading).images.size(), 1U);
  }
}

/// `levels` arrays, one in the other.
std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(AdmissionReview, IsBoundedInDepthAndStillAnswered) {
  // The review, its request and its object are three levels above.
  const auto with = [](std::size_t levels) {
    return R"({"spec": {"containers": []}, "x": )" + nested(levels) + "}";
  };
  EXPECT_TRUE(
      std::holds_alternative<DeploymentRequest>(reading_of({.object = with(limits::kJsonDepth - 3)})));
  EXPECT_NE(malformed_detail(reading_of({.object = with(limits::kJsonDepth - 2)})).find("deeper"),
            std::string::npos);
  EXPECT_EQ(error_of(ReviewBody{.object = with(100'000)}.text()), ErrorCode::Malformed);
}

TEST(AdmissionReview, WithAKeyThatStandsTwiceIsInvalidWhereverItStands) {
  const auto many = [] {
    std::string members;
    for (int i = 0; i < 100; ++i) members += "\"k" + std::to_string(i) + "\": 0, ";
    return members;
  }();
  for (const auto& object :
       {pod(R"({"containers": [{"name": "app", "image": "good", "image": "evil"}]})"),
        pod(R"({"containers": [{"name": "app", "image": "good", "im\u0061ge": "evil"}]})"),
        pod(R"({"containers": [], "containers": [{"image": "evil"}]})"),
        std::string(R"({"metadata": {"managedFields": [{"f": {"a": 1, "a": 1}}]}, "spec": {}})"),
        "{" + many + R"("spec": {}, "k7": 1})", "{" + many + R"("k99": 1, "spec": {}})",
        "{" + many + R"("spec": {"x": [{"y": {"b": 1, "c": [], "b": {}}}]}})",
        R"({"spec": {"x": {"b": 1, "b": 2}}, )" + many + R"("last": 0})"})
    EXPECT_NE(malformed_detail(reading_of({.object = object})).find("appears twice"), std::string::npos)
        << object;
  EXPECT_NE(malformed_detail(reading_of({.operation = R"(CREATE", "operation": "DELETE)"})).find("twice"),
            std::string::npos);
  EXPECT_TRUE(
      std::holds_alternative<DeploymentRequest>(reading_of({.object = "{" + many + R"("spec": {}})"})));
}

TEST(AdmissionReview, OfWrongTypesIsInvalidAndNamesTheField) {
  struct Case {
    std::string spec;
    std::string field;
  };
  for (const auto& [spec, field] :
       std::vector<Case>{{"7", "spec"},
                         {"[]", "spec"},
                         {R"({"containers": {}})", "spec.containers"},
                         {R"({"containers": "nginx"})", "spec.containers"},
                         {R"({"containers": [null]})", "spec.containers[0]"},
                         {R"({"containers": [{"image": "a"}, "b"]})", "spec.containers[1]"},
                         {R"({"containers": [{"image": 7}]})", "spec.containers[0].image"},
                         {R"({"containers": [{"image": ["nginx"]}]})", "spec.containers[0].image"},
                         {R"({"containers": [{"name": true, "image": "a"}]})", "spec.containers[0].name"},
                         {R"({"initContainers": [{"image": {}}]})", "spec.initContainers[0].image"},
                         {R"({"ephemeralContainers": 0})", "spec.ephemeralContainers"},
                         {R"({"volumes": {}})", "spec.volumes"},
                         {R"({"volumes": ["v"]})", "spec.volumes[0]"},
                         {R"({"volumes": [{"image": "a"}]})", "spec.volumes[0].image"},
                         {R"({"volumes": [{"image": {"reference": 1}}]})", "spec.volumes[0].image.reference"},
                         {R"({"containers": [{"image": "a", "env": {}}]})", "spec.containers[0].env"},
                         {R"({"containers": [{"image": "a", "env": [1]}]})", "spec.containers[0].env[0]"},
                         {R"({"containers": [{"image": "a", "env": [{"name": "A", "value": 1}]}]})",
                          "spec.containers[0].env[0].value"}}) {
    const auto detail = malformed_detail(reading_of({.object = pod(spec)}));
    EXPECT_EQ(detail.substr(0, detail.find(" must be")), field) << spec;
  }
}

TEST(AdmissionReview, WithoutWhatTheApiServerAlwaysSendsIsInvalid) {
  EXPECT_NE(malformed_detail(reading_of({.object = "null"})), "");
  EXPECT_NE(malformed_detail(reading_of({.object = "[]"})), "");
  EXPECT_NE(malformed_detail(reading_of({.old_object = "7"})), "");
  EXPECT_NE(malformed_detail(reading_of({.user = "null"})), "");
  EXPECT_NE(malformed_detail(reading_of({.user = R"({"username": ""})"})), "");
  EXPECT_NE(malformed_detail(reading_of({.user = R"({"username": "a", "groups": "g"})"})), "");
  EXPECT_NE(malformed_detail(reading_of({.user = R"({"username": "a", "groups": [1]})"})), "");
  EXPECT_NE(malformed_detail(reading_of({.kind = ""})), "");
  EXPECT_NE(malformed_detail(reading_of({.version = ""})), "");
  EXPECT_NE(malformed_detail(reading_of({.operation = "create"})), "");
  EXPECT_NE(malformed_detail(reading_of({.kind = "Pod\\u202e"})), "");
}

TEST(AdmissionReview, OfAnotherVersionIsInvalid) {
  const auto review = parse_admission_review(
      R"({"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1beta1", "request": {"uid": "u"}})",
      hash_of);
  ASSERT_TRUE(review.ok());
  EXPECT_NE(malformed_detail(review->reading).find("admission.k8s.io/v1"), std::string::npos);
}

TEST(AdmissionReview, OfAKindThatIsNotDescribedSaysWhich) {
  struct Case {
    std::string group, version, kind, text;
  };
  for (const auto& [group, version, kind, text] :
       std::vector<Case>{{"", "v1", "Deployment", "v1 Deployment"},
                         {"apps", "v1beta1", "Deployment", "apps/v1beta1 Deployment"},
                         {"apps", "v1", "deployment", "apps/v1 deployment"},
                         {"apps.evil.io", "v1", "Deployment", "apps.evil.io/v1 Deployment"},
                         {"batch", "v1", "Pod", "batch/v1 Pod"},
                         {"argoproj.io", "v1alpha1", "Rollout", "argoproj.io/v1alpha1 Rollout"},
                         {"", "v1", "ConfigMap", "v1 ConfigMap"}}) {
    const auto reading = reading_of({.group = group, .version = version, .kind = kind});
    ASSERT_TRUE(std::holds_alternative<UndescribedKind>(reading)) << text;
    EXPECT_EQ(std::get<UndescribedKind>(reading).kind, text);
    EXPECT_EQ(std::get<UndescribedKind>(reading).ns, "shop");
  }
}

TEST(AdmissionReview, ThatDeploysNothingIsIgnoredWhateverItHolds) {
  struct Case {
    std::string operation, subresource;
    Reason reason;
  };
  for (const auto& [operation, subresource, reason] :
       std::vector<Case>{{"DELETE", "", Reason::NotADeployment},
                         {"CONNECT", "exec", Reason::NotADeployment},
                         {"CONNECT", "", Reason::NotADeployment},
                         {"CREATE", "binding", Reason::NotADeployment},
                         {"CREATE", "eviction", Reason::NotADeployment},
                         {"UPDATE", "status", Reason::NotADeployment},
                         {"UPDATE", "resize", Reason::NotADeployment},
                         {"UPDATE", "scale", Reason::ScaleOnly}}) {
    const auto reading = reading_of({.operation = operation, .subresource = subresource, .object = "null"});
    ASSERT_TRUE(std::holds_alternative<IgnoredRequest>(reading)) << operation << subresource;
    EXPECT_EQ(std::get<IgnoredRequest>(reading).reason, reason);
    EXPECT_EQ(std::get<IgnoredRequest>(reading).who, "alice");
  }
}

TEST(AdmissionReview, WithoutATemplateHasNoImages) {
  for (const std::string object : {R"({})", R"({"spec": null})", R"({"spec": {}})",
                                   R"({"spec": {"template": null}})", R"({"spec": {"template": {}}})"}) {
    const auto reading = reading_of({.kind = "ReplicationController", .object = object});
    ASSERT_TRUE(std::holds_alternative<DeploymentRequest>(reading)) << object;
    EXPECT_TRUE(std::get<DeploymentRequest>(reading).images.empty());
  }
}

TEST(AdmissionReview, ListsAbsentAndEmptyImagesAsNoReference) {
  const auto reading = reading_of(
      {.object = pod(
           R"({"containers": [{"name": "a"}, {"name": "b", "image": null}, {"name": "c", "image": ""},
          {"name": "d", "image": " nginx"}, {"name": "e", "image": "nginx\u0000"}],
          "volumes": [{"name": "v", "image": {}}, {"name": "w", "emptyDir": {}}, {"name": "x", "image": null}]})")});
  const auto& images = std::get<DeploymentRequest>(reading).images;
  ASSERT_EQ(images.size(), 6U);
  for (const auto& image : images) {
    EXPECT_FALSE(image.reference.ok()) << image.field_path;
    EXPECT_FALSE(image.unchanged);
  }
  EXPECT_EQ(images[5].field_path, "spec.volumes[0].image.reference");
  EXPECT_EQ(images[5].kind, ContainerKind::ImageVolume);
}

TEST(AdmissionReview, IsBoundedInImages) {
  const auto with = [](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + std::string(R"({"image": "a"})");
    return pod(R"({"containers": [)" + list + "]}");
  };
  EXPECT_TRUE(
      std::holds_alternative<DeploymentRequest>(reading_of({.object = with(limits::kImagesPerRequest)})));
  EXPECT_NE(
      malformed_detail(reading_of({.object = with(limits::kImagesPerRequest + 1)})).find("more than 512"),
      std::string::npos);
}

TEST(AdmissionReview, IsBoundedInEnvironmentVariables) {
  const auto with = [](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + std::string(R"({"name": "a"})");
    return pod(R"({"containers": [{"image": "a", "env": [)" + list + "]}]}");
  };
  EXPECT_TRUE(
      std::holds_alternative<DeploymentRequest>(reading_of({.object = with(limits::kEnvironmentVariables)})));
  EXPECT_NE(malformed_detail(reading_of({.object = with(limits::kEnvironmentVariables + 1)})), "");
}

TEST(AdmissionReview, KeepsOfTheEnvironmentNameClassAndHashOnly) {
  const auto reading = reading_of({.object = pod(
                                       R"({"containers": [{"name": "app", "image": "a", "env": [
            {"name": "PASSWORD", "value": "hunter2"}, {"name": "EMPTY", "value": ""}, {"name": "NONE"},
            {"name": "REF", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]}],
          "initContainers": [{"name": "init", "image": "b", "env": [{"name": "N", "value": "42"}]}]})")});
  const auto& environment = std::get<DeploymentRequest>(reading).environment;
  ASSERT_EQ(environment.size(), 5U);
  EXPECT_EQ(environment[0].name, "PASSWORD");
  EXPECT_EQ(environment[0].container, "app");
  EXPECT_EQ(environment[0].value_class, ValueClass::Text);
  EXPECT_EQ(environment[0].keyed_hash, "h7");
  EXPECT_EQ(environment[1].value_class, ValueClass::Empty);
  EXPECT_EQ(environment[2].value_class, ValueClass::Empty);
  EXPECT_EQ(environment[3].value_class, ValueClass::Reference);
  EXPECT_EQ(environment[3].keyed_hash, "");
  EXPECT_EQ(environment[4].container, "init");
  EXPECT_EQ(environment[4].value_class, ValueClass::Number);
}

TEST(AdmissionReview, GivesItsUidWithoutBeingRead) {
  EXPECT_EQ(*admission_uid(ReviewBody{.uid = "u-7", .object = "7"}.text()), "u-7");
  EXPECT_FALSE(admission_uid("{}").ok());
}

}  // namespace
}  // namespace tegata::webhook::kubernetes
