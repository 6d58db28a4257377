// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/verdict.h"

namespace tegata::policy {

/// The one line that carries a finding: where, which image, which policy and rule, reason code,
/// expected, found, how to fix it, and the rule's own help. A digest is shown in full once.
[[nodiscard]] std::string message_of(const Finding& finding);

/// The findings of a verdict to report, in its order: every finding at `cost` or above; of an image that was
/// refused by its registry only that. Findings, reasons and rules of the verdict itself stay complete.
[[nodiscard]] std::vector<const Finding*> findings_told(const Verdict& verdict, Cost cost);

/// One finding, as lines.
struct ExplainedFinding {
  Cost cost;
  std::string summary;  ///< `violates rule pinned of policy production: DigestRequired (the image is …)`
  struct Line {
    std::string_view label;  ///< `expected`, `found`, `fix` or `help`
    std::string text;
  };
  std::vector<Line> lines;
};

/// All findings about one image, or about the request.
struct ExplainedImage {
  std::string title;   ///< `image X in container "web" (spec.containers[0].image)`, or `the deployment`
  std::string digest;  ///< what its tag names; empty where not known, or shown in the title or a line
  std::vector<ExplainedFinding> findings;
};

/// The same findings as paragraphs: an image in several places is reported once, and a long
/// digest is shown in full once a paragraph.
[[nodiscard]] std::vector<ExplainedImage> explained(const std::vector<const Finding*>& findings);

}  // namespace tegata::policy
