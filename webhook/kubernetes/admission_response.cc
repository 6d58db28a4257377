// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "policy/engine/message.h"
#include "policy/model/limits.h"
#include "webhook/kubernetes/admission_review.h"
#include "webhook/kubernetes/deny_message.h"
#include "webhook/kubernetes/one_line.h"

namespace tegata::webhook::kubernetes {
namespace {

using nlohmann::json;

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

/// Each once, as one line of at most `runes`, in order: the findings at cost warn, then what else
/// there is to say.
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

/// Whole where the API server shows them whole. Else cut as it would cut them itself, and more than
/// it shows are counted in the last one.
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

/// The names with commas between them, as many as fit.
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

json annotations_of(const Verdict& verdict, std::string_view decision_id) {
  return {{"decision", std::string(name_of(verdict.decision))},
          {"would-be", std::string(name_of(verdict.would_be))},
          {"decision-id", one_line(decision_id, limits::kUid)},
          {"reasons", list_of(verdict.reasons, [](Reason reason) { return name_of(reason); })},
          {"rules", list_of(verdict.rules, [](const std::string& rule) { return std::string_view(rule); })}};
}

std::string respond(std::string_view uid, const Verdict& verdict, std::string_view decision_id,
                    const Reading* reading) {
  json response = {{"uid", std::string(uid)},
                   {"allowed", !is_denied(verdict.decision)},
                   {"auditAnnotations", annotations_of(verdict, decision_id)}};
  if (is_denied(verdict.decision))
    response["status"] = {{"status", "Failure"},
                          {"code", 403},
                          {"reason", "Forbidden"},
                          {"message", deny_message(verdict, reading, decision_id)}};
  if (auto warnings = fitting_warnings_of(verdict); !warnings.empty())
    response["warnings"] = std::move(warnings);
  const json review = {
      {"apiVersion", "admission.k8s.io/v1"}, {"kind", "AdmissionReview"}, {"response", std::move(response)}};
  return review.dump(-1, ' ', false, json::error_handler_t::replace);
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
  json response = {{"uid", std::string(uid)}, {"allowed", !is_denied(decision)}};
  if (is_denied(decision))
    response["status"] = {{"status", "Failure"},
                          {"code", 403},
                          {"reason", "Forbidden"},
                          {"message", "denied by tegata; an internal error lost the reasons: see its log"}};
  const json review = {
      {"apiVersion", "admission.k8s.io/v1"}, {"kind", "AdmissionReview"}, {"response", std::move(response)}};
  return review.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace tegata::webhook::kubernetes
