// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/deny_message.h"

#include <algorithm>
#include <set>
#include <vector>

#include "policy/engine/message.h"
#include "policy/model/limits.h"
#include "webhook/kubernetes/one_line.h"

namespace tegata::webhook::kubernetes {
namespace {

using Findings = std::vector<const Finding*>;

// How much of the first line each part may take, so that the cause always stands in it.
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

/// What is wrong with the images, in the words of the one kind that all findings have. Where kinds
/// are mixed, nothing is said of them here: each finding below tells its own.
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

/// `2 of 3 images violate policy: `; empty where no image is at fault.
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

std::string cause_words(const Verdict& verdict, const Findings& findings, const Reading* reading) {
  if (!findings.empty()) {
    const auto& first = *findings.front();
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

/// The images at fault and the first cause; where that is about the request, the cause first, so that
/// no image is blamed for who deploys it.
std::string essence_of(const Verdict& verdict, const Findings& findings, const Reading* reading) {
  auto counted = count_words(findings, reading);
  auto cause = cause_words(verdict, findings, reading);
  if (counted.empty() || findings.empty() || !findings.front()->field_path.empty()) return counted + cause;
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

}  // namespace

std::string deny_message(const Verdict& verdict, const Reading* reading, std::string_view decision_id) {
  const auto findings = policy::findings_told(verdict, Cost::Deny);
  const auto first =
      one_line("tegata denied " + object_words(reading) + ": " + essence_of(verdict, findings, reading),
               limits::kDenyEssence);
  const auto last = "\ndecision id: " + one_line(decision_id, limits::kUid);
  // 64: room for the line that counts what was left out.
  return first + paragraphs_of(findings, limits::kDenyMessage - first.size() - last.size() - 64) + last;
}

}  // namespace tegata::webhook::kubernetes
