// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/findings.h"

#include "policy/engine/cost.h"
#include "policy/engine/message.h"
#include "policy/model/printable.h"

namespace tegata::policy {
namespace {

Finding costed(RawFinding raw, const FindingContext& context) {
  Finding finding;
  finding.kind = finding_kind_of(raw.reason);
  const auto costs =
      costs_of(finding.kind, raw.reason, context.policy, context.rule, context.request, context.options);
  finding.policy = context.policy.name;
  if (context.rule != nullptr) {
    finding.rule = context.rule->name;
    finding.help = context.rule->help;
  }
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
  finding.place = std::string(name_of(image.kind));
  if (!image.container.empty()) finding.place += " " + quoted(image.container, 80);
  finding.place += " (" + printable(image.field_path, 160) + ")";
  finding.image = image.reference.ok() ? image.reference->canonical() : printable(image.text, 400);
}

}  // namespace

Finding request_finding(RawFinding raw, const FindingContext& context) {
  auto finding = costed(std::move(raw), context);
  finding.message = message_of(finding);
  return finding;
}

Finding image_finding(RawFinding raw, const ContainerImage& image, std::optional<Digest> digest,
                      const FindingContext& context) {
  auto finding = costed(std::move(raw), context);
  place(finding, image);
  finding.digest = digest;
  finding.message = message_of(finding);
  return finding;
}

Finding invalid_reference(const ContainerImage& image, const FindingContext& context) {
  auto finding = costed({Reason::ReferenceInvalid, "an image reference that a container runtime reads",
                         sentence(image.reference.error().message, 300),
                         "write it as HOST/REPOSITORY:TAG or HOST/REPOSITORY@sha256:DIGEST, in ASCII, with a "
                         "lower-case repository"},
                        context);
  place(finding, image);
  finding.message = message_of(finding);
  return finding;
}

Finding own_finding(RawFinding raw, Cost cost) {
  Finding finding;
  finding.kind = finding_kind_of(raw.reason);
  finding.reason = raw.reason;
  finding.cost = cost;
  finding.would_cost = Cost::Deny;
  finding.expected = std::move(raw.expected);
  finding.found = std::move(raw.found);
  finding.remedy = std::move(raw.remedy);
  finding.message = message_of(finding);
  return finding;
}

}  // namespace tegata::policy
