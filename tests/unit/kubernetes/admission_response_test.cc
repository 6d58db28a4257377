// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "webhook/kubernetes/admission_review.h"
#include "webhook/kubernetes/text.h"

namespace tegata::webhook::kubernetes {
namespace {

using nlohmann::json;

constexpr std::string_view kId = "01JD0000000000000000000000";

Finding finding(Cost cost, FindingKind kind, std::size_t container, std::string found = "no signature") {
  Finding finding;
  finding.policy = "production";
  finding.rule = "signed-by-ci";
  finding.kind = kind;
  finding.reason = kind == FindingKind::Unknown ? Reason::RegistryUnreachable : Reason::SignatureMissing;
  finding.cost = cost;
  finding.field_path = "spec.containers[" + std::to_string(container) + "].image";
  finding.container = "c" + std::to_string(container);
  finding.place = "container \"" + finding.container + "\" (" + finding.field_path + ")";
  finding.image = "h.example/a" + std::to_string(container);
  finding.expected = "a signature by ci.pub";
  finding.remedy = "ask the owner of the build pipeline to sign the image";
  finding.found = found;
  finding.message = std::move(found);
  return finding;
}

Verdict denial(std::vector<Finding> findings) {
  Verdict verdict;
  verdict.decision = Decision::Deny;
  verdict.would_be = Decision::Deny;
  verdict.reasons = {Reason::SignatureMissing};
  verdict.rules = {"signed-by-ci"};
  verdict.findings = std::move(findings);
  return verdict;
}

AdmissionReview review(std::size_t images = 3) {
  DeploymentRequest request;
  request.kind = "apps/v1 Deployment";
  request.ns = "shop";
  request.name = "deploy1";
  for (std::size_t i = 0; i < images; ++i)
    request.images.push_back({"spec.containers[" + std::to_string(i) + "].image", "c",
                              ContainerKind::Container, "a", ImageReference::parse("a"), false});
  return {"uid-1", request};
}

json response_to(const Verdict& verdict) {
  return json::parse(admission_response(review(), verdict, kId)).at("response");
}
std::string message_of(const Verdict& verdict) {
  return response_to(verdict).at("status").at("message").get<std::string>();
}
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

TEST(AdmissionResponse, NamesTheObjectTheCountAndTheCauseFirst) {
  auto with_help = finding(Cost::Deny, FindingKind::Missing, 2, "nothing");
  with_help.help = "https://wiki.example/signing";
  const auto message = message_of(denial({finding(Cost::Deny, FindingKind::Missing, 0),
                                          finding(Cost::Warn, FindingKind::Missing, 1), with_help}));
  EXPECT_EQ(
      message,
      "tegata denied apps/v1 Deployment shop/deploy1: 2 of 3 images lack what policy requires: the image is "
      "not signed (SignatureMissing), container \"c0\"\n"
      "image h.example/a0 in container \"c0\" (spec.containers[0].image)\n"
      "  lacks what is required by rule signed-by-ci of policy production: SignatureMissing (the image is "
      "not "
      "signed)\n"
      "    expected: a signature by ci.pub\n"
      "    found:    no signature\n"
      "    fix:      ask the owner of the build pipeline to sign the image\n"
      "image h.example/a2 in container \"c2\" (spec.containers[2].image)\n"
      "  lacks what is required by rule signed-by-ci of policy production: SignatureMissing (the image is "
      "not "
      "signed)\n"
      "    expected: a signature by ci.pub\n"
      "    found:    nothing\n"
      "    fix:      ask the owner of the build pipeline to sign the image\n"
      "    help:     https://wiki.example/signing\n"
      "decision id: 01JD0000000000000000000000");
}

TEST(AdmissionResponse, NamesAnObjectWithoutANameByItsPrefixAndItsOwner) {
  auto generated = review();
  auto& request = std::get<DeploymentRequest>(generated.reading);
  const auto first = [&] {
    const auto answer = json::parse(
        admission_response(generated, denial({finding(Cost::Deny, FindingKind::Missing, 0)}), kId));
    return first_line(answer.at("response").at("status").at("message").get<std::string>());
  };
  request.kind = "v1 Pod";
  request.name.clear();
  request.generate_name = "web-7d4b9-";
  EXPECT_TRUE(first().starts_with("tegata denied v1 Pod shop/web-7d4b9-*: ")) << first();
  request.owner = Owner{"apps/v1 ReplicaSet", "web-7d4b9", "web"};
  EXPECT_TRUE(first().starts_with("tegata denied v1 Pod shop/web-7d4b9-* of Deployment web: ")) << first();
  request.owner = Owner{"batch/v1 Job", "import", ""};
  EXPECT_TRUE(first().starts_with("tegata denied v1 Pod shop/web-7d4b9-* of Job import: ")) << first();
}

TEST(AdmissionResponse, NeverMixesTheKindsInItsFirstLine) {
  const auto words_of = [](FindingKind first, FindingKind second) {
    return first_line(message_of(denial({finding(Cost::Deny, first, 0), finding(Cost::Deny, second, 1)})));
  };
  EXPECT_NE(words_of(FindingKind::Violates, FindingKind::Violates).find("2 of 3 images violate policy"),
            std::string::npos);
  EXPECT_NE(words_of(FindingKind::Violates, FindingKind::Missing).find("2 of 3 images are refused"),
            std::string::npos);
  EXPECT_NE(words_of(FindingKind::Unknown, FindingKind::Missing).find("2 of 3 images are refused"),
            std::string::npos);
}

TEST(AdmissionResponse, NamesInItsFirstLineWhatViolatesBeforeWhatIsMissingOrUnknown) {
  const auto cause = [](FindingKind first, FindingKind second, FindingKind third) {
    const auto line = first_line(message_of(denial(
        {finding(Cost::Deny, first, 0), finding(Cost::Deny, second, 1), finding(Cost::Deny, third, 2)})));
    return line.substr(line.find("container"));
  };
  using enum FindingKind;
  EXPECT_EQ(cause(Unknown, Missing, Violates), "container \"c2\"");
  EXPECT_EQ(cause(Unknown, Violates, Violates), "container \"c1\"");
  EXPECT_EQ(cause(Unknown, Unknown, Missing), "container \"c2\"");
  EXPECT_EQ(cause(Unknown, Unknown, Unknown), "container \"c0\"");
  auto about_request = finding(Cost::Deny, Unknown, 0);
  about_request.field_path.clear();
  about_request.container.clear();
  const auto line = first_line(message_of(denial({about_request, finding(Cost::Deny, Violates, 1)})));
  EXPECT_TRUE(line.ends_with("container \"c1\"")) << line;
}

TEST(AdmissionResponse, SaysWhereNothingWasFoundBadButNothingCouldBeChecked) {
  EXPECT_EQ(first_line(message_of(denial({finding(Cost::Deny, FindingKind::Unknown, 0)}))),
            "tegata denied apps/v1 Deployment shop/deploy1: 1 of 3 images could not be checked: the registry "
            "could not be reached (RegistryUnreachable), container \"c0\"");
}

TEST(AdmissionResponse, OfAFindingAboutTheRequestCountsNoImages) {
  auto about_request = finding(Cost::Deny, FindingKind::Violates, 0);
  about_request.reason = Reason::DeployerNotAllowed;
  about_request.field_path.clear();
  about_request.container.clear();
  EXPECT_EQ(first_line(message_of(denial({about_request}))),
            "tegata denied apps/v1 Deployment shop/deploy1: this identity may not deploy here "
            "(DeployerNotAllowed)");
}

TEST(AdmissionResponse, OfAnInvalidRequestSaysWhatIsWrong) {
  Verdict verdict;
  verdict.decision = Decision::Invalid;
  verdict.would_be = Decision::Deny;
  verdict.reasons = {Reason::EventMalformed};
  const AdmissionReview invalid{"u",
                                InvalidRequest{Reason::EventMalformed, "spec.containers must be a list"}};
  const auto response = json::parse(admission_response(invalid, verdict, kId)).at("response");
  EXPECT_EQ(response.at("allowed"), false);
  EXPECT_EQ(first_line(response.at("status").at("message").get<std::string>()),
            "tegata denied this request: cannot parse the request (EventMalformed): spec.containers must "
            "be a list");
}

TEST(AdmissionResponse, WithoutAReadingStillAnswers) {
  const auto answer =
      json::parse(admission_response("u", denial({finding(Cost::Deny, FindingKind::Missing, 0)}), kId));
  EXPECT_EQ(answer.at("response").at("uid"), "u");
  EXPECT_EQ(first_line(answer.at("response").at("status").at("message").get<std::string>()),
            "tegata denied this request: 1 image lacks what policy requires: the image is not signed "
            "(SignatureMissing), container \"c0\"");
}

TEST(AdmissionResponse, KeepsTheCauseInTheFirstLineWhateverTheNames) {
  auto long_names = review();
  auto& request = std::get<DeploymentRequest>(long_names.reading);
  request.ns = std::string(63, 'n');
  request.name = std::string(253, 'o');
  request.kind = std::string(253, 'k');
  request.owner = Owner{std::string(253, 'g'), std::string(253, 'w'), ""};
  auto bad = finding(Cost::Deny, FindingKind::Missing, 0);
  bad.container = std::string(63, 'c');
  const auto answer = json::parse(admission_response(long_names, denial({bad}), kId));
  const auto first = first_line(answer.at("response").at("status").at("message").get<std::string>());
  EXPECT_LE(rune_count(first), limits::kDenyEssence);
  EXPECT_NE(first.find("1 of 3 images lacks what policy requires"), std::string::npos) << first;
  EXPECT_NE(first.find("(SignatureMissing)"), std::string::npos) << first;
}

TEST(AdmissionResponse, HasRoomForEveryReasonInTheFirstLine) {
  for (const auto& reason : all_reasons()) {
    auto bad = finding(Cost::Deny, FindingKind::Violates, 0);
    bad.reason = reason.code;
    EXPECT_NE(first_line(message_of(denial({bad}))).find("(" + std::string(reason.name) + ")"),
              std::string::npos);
  }
}

TEST(AdmissionResponse, BoundsTheMessageAndCountsWhatItLeavesOut) {
  const std::string line(1000, 'x');
  const auto with = [&](std::size_t count) {
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < count; ++i)
      findings.push_back(finding(Cost::Deny, FindingKind::Missing, i, line));
    return message_of(denial(std::move(findings)));
  };
  const auto lines = [](const std::string& message) {
    return std::count(message.begin(), message.end(), '\n');
  };
  std::size_t all = 1;
  while (with(all + 1).find(" more finding") == std::string::npos) ++all;
  // Title, summary, expected, found and fix of each; and the decision id.
  EXPECT_EQ(lines(with(all)), 5 * static_cast<std::ptrdiff_t>(all) + 1);
  EXPECT_LE(with(all).size(), limits::kDenyMessage);
  EXPECT_NE(with(all + 1).find("\n… and 1 more finding\ndecision id: "), std::string::npos);
  EXPECT_LE(with(all + 1).size(), limits::kDenyMessage);
  EXPECT_NE(with(all + 500).find("\n… and 500 more findings\ndecision id: "), std::string::npos);
  EXPECT_LE(with(all + 500).size(), limits::kDenyMessage);
  EXPECT_GT(all, 40U);
}

TEST(AdmissionResponse, CutsOneEndlessLineAndNotInsideACharacter) {
  std::string endless;
  while (endless.size() < 2 * limits::kDenyMessage) endless += "手形";
  const auto message = message_of(denial({finding(Cost::Deny, FindingKind::Missing, 0, endless)}));
  EXPECT_NE(message.find("…\n    fix: "), std::string::npos);
  EXPECT_LT(message.size(), limits::kDenyMessage);
  EXPECT_EQ(message.find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(AdmissionResponse, AllowsWithoutAStatus) {
  for (const auto decision : {Decision::Allow, Decision::NotCovered, Decision::Ignored}) {
    Verdict verdict;
    verdict.decision = decision;
    verdict.would_be = Decision::Allow;
    const auto response = response_to(verdict);
    EXPECT_EQ(response.at("allowed"), true);
    EXPECT_FALSE(response.contains("status"));
    EXPECT_FALSE(response.contains("warnings"));
    EXPECT_EQ(response.at("auditAnnotations").at("decision"), std::string(name_of(decision)));
  }
}

std::vector<std::string> warnings_of(const Verdict& verdict) {
  const auto response = response_to(verdict);
  return response.contains("warnings") ? response.at("warnings").get<std::vector<std::string>>()
                                       : std::vector<std::string>();
}

Verdict warned(std::size_t count) {
  Verdict verdict;
  verdict.decision = Decision::Allow;
  for (std::size_t i = 0; i < count; ++i)
    verdict.findings.push_back(finding(Cost::Warn, FindingKind::Missing, i, "warning " + std::to_string(i)));
  return verdict;
}

TEST(AdmissionResponse, ShowsFindingsAtWarnAndNoneAtDryRun) {
  auto verdict = warned(1);
  verdict.findings.push_back(finding(Cost::DryRun, FindingKind::Missing, 1, "silent"));
  verdict.findings.push_back(finding(Cost::Allow, FindingKind::Missing, 2, "silent"));
  verdict.warnings = {"a kind that is not described", "warning 0"};
  EXPECT_EQ(warnings_of(verdict), (std::vector<std::string>{"warning 0", "a kind that is not described"}));
}

TEST(AdmissionResponse, BoundsTheWarningsAndCountsWhatItLeavesOut) {
  EXPECT_EQ(warnings_of(warned(limits::kWarnings)).size(), limits::kWarnings);
  EXPECT_EQ(warnings_of(warned(limits::kWarnings)).back(), "warning 15");
  EXPECT_EQ(warnings_of(warned(limits::kWarnings + 1)).size(), limits::kWarnings);
  EXPECT_EQ(warnings_of(warned(limits::kWarnings + 1)).back(),
            "tegata: 2 more warnings are in the audit record");
}

TEST(AdmissionResponse, KeepsEveryWarningWithinTheApiServersBudgetAndPlain) {
  Verdict verdict;
  verdict.decision = Decision::Allow;
  for (std::size_t i = 0; i < 30; ++i)
    verdict.warnings.push_back(std::to_string(i) + "\n\t\x1b[31m" + "手" + std::string(1000, 'w') + "\xFF");
  std::size_t total = 0;
  for (const auto& warning : warnings_of(verdict)) {
    EXPECT_TRUE(is_plain(warning)) << warning;
    EXPECT_LE(rune_count(warning), limits::kWarningRunes);
    total += rune_count(warning);
  }
  EXPECT_LE(total, 4096U);
}

TEST(AdmissionResponse, CutsNoWarningThatTheApiServerWouldShowWhole) {
  Verdict verdict;
  verdict.decision = Decision::Allow;
  verdict.warnings = {std::string(3000, 'a'), std::string(limits::kWarningsWhole - 3000, 'b')};
  EXPECT_EQ(warnings_of(verdict), verdict.warnings);
  verdict.warnings[1] += "b";
  for (const auto& warning : warnings_of(verdict)) EXPECT_EQ(rune_count(warning), limits::kWarningRunes);
}

/// Three containers once gave 3,036 characters and fixes that contradicted each other.
TEST(AdmissionResponse, OfImagesThatTheirRegistryRefusesSaysOnlyThat) {
  std::vector<Finding> findings;
  std::vector<JudgedImage> images;
  for (std::size_t i = 0; i < 3; ++i) {
    for (const auto reason : {Reason::TagMissing, Reason::RegistryNotAllowed, Reason::DigestRequired}) {
      findings.push_back(finding(Cost::Deny, FindingKind::Violates, i));
      findings.back().reason = reason;
    }
    auto warned = finding(Cost::Warn, FindingKind::Violates, i, "a warning");
    warned.reason = Reason::TagNotCommitId;
    findings.push_back(warned);
    images.push_back({findings.back().image, std::nullopt, true});
  }
  auto verdict = denial(findings);
  verdict.images = images;
  const auto message = message_of(verdict);
  EXPECT_EQ(
      first_line(message),
      "tegata denied apps/v1 Deployment shop/deploy1: 3 of 3 images violate policy: the image's registry "
      "or repository is not allowed (RegistryNotAllowed), container \"c0\"");
  EXPECT_EQ(message.find("TagMissing"), std::string::npos);
  EXPECT_EQ(message.find("DigestRequired"), std::string::npos);
  EXPECT_LT(message.size(), 1200U);
  EXPECT_FALSE(response_to(verdict).contains("warnings"));
}

TEST(AdmissionResponse, BlamesNoImageForWhoeverDeploysIt) {
  auto about_request = finding(Cost::Deny, FindingKind::Violates, 0);
  about_request.reason = Reason::DeployerNotAllowed;
  about_request.field_path.clear();
  about_request.container.clear();
  EXPECT_EQ(first_line(message_of(denial({about_request, finding(Cost::Deny, FindingKind::Missing, 1)}))),
            "tegata denied apps/v1 Deployment shop/deploy1: this identity may not deploy here "
            "(DeployerNotAllowed), and 1 of 3 images lacks what policy requires");
}

TEST(AdmissionResponse, AnnotatesTheAuditLogUnderKeysThatItKeeps) {
  const auto annotations =
      response_to(denial({finding(Cost::Deny, FindingKind::Missing, 0)})).at("auditAnnotations");
  EXPECT_EQ(annotations, (json{{"decision", "deny"},
                               {"would-be", "deny"},
                               {"decision-id", kId},
                               {"reasons", "SignatureMissing"},
                               {"rules", "signed-by-ci"}}));
}

TEST(AdmissionResponse, BoundsTheAnnotations) {
  auto verdict = denial({});
  verdict.rules.assign(1000, std::string(63, 'r'));
  const auto rules = response_to(verdict).at("auditAnnotations").at("rules").get<std::string>();
  EXPECT_LE(rules.size(), limits::kAuditAnnotation);
  EXPECT_TRUE(rules.ends_with(",…"));
}

TEST(AdmissionResponse, CanBeTheBareDecision) {
  const auto denied = nlohmann::json::parse(bare_response("u\"1", Decision::Deny));
  EXPECT_EQ(denied["response"]["uid"], "u\"1");
  EXPECT_EQ(denied["response"]["allowed"], false);
  EXPECT_EQ(denied["response"]["status"]["code"], 403);
  for (const auto decision : {Decision::Allow, Decision::NotCovered, Decision::Ignored}) {
    const auto allowed = nlohmann::json::parse(bare_response("u", decision));
    EXPECT_EQ(allowed["response"], (nlohmann::json{{"uid", "u"}, {"allowed", true}}));
  }
  EXPECT_EQ(nlohmann::json::parse(bare_response("u", Decision::Invalid))["response"]["allowed"], false);
}

}  // namespace
}  // namespace tegata::webhook::kubernetes
