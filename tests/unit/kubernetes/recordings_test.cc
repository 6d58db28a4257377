// SPDX-License-Identifier: Apache-2.0
//
// What is read out of every recorded AdmissionReview, against a golden file; and that each answer
// keeps the API server's contract. TEGATA_UPDATE_GOLDEN=1 rewrites the file: read the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "policy/model/limits.h"
#include "testdata_folder.h"
#include "webhook/kubernetes/admission_review.h"
#include "webhook/kubernetes/text.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace fs = std::filesystem;

const fs::path kRecordings = fs::path(TEGATA_TESTDATA) / "admission-reviews";
const fs::path kGolden = fs::path(TEGATA_TESTDATA) / "admission-reviews.golden";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> recordings() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kRecordings))
    if (entry.path().extension() == ".json" && entry.path().filename() != "index.json")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string_view words(DeployerQuestion question) {
  switch (question) {
    case DeployerQuestion::Judge:
      return "judge";
    case DeployerQuestion::NotEvaluable:
      return "not-evaluable";
    case DeployerQuestion::ControllerChild:
      return "controller-child";
    case DeployerQuestion::SameTemplate:
      return "same-template";
  }
  return "?";
}

std::string told(const DeploymentRequest& request) {
  std::ostringstream text;
  text << "deployment " << request.operation << " " << request.kind << " " << request.ns << "/"
       << shown_name(request) << (request.owner ? " of " + workload_of(request) : "")
       << (request.dry_run ? " dry-run" : "") << (request.mirror_pod ? " mirror-pod" : "") << "\n  "
       << words(request.deployer.question) << " " << request.deployer.who.value_or("-") << "\n";
  for (const auto& image : request.images)
    text << "  " << image.field_path << " [" << image.container << "] " << image.text << " -> "
         << (image.reference.ok() ? image.reference->canonical() : "INVALID")
         << (image.unchanged ? " unchanged" : "") << "\n";
  for (const auto& variable : request.environment)
    text << "  env " << variable.container << " " << variable.name << " " << name_of(variable.value_class)
         << " " << variable.keyed_hash << "\n";
  return text.str();
}

struct Teller {
  std::string operator()(const DeploymentRequest& request) const { return told(request); }
  std::string operator()(const IgnoredRequest& ignored) const {
    return "ignored " + std::string(name_of(ignored.reason)) + " (" + ignored.detail + ") " +
           ignored.who.value_or("-") + "\n";
  }
  std::string operator()(const InvalidRequest& invalid) const {
    return "invalid " + std::string(name_of(invalid.reason)) + " (" + invalid.detail + ")\n";
  }
  std::string operator()(const UndescribedKind& kind) const {
    return "undescribed " + kind.kind + " in " + kind.ns + "\n";
  }
};

std::string hash_of(std::string_view value) { return "h" + std::to_string(value.size()); }

TEST(RecordedAdmissionReviews, NameTheImagesOfTheGoldenFile) {
  std::string told;
  for (const auto& file : recordings()) {
    const auto review = parse_admission_review(read(file), hash_of);
    ASSERT_TRUE(review.ok()) << file << ": " << review.error().message;
    told += file.stem().string() + ": " + std::visit(Teller{}, review->reading);
  }
  if (std::getenv("TEGATA_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(kGolden, std::ios::binary) << told;
    return;
  }
  EXPECT_EQ(told, read(kGolden)) << "TEGATA_UPDATE_GOLDEN=1 rewrites " << kGolden;
}

/// Told apart from our reader: what the recordings themselves say, read by another JSON library.
TEST(RecordedAdmissionReviews, AreAllThere) { EXPECT_EQ(recordings().size(), 262U); }

/// Every `image` string below `object` that stands in a container or an image volume.
void collect_images(const nlohmann::json& value, std::vector<std::string>& images) {
  if (value.is_array())
    for (const auto& element : value) collect_images(element, images);
  if (!value.is_object()) return;
  for (const auto& [key, member] : value.items()) {
    if (key == "managedFields" || key == "status" || key == "annotations") continue;
    if (key == "image" && member.is_string()) images.push_back(member.get<std::string>());
    if (key == "image" && member.is_object()) images.push_back(member.value("reference", ""));
    collect_images(member, images);
  }
}

TEST(RecordedAdmissionReviews, LoseNoImageThatASearchOfTheWholeObjectFinds) {
  std::size_t compared = 0;
  for (const auto& file : recordings()) {
    const auto body = read(file);
    const auto review = parse_admission_review(body, hash_of);
    ASSERT_TRUE(review.ok());
    const auto* request = std::get_if<DeploymentRequest>(&review->reading);
    if (request == nullptr) continue;
    std::vector<std::string> expected;
    collect_images(nlohmann::json::parse(body)["request"]["object"], expected);
    std::vector<std::string> got;
    for (const auto& image : request->images)
      if (!image.text.empty() || image.kind == ContainerKind::ImageVolume) got.push_back(image.text);
    std::sort(expected.begin(), expected.end());
    std::sort(got.begin(), got.end());
    EXPECT_EQ(got, expected) << file;
    compared += expected.size();
  }
  EXPECT_GT(compared, 100U);
}

Verdict verdict_with(Decision decision) {
  Verdict verdict;
  verdict.decision = decision;
  verdict.would_be = decision == Decision::Allow ? Decision::Allow : Decision::Deny;
  verdict.reasons = {Reason::SignatureMissing};
  verdict.rules = {"signed-by-ci"};
  Finding finding;
  finding.policy = "production";
  finding.rule = "signed-by-ci";
  finding.reason = Reason::SignatureMissing;
  finding.kind = FindingKind::Missing;
  finding.field_path = "spec.containers[0].image";
  finding.container = "app";
  finding.message = "production/signed-by-ci: SignatureMissing: container \"app\"";
  verdict.findings = {finding};
  return verdict;
}

TEST(RecordedAdmissionReviews, AreAnsweredWithTheirUidInTheApiServersForm) {
  for (const auto& file : recordings()) {
    const auto body = read(file);
    const auto uid = nlohmann::json::parse(body)["request"]["uid"].get<std::string>();
    const auto review = parse_admission_review(body, hash_of);
    ASSERT_TRUE(review.ok());
    for (const auto decision :
         {Decision::Allow, Decision::Deny, Decision::NotCovered, Decision::Ignored, Decision::Invalid}) {
      const auto answer = nlohmann::json::parse(
          admission_response(*review, verdict_with(decision), "01HZZZZZZZZZZZZZZZZZZZZZZZ"));
      EXPECT_EQ(answer.at("apiVersion"), "admission.k8s.io/v1");
      EXPECT_EQ(answer.at("kind"), "AdmissionReview");
      const auto& response = answer.at("response");
      EXPECT_EQ(response.at("uid"), uid);
      EXPECT_FALSE(response.contains("patch"));
      EXPECT_FALSE(response.contains("patchType"));
      const bool denied = decision == Decision::Deny || decision == Decision::Invalid;
      EXPECT_EQ(response.at("allowed"), !denied) << file;
      EXPECT_EQ(response.contains("status"), denied);
      if (!denied) continue;
      EXPECT_EQ(response.at("status").at("code"), 403);
      EXPECT_EQ(response.at("status").at("reason"), "Forbidden");
      const auto message = response.at("status").at("message").get<std::string>();
      const auto first = message.substr(0, message.find('\n'));
      EXPECT_LE(rune_count(first), limits::kDenyEssence) << first;
      EXPECT_NE(first.find("SignatureMissing"), std::string::npos) << first;
    }
  }
}

}  // namespace
}  // namespace tegata::webhook::kubernetes
