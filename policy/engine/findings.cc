// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/findings.h"

#include "policy/engine/cost.h"
#include "policy/engine/message.h"
#include "policy/model/printable.h"

namespace tegata::policy {
namespace {

Finding costed(RawFinding raw, const FindingContext& context) {
  Finding finding;
  const auto costs =
      costs_of(raw.kind, raw.reason, context.policy, context.rule, context.request, context.options);
  finding.policy = context.policy.name;
  if (context.rule != nullptr) finding.rule = context.rule->name;
  finding.kind = raw.kind;
  finding.reason = raw.reason;
  finding.cost = costs.now;
  finding.would_cost = costs.would;
  finding.expected = std::move(raw.expected);
  finding.found = std::move(raw.found);
  finding.remedy = std::move(raw.remedy);
  return finding;
}

void place(Finding& finding, const ContainerImage& image) {
  finding.field_path = image.field_path;
  finding.container = image.container;
  finding.image = image.reference.ok() ? image.reference->canonical() : printable(image.text, 400);
}

void explain(Finding& finding, const ContainerImage* image) {
  const auto* reference = image != nullptr && image->reference.ok() ? &*image->reference : nullptr;
  if (finding.remedy.empty()) finding.remedy = remedy_of(finding.reason, finding, reference);
  finding.message = message_of(finding, image == nullptr ? std::nullopt : std::optional(image->kind));
}

}  // namespace

Finding request_finding(RawFinding raw, const FindingContext& context) {
  auto finding = costed(std::move(raw), context);
  explain(finding, nullptr);
  return finding;
}

Finding image_finding(RawFinding raw, const ContainerImage& image, std::optional<Digest> digest,
                      const FindingContext& context) {
  auto finding = costed(std::move(raw), context);
  place(finding, image);
  finding.digest = digest;
  explain(finding, &image);
  return finding;
}

Finding invalid_reference(const ContainerImage& image, const FindingContext& context) {
  auto finding = costed(
      {FindingKind::Violates, Reason::ReferenceInvalid, "an image reference that a container runtime reads",
       sentence(image.reference.error().message, 300)},
      context);
  place(finding, image);
  explain(finding, &image);
  return finding;
}

Finding own_finding(RawFinding raw, Cost cost) {
  Finding finding;
  finding.kind = raw.kind;
  finding.reason = raw.reason;
  finding.cost = cost;
  finding.would_cost = Cost::Deny;
  finding.expected = std::move(raw.expected);
  finding.found = std::move(raw.found);
  explain(finding, nullptr);
  return finding;
}

}  // namespace tegata::policy
