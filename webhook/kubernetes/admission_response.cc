// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/admission_review.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/engine/message.h"
#include "policy/model/deployment_request.h"
#include "policy/model/limits.h"
#include "policy/model/verdict.h"
#include "verifier/json/json_text.h"
#include "webhook/kubernetes/text.h"

namespace tegata::webhook::kubernetes {
namespace {

using verifier::JsonText;

using Findings = std::vector<const Finding*>;

// How much of the first line each part may take, so that the cause always fits.
constexpr std::size_t kKind = 32;
constexpr std::size_t kObject = 56;
/// The texts of a finding begin in one column.
constexpr std::size_t kLabel = std::string_view("expected: ").size();

std::string object_words(const Reading* reading) {
  const auto* request = reading == nullptr ? nullptr : std::get_if<DeploymentRequest>(reading);
  if (request == nullptr) return "this request";
  const auto name = shown_name(*request);
  const auto object = request->ns.empty() ? name : request->ns + "/" + name;
  auto words = one_line(request->kind, kKind) + " " + one_line(object, kObject);
  if (request->owner) words += " of " + short_workload_of(*request);
  return one_line(words, kKind + 1 + kObject);
}

/// What is wrong with the images, worded for the kind that all findings share. If the kinds are mixed, the
/// text is neutral: each finding below states its own.
std::string_view verb_of(const std::set<FindingKind>& kinds, bool one) {
  if (kinds.size() != 1) return one ? " is refused: " : " are refused: ";
  switch (*kinds.begin()) {
    case FindingKind::Violates:
      return one ? " violates policy: " : " violate policy: ";
    case FindingKind::Missing:
      return one ? " lacks what policy requires: " : " lack what policy requires: ";
    case FindingKind::Unknown:
      return " could not be checked: ";
  }
  return " are refused: ";
}

/// `2 of 3 images violate policy: `; empty if no finding is about an image.
std::string count_words(const Findings& findings, const Reading* reading) {
  std::set<std::string_view> images;
  std::set<FindingKind> kinds;
  for (const auto* finding : findings) {
    if (finding->field_path.empty()) continue;
    images.insert(finding->field_path);
    kinds.insert(finding->kind);
  }
  if (images.empty()) return "";
  const auto* request = reading == nullptr ? nullptr : std::get_if<DeploymentRequest>(reading);
  auto words = std::to_string(images.size());
  if (request != nullptr) words += " of " + std::to_string(request->images.size());
  const bool one = request != nullptr ? request->images.size() == 1 : images.size() == 1;
  return words + (one ? " image" : " images") + std::string(verb_of(kinds, images.size() == 1));
}

/// The finding that the first line names: the first one that violates policy, else one that lacks something,
/// else one that could not be checked. What a user can mend comes before what may only be a moment's failure.
const Finding& cause_of(const Findings& findings) {
  const auto rank = [](const Finding* finding) {
    switch (finding->kind) {
      case FindingKind::Violates:
        return 0;
      case FindingKind::Missing:
        return 1;
      case FindingKind::Unknown:
        return 2;
    }
    return 2;
  };
  return **std::ranges::min_element(findings, {}, rank);
}

std::string cause_words(const Verdict& verdict, const Findings& findings, const Reading* reading) {
  if (!findings.empty()) {
    const auto& first = cause_of(findings);
    auto words = std::string(entry_of(first.reason).words) + " (" + std::string(name_of(first.reason)) + ")";
    if (!first.container.empty()) words += ", container \"" + first.container + "\"";
    return words;
  }
  if (verdict.reasons.empty()) return "no reason was given";
  const auto reason = verdict.reasons.front();
  auto words = std::string(entry_of(reason).words) + " (" + std::string(name_of(reason)) + ")";
  if (const auto* invalid = reading == nullptr ? nullptr : std::get_if<InvalidRequest>(reading))
    words += ": " + invalid->detail;
  return words;
}

/// The number of images with findings, and the first cause. If that cause is about the request, it comes
/// first, so that the message does not blame an image for who deploys it.
std::string essence_of(const Verdict& verdict, const Findings& findings, const Reading* reading) {
  auto counted = count_words(findings, reading);
  auto cause = cause_words(verdict, findings, reading);
  if (counted.empty() || findings.empty() || !cause_of(findings).field_path.empty()) return counted + cause;
  counted.resize(counted.size() - 2);  // without ": "
  return cause + ", and " + counted;
}

std::string line_of(std::string_view indent, std::string_view text) {
  return "\n" + std::string(indent) + one_line(text, limits::kFindingLine);
}

std::string text_of(const policy::ExplainedFinding& finding) {
  auto text = line_of("  ", finding.summary);
  for (const auto& [label, words] : finding.lines) {
    auto title = std::string(label) + ": ";
    title.resize(std::max(title.size(), kLabel), ' ');
    text += line_of("    ", title + words);
  }
  return text;
}

std::string heading_of(const policy::ExplainedImage& image) {
  auto text = line_of("", image.title);
  if (!image.digest.empty()) text += line_of("  ", "digest: " + image.digest);
  return text;
}

/// As many findings as fit into `room` bytes, each below its image; the others are counted.
std::string paragraphs_of(const Findings& findings, std::size_t room) {
  std::string text;
  std::size_t left = 0;
  for (const auto& image : policy::explained(findings)) {
    auto heading = heading_of(image);
    for (const auto& finding : image.findings) {
      const auto next = heading + text_of(finding);
      if (left > 0 || text.size() + next.size() > room) {
        ++left;
        continue;
      }
      text += next;
      heading.clear();
    }
  }
  if (left > 0) text += "\n… and " + std::to_string(left) + (left == 1 ? " more finding" : " more findings");
  return text;
}

/// The message of a denial, for people. The first line, at most limits::kDenyEssence characters, names what
/// was denied and the first cause, because Events and dashboards truncate. Then, for each image, the findings
/// at cost deny on separate lines: rule, expected, found, fix and help. The last line is the decision id. At
/// most limits::kDenyMessage bytes: findings that do not fit are counted. `reading` may be null: then the
/// object is not named.
std::string deny_message(const Verdict& verdict, const Reading* reading, std::string_view decision_id) {
  const auto findings = policy::findings_told(verdict, Cost::Deny);
  const auto first =
      one_line("tegata denied " + object_words(reading) + ": " + essence_of(verdict, findings, reading),
               limits::kDenyEssence);
  const auto last = "\ndecision id: " + one_line(decision_id, limits::kUid);
  // 64: room for the line that counts what was left out.
  return first + paragraphs_of(findings, limits::kDenyMessage - first.size() - last.size() - 64) + last;
}

bool is_denied(Decision decision) {
  switch (decision) {
    case Decision::Deny:
    case Decision::Invalid:
      return true;
    case Decision::Allow:
    case Decision::NotCovered:
    case Decision::Ignored:
      return false;
  }
  return true;
}

/// Each once, as one line of at most `runes` code points, in order: the findings at cost warn, then the
/// other warnings of the verdict.
std::vector<std::string> warnings_of(const Verdict& verdict, std::size_t runes) {
  std::vector<std::string> warnings;
  std::set<std::string> seen;
  const auto add = [&](std::string_view text) {
    auto line = one_line(text, runes);
    if (!line.empty() && seen.insert(line).second) warnings.push_back(std::move(line));
  };
  for (const auto* finding : policy::findings_told(verdict, Cost::Warn))
    if (finding->cost == Cost::Warn) add(finding->message);
  for (const auto& warning : verdict.warnings) add(warning);
  return warnings;
}

/// Complete if they fit the API server's limits. Otherwise each is truncated as the API server would truncate
/// it, and the last one counts those that are left out.
std::vector<std::string> fitting_warnings_of(const Verdict& verdict) {
  auto whole = warnings_of(verdict, limits::kWarningsWhole);
  const auto together =
      std::accumulate(whole.begin(), whole.end(), std::size_t{0},
                      [](std::size_t sum, const std::string& warning) { return sum + rune_count(warning); });
  if (whole.size() <= limits::kWarnings && together <= limits::kWarningsWhole) return whole;
  auto warnings = warnings_of(verdict, limits::kWarningRunes);
  if (warnings.size() > limits::kWarnings) {
    const auto left_out = warnings.size() - limits::kWarnings + 1;
    warnings.resize(limits::kWarnings - 1);
    warnings.push_back("tegata: " + std::to_string(left_out) + " more warnings are in the audit record");
  }
  return warnings;
}

/// The names separated by commas, as many as fit.
template <typename Names, typename Text>
std::string list_of(const Names& names, const Text& text) {
  std::string list;
  for (const auto& name : names) {
    const auto next = std::string(list.empty() ? "" : ",") + one_line(text(name), limits::kAuditAnnotation);
    if (list.size() + next.size() > limits::kAuditAnnotation - 4) return list + ",…";
    list += next;
  }
  return list;
}

JsonText annotations_of(const Verdict& verdict, std::string_view decision_id) {
  return {{"decision", name_of(verdict.decision)},
          {"decision-id", one_line(decision_id, limits::kUid)},
          {"reasons", list_of(verdict.reasons, [](Reason reason) { return name_of(reason); })},
          {"rules", list_of(verdict.rules, [](const std::string& rule) { return std::string_view(rule); })},
          {"would-be", name_of(verdict.would_be)}};
}

JsonText failure_of(std::string_view message) {
  return {{"code", 403}, {"message", message}, {"reason", "Forbidden"}, {"status", "Failure"}};
}

std::string review_of(const JsonText& response) {
  return JsonText(
             {{"apiVersion", "admission.k8s.io/v1"}, {"kind", "AdmissionReview"}, {"response", response}})
      .text();
}

std::string respond(std::string_view uid, const Verdict& verdict, std::string_view decision_id,
                    const Reading* reading) {
  const bool denied = is_denied(verdict.decision);
  const auto warnings = fitting_warnings_of(verdict);
  return review_of(
      {{"allowed", !denied},
       {"auditAnnotations", annotations_of(verdict, decision_id)},
       {"status", denied ? failure_of(deny_message(verdict, reading, decision_id)) : JsonText::absent()},
       {"uid", uid},
       {"warnings", warnings.empty() ? JsonText::absent() : JsonText::list(warnings)}});
}

}  // namespace

std::string admission_response(std::string_view uid, const Verdict& verdict, std::string_view decision_id) {
  return respond(uid, verdict, decision_id, nullptr);
}

std::string admission_response(const AdmissionReview& review, const Verdict& verdict,
                               std::string_view decision_id) {
  return respond(review.uid, verdict, decision_id, &review.reading);
}

std::string bare_response(std::string_view uid, Decision decision) {
  const bool denied = is_denied(decision);
  return review_of(
      {{"allowed", !denied},
       {"status", denied ? failure_of("denied by tegata; an internal error lost the reasons: see its log")
                         : JsonText::absent()},
       {"uid", uid}});
}

}  // namespace tegata::webhook::kubernetes
