// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/message.h"

#include "policy/model/printable.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kLongestImage = 400;

std::string where(const Finding& finding, ContainerKind kind) {
  std::string text(name_of(kind));
  if (!finding.container.empty()) text += " " + quoted(finding.container, 80);
  return text + " (" + printable(finding.field_path, 160) + ")";
}

/// A Finding's image is fit to print already, and may be as long as a reference.
std::string shortened(const std::string& text) {
  return text.size() <= kLongestImage ? text : text.substr(0, kLongestImage - 3) + "...";
}

std::string image_of(const Finding& finding) {
  if (finding.image.empty()) return "names no image, which";
  std::string text = "image " + shortened(finding.image);
  // A reference with a digest shows it already.
  if (finding.digest && finding.image.find('@') == std::string::npos)
    text += " (" + finding.digest->text() + ")";
  return text;
}

std::string_view verb_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::Violates:
      return "violates ";
    case FindingKind::Missing:
      return "lacks what is asked by ";
    case FindingKind::Unknown:
      return "could not be checked for ";
  }
  return "violates ";
}

std::string breach_of(const Finding& finding) {
  if (finding.policy.empty())
    return finding.reason == Reason::NotCovered ? "is covered by no policy" : "could not be decided";
  std::string text = std::string(verb_of(finding.kind)) + "policy " + finding.policy;
  if (finding.rule) text += ", rule " + *finding.rule;
  return text;
}

}  // namespace

std::string message_of(const Finding& finding, std::optional<ContainerKind> kind) {
  std::string text = kind ? where(finding, *kind) + (finding.image.empty() ? " " : ": ") + image_of(finding)
                          : "the deployment";
  text += " " + breach_of(finding) + ": " + std::string(name_of(finding.reason));
  if (!finding.expected.empty()) text += "; expected: " + finding.expected;
  if (!finding.found.empty()) text += "; found: " + finding.found;
  return text + "; fix: " + finding.remedy;
}

}  // namespace tegata::policy
