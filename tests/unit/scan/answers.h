// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "policy/model/rfc3339.h"
#include "verifier/scan/aws_scans.h"

/// Answers of AWS, with values of our own in the shapes of botocore's service models.
namespace tegata::verifier::answers {

using nlohmann::json;

inline const std::string kHash = "sha256:745477a886a72216c6f34a2d1a74f565b2f0c8443cd2651d0f50d2ba33bf64e7";
inline Digest image() { return *Digest::parse(kHash); }
inline Time when(std::string_view text) { return *read_rfc3339(text, TimeForm::Lenient); }

/// DescribeImageScanFindings.
inline json ecr(const std::string& status, json findings = {{"findingSeverityCounts", json::object()}}) {
  return {{"registryId", "123456789012"},
          {"repositoryName", "shop/api"},
          {"imageId", {{"imageDigest", kHash}}},
          {"imageScanStatus", {{"status", status}, {"description", "as AWS says it"}}},
          {"imageScanFindings", std::move(findings)}};
}
inline json package(const std::string& name) {
  return {{"name", name},
          {"version", "2.36"},
          {"release", "9"},
          {"epoch", 1},
          {"arch", "X86_64"},
          {"packageManager", "OS"},
          {"fixedInVersion", "1:2.36-10"}};
}
/// A finding of Inspector; in ECR's answers its score is `score`.
inline json inspector_finding() {
  return {
      {"findingArn", "arn:aws:inspector2:eu-west-1:123456789012:finding/0123456789abcdef0123456789abcdef"},
      {"type", "PACKAGE_VULNERABILITY"},
      {"title", "CVE-2026-40003 - glibc"},
      {"severity", "HIGH"},
      {"status", "ACTIVE"},
      {"firstObservedAt", 1794981600.25},
      {"lastObservedAt", 1795167600.0},
      {"inspectorScore", 7.5},
      {"score", 7.5},
      {"fixAvailable", "YES"},
      {"exploitAvailable", "NO"},
      {"epss", {{"score", 0.25}}},
      {"packageVulnerabilityDetails",
       {{"vulnerabilityId", "CVE-2026-40003"},
        {"relatedVulnerabilities", {"DLA-1-1"}},
        {"source", "NVD"},
        {"vulnerablePackages", {package("glibc"), package("libc-bin")}}}},
      {"resources",
       {{{"type", "AWS_ECR_CONTAINER_IMAGE"},
         {"id", "arn:aws:ecr:eu-west-1:123456789012:repository/shop/api/" + kHash},
         {"details", {{"awsEcrContainerImage", {{"repositoryName", "shop/api"}, {"imageHash", kHash}}}}}}}}};
}
inline json coverage(const std::string& code, const std::string& reason) {
  return {{"coveredResources",
           {{{"resourceType", "AWS_ECR_CONTAINER_IMAGE"},
             {"resourceId", "arn:aws:ecr:eu-west-1:123456789012:repository/shop/api/" + kHash},
             {"accountId", "123456789012"},
             {"scanType", "PACKAGE"},
             {"scanStatus", {{"statusCode", code}, {"reason", reason}}},
             {"lastScannedAt", 1795167600.0}}}}};
}
inline json asff_finding() {
  return {
      {"SchemaVersion", "2018-10-08"},
      {"Id", "arn:aws:inspector2:eu-west-1:123456789012:finding/0123456789abcdef0123456789abcdef"},
      {"Title", "CVE-2026-40003 - glibc"},
      {"FirstObservedAt", "2026-11-18T06:00:00.250Z"},
      {"UpdatedAt", "2026-11-20T09:40:00Z"},
      {"Severity", {{"Label", "HIGH"}, {"Normalized", 70}}},
      {"RecordState", "ACTIVE"},
      {"Workflow", {{"Status", "NEW"}}},
      {"Resources",
       {{{"Type", "AwsEcrContainerImage"},
         {"Id", "arn:aws:ecr:eu-west-1:123456789012:repository/shop/api/" + kHash},
         {"Details", {{"AwsEcrContainerImage", {{"RepositoryName", "shop/api"}, {"ImageDigest", kHash}}}}}}}},
      {"Vulnerabilities",
       {{{"Id", "CVE-2026-40003"},
         {"VulnerablePackages",
          {{{"Name", "glibc"}, {"Version", "2.36"}, {"Release", "9"}, {"FixedInVersion", "2.36-10"}}}},
         {"Cvss", {{{"Version", "3.1"}, {"BaseScore", 7.5}}, {{"Version", "2.0"}, {"BaseScore", 9.0}}}},
         {"RelatedVulnerabilities", {"DLA-1-1"}},
         {"EpssScore", 0.25},
         {"FixAvailable", "PARTIAL"},
         {"ExploitAvailable", "YES"}}}}};
}

/// `known`, or the reason of the gap.
inline std::string outcome(const ScanReport& report) {
  return report.gap ? std::string(name_of(report.gap->reason)) : "known";
}
/// `pointer` of a document replaced.
inline json with(json document, const std::string& pointer, json value) {
  document[json::json_pointer(pointer)] = std::move(value);
  return document;
}

}  // namespace tegata::verifier::answers
