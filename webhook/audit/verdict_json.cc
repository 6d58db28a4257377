// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/verdict_json.h"

#include <nlohmann/json.hpp>

#include "webhook/audit/request_json.h"

namespace tegata::webhook {
namespace {

using nlohmann::json;

JsonText nullable(const std::optional<Digest>& digest) {
  return digest ? JsonText(digest->text()) : JsonText(nullptr);
}

JsonText names(const std::vector<Reason>& reasons) {
  return JsonText::list(reasons, [](Reason reason) { return name_of(reason); });
}

JsonText used_text(const UsedExemption& used) {
  return {{"policy", used.policy},
          {"rule", used.rule},
          {"image", used.image.empty() ? nullptr : JsonText(used.image)},
          {"reason", used.reason},
          {"owner", used.owner},
          {"expires", used.expires},
          {"vulnerabilities",
           used.vulnerabilities.empty() ? JsonText::absent() : JsonText::list(used.vulnerabilities)}};
}

enum class Of { Item, Record };

/// A record has two members more.
JsonText finding_text(const Finding& finding, Of of) {
  const bool recorded = of == Of::Record;
  return {{"policy", finding.policy},
          {"rule", finding.rule},
          {"kind", name_of(finding.kind)},
          {"reason", name_of(finding.reason)},
          {"cost", name_of(finding.cost)},
          {"fieldPath", finding.field_path},
          {"image", finding.image},
          {"digest", nullable(finding.digest)},
          {"expected", finding.expected},
          {"found", finding.found},
          {"remedy", finding.remedy},
          {"message", finding.message},
          {"help", finding.help.empty() ? JsonText::absent() : JsonText(finding.help)},
          {"container", recorded ? JsonText(finding.container) : JsonText::absent()},
          {"wouldCost", recorded ? JsonText(name_of(finding.would_cost)) : JsonText::absent()}};
}

JsonText findings_text(const std::vector<Finding>& findings, Of of) {
  return JsonText::list(findings, [of](const Finding& finding) { return finding_text(finding, of); });
}

}  // namespace

std::string dump_line(const json& form) { return form.dump(-1, ' ', false, json::error_handler_t::replace); }

JsonText json_text(const Verdict& verdict) {
  const auto image_text = [](const JudgedImage& image) -> JsonText {
    return {{"digest", nullable(image.digest)}, {"image", image.image}};
  };
  return {{"decision", name_of(verdict.decision)},
          {"exemptions", JsonText::list(verdict.exemptions, used_text)},
          {"findings", findings_text(verdict.findings, Of::Record)},
          {"images", JsonText::list(verdict.images, image_text)},
          {"reasons", names(verdict.reasons)},
          {"rules", JsonText::list(verdict.rules)},
          {"warnings", JsonText::list(verdict.warnings)},
          {"wouldBe", name_of(verdict.would_be)}};
}

JsonText json_text(const DecisionItem& item) {
  // The running digest is known only from a task's state, which no command reads yet.
  const auto image_text = [](const JudgedImage& image) -> JsonText {
    return {{"image", image.image}, {"digest", nullable(image.digest)}, {"runs", nullptr}};
  };
  return {
      {"source", item.source},
      {"request", json_text(item.reading)},
      {"decision", name_of(item.verdict.decision)},
      {"wouldBe", name_of(item.verdict.would_be)},
      {"reasons", names(item.verdict.reasons)},
      {"rules", JsonText::list(item.verdict.rules)},
      {"who", who_of(item.reading)},
      {"images", JsonText::list(item.verdict.images, image_text)},
      {"findings", findings_text(item.verdict.findings, Of::Item)},
      {"exemptions", item.verdict.exemptions.empty() ? JsonText::absent()
                                                     : JsonText::list(item.verdict.exemptions, used_text)},
      {"warnings", JsonText::list(item.verdict.warnings)},
      {"hook", nullptr},
      {"answer", nullptr},
      {"actions", JsonText::list(std::vector<std::string>())},
      {"id", item.id}};
}

json to_json(const Verdict& verdict) { return json::parse(json_text(verdict).text()); }
json to_json(const DecisionItem& item) { return json::parse(json_text(item).text()); }

json decision_list(const std::vector<DecisionItem>& items) {
  json all = json::array();
  for (const auto& item : items) all.push_back(to_json(item));
  return {{"apiVersion", "tegata.dev/v1alpha1"}, {"kind", "DecisionList"}, {"items", std::move(all)}};
}

}  // namespace tegata::webhook
