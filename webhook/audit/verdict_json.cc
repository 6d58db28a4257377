// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/verdict_json.h"

#include <nlohmann/json.hpp>

#include "webhook/audit/request_json.h"

namespace tegata::webhook {
namespace {

using nlohmann::json;

json nullable(const std::optional<std::string>& text) { return text ? json(*text) : json(nullptr); }
json nullable(const std::optional<Digest>& digest) { return digest ? json(digest->text()) : json(nullptr); }

json names(const std::vector<Reason>& reasons) {
  json all = json::array();
  for (const Reason reason : reasons) all.push_back(name_of(reason));
  return all;
}

json images_json(const std::vector<JudgedImage>& images) {
  json all = json::array();
  for (const auto& image : images)
    // The running digest is known only from a task's state, which no command reads yet.
    all.push_back({{"image", image.image}, {"digest", nullable(image.digest)}, {"runs", nullptr}});
  return all;
}

json exemptions_json(const std::vector<UsedExemption>& exemptions) {
  json all = json::array();
  for (const auto& used : exemptions)
    all.push_back({{"policy", used.policy},
                   {"rule", used.rule},
                   {"image", used.image.empty() ? json() : json(used.image)},
                   {"reason", used.reason},
                   {"owner", used.owner},
                   {"expires", used.expires}});
  return all;
}

}  // namespace

std::string dump_line(const json& form) { return form.dump(-1, ' ', false, json::error_handler_t::replace); }

json to_json(const Finding& finding) {
  json form = {{"policy", finding.policy},      {"rule", nullable(finding.rule)},
               {"kind", name_of(finding.kind)}, {"reason", name_of(finding.reason)},
               {"cost", name_of(finding.cost)}, {"fieldPath", finding.field_path},
               {"image", finding.image},        {"digest", nullable(finding.digest)},
               {"expected", finding.expected},  {"found", finding.found},
               {"remedy", finding.remedy},      {"message", finding.message}};
  if (!finding.help.empty()) form["help"] = finding.help;
  return form;
}

json to_json(const Verdict& verdict) {
  json findings = json::array();
  for (const auto& finding : verdict.findings) {
    auto form = to_json(finding);
    form["container"] = finding.container;
    form["wouldCost"] = name_of(finding.would_cost);
    findings.push_back(std::move(form));
  }
  json images = json::array();
  for (const auto& image : verdict.images)
    images.push_back({{"image", image.image}, {"digest", nullable(image.digest)}});
  return {{"decision", name_of(verdict.decision)},
          {"wouldBe", name_of(verdict.would_be)},
          {"reasons", names(verdict.reasons)},
          {"rules", verdict.rules},
          {"findings", std::move(findings)},
          {"warnings", verdict.warnings},
          {"exemptions", exemptions_json(verdict.exemptions)},
          {"images", std::move(images)}};
}

json to_json(const DecisionItem& item) {
  json findings = json::array();
  for (const auto& finding : item.verdict.findings) findings.push_back(to_json(finding));
  return {{"source", item.source},
          {"request", to_json(item.reading)},
          {"decision", name_of(item.verdict.decision)},
          {"wouldBe", name_of(item.verdict.would_be)},
          {"reasons", names(item.verdict.reasons)},
          {"rules", item.verdict.rules},
          {"who", nullable(who_of(item.reading))},
          {"images", images_json(item.verdict.images)},
          {"findings", std::move(findings)},
          {"warnings", item.verdict.warnings},
          {"hook", nullptr},
          {"answer", nullptr},
          {"actions", json::array()},
          {"id", item.id}};
}

json decision_list(const std::vector<DecisionItem>& items) {
  json all = json::array();
  for (const auto& item : items) all.push_back(to_json(item));
  return {{"apiVersion", "tegata.dev/v1alpha1"}, {"kind", "DecisionList"}, {"items", std::move(all)}};
}

}  // namespace tegata::webhook
