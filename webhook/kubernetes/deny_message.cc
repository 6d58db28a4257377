// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/deny_message.h"

#include <set>
#include <vector>

#include "policy/model/limits.h"
#include "webhook/kubernetes/one_line.h"
#include "webhook/kubernetes/reason_words.h"

namespace tegata::webhook::kubernetes {
namespace {

using Findings = std::vector<const Finding*>;

// How much of the first line each part may take, so that the cause always stands in it.
constexpr std::size_t kKind = 32;
constexpr std::size_t kObject = 56;

Findings denying(const Verdict& verdict) {
  Findings denying;
  for (const auto& finding : verdict.findings)
    if (finding.cost == Cost::Deny) denying.push_back(&finding);
  return denying;
}

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
/// are mixed nothing is said of them here: each line below tells its own.
std::string_view verb_of(const std::set<FindingKind>& kinds, bool one) {
  if (kinds.size() != 1) return one ? " is refused: " : " are refused: ";
  switch (*kinds.begin()) {
    case FindingKind::Violates:
      return one ? " violates policy: " : " violate policy: ";
    case FindingKind::Missing:
      return one ? " lacks what policy asks: " : " lack what policy asks: ";
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
    auto words = std::string(words_of(first.reason)) + " (" + std::string(name_of(first.reason)) + ")";
    if (!first.container.empty()) words += ", container \"" + first.container + "\"";
    return words;
  }
  if (verdict.reasons.empty()) return "no reason was given";
  const auto reason = verdict.reasons.front();
  auto words = std::string(words_of(reason)) + " (" + std::string(name_of(reason)) + ")";
  if (const auto* invalid = reading == nullptr ? nullptr : std::get_if<InvalidRequest>(reading))
    words += ": " + invalid->detail;
  return words;
}

/// The images at fault and the first cause; where that is about the request, the cause first, so that
/// no image is blamed for whoever deploys it.
std::string essence_of(const Verdict& verdict, const Findings& findings, const Reading* reading) {
  auto counted = count_words(findings, reading);
  auto cause = cause_words(verdict, findings, reading);
  if (counted.empty() || findings.empty() || !findings.front()->field_path.empty()) return counted + cause;
  counted.resize(counted.size() - 2);  // without ": "
  return cause + ", and " + counted;
}

}  // namespace

std::string deny_message(const Verdict& verdict, const Reading* reading, std::string_view decision_id) {
  const auto findings = denying(verdict);
  auto message =
      one_line("tegata denied " + object_words(reading) + ": " + essence_of(verdict, findings, reading),
               limits::kDenyEssence);
  const auto last = "\ndecision id: " + one_line(decision_id, limits::kUid);
  // Room for the line that counts what was left out.
  const auto room = limits::kDenyMessage - last.size() - 64;
  std::size_t told = 0;
  for (const auto* finding : findings) {
    const auto line = "\n" + one_line(finding->message, limits::kFindingLine);
    if (message.size() + line.size() > room) break;
    message += line;
    ++told;
  }
  if (told < findings.size())
    message += "\n… and " + std::to_string(findings.size() - told) + " more findings";
  return message + last;
}

}  // namespace tegata::webhook::kubernetes
