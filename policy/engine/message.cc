// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/message.h"

#include <algorithm>
#include <map>
#include <set>

#include "policy/rules/raw_finding.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kLongestImage = 400;

/// Shows each digest in full the first time and in commands (between back quotes), which people copy; else
/// only its first digits.
class DigestsOnce {
 public:
  std::string operator()(std::string_view text) {
    std::string shown;
    for (auto at = text.find(kAlgorithm); at != std::string_view::npos; at = text.find(kAlgorithm)) {
      const auto digest = text.substr(at, kAlgorithm.size() + kDigits);
      const bool whole =
          digest.size() == kAlgorithm.size() + kDigits &&
          digest.find_first_not_of("0123456789abcdef", kAlgorithm.size()) == std::string_view::npos;
      const bool first = !whole || seen_.insert(std::string(digest)).second;
      shown += text.substr(0, at);
      const bool in_command = std::count(shown.begin(), shown.end(), '`') % 2 == 1;
      if (!whole)
        shown += kAlgorithm;
      else if (first || in_command)
        shown += digest;
      else
        shown.append(digest.substr(0, kAlgorithm.size() + kShown)).append("...");
      text.remove_prefix(at + (whole ? digest.size() : kAlgorithm.size()));
    }
    return shown + std::string(text);
  }

 private:
  static constexpr std::string_view kAlgorithm = "sha256:";
  static constexpr std::size_t kDigits = 64;
  static constexpr std::size_t kShown = 12;
  std::set<std::string> seen_;
};

/// A Finding's image is printable already, and may be as long as a reference.
std::string shortened(const std::string& text) {
  return text.size() <= kLongestImage ? text : text.substr(0, kLongestImage - 3) + "...";
}

std::string_view verb_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::Violates:
      return "violates ";
    case FindingKind::Missing:
      return "lacks what is required by ";
    case FindingKind::Unknown:
      return "could not be checked for ";
  }
  return "violates ";
}

std::string breach_of(const Finding& finding) {
  if (finding.policy.empty())
    return finding.reason == Reason::NotCovered ? "is not covered" : "could not be decided";
  std::string text(verb_of(finding.kind));
  if (finding.rule) text += "rule " + *finding.rule + " of ";
  return text + "policy " + finding.policy;
}

std::string summary_of(const Finding& finding) {
  const auto& reason = entry_of(finding.reason);
  return breach_of(finding) + ": " + std::string(reason.name) + " (" + std::string(reason.words) + ")";
}

std::vector<ExplainedFinding::Line> lines_of(const Finding& finding) {
  std::vector<ExplainedFinding::Line> lines;
  const auto add = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) lines.push_back({label, text});
  };
  add("expected", finding.expected);
  add("found", finding.found);
  add("fix", finding.remedy);
  add("help", finding.help);
  return lines;
}

/// Whether the digest that was judged has to be shown with the image: not where a text shows it anyway.
bool needs_digest(const Finding& finding) {
  if (!finding.digest) return false;
  const auto digest = finding.digest->text();
  for (const auto* text : {&finding.image, &finding.expected, &finding.found, &finding.remedy})
    if (text->find(digest) != std::string::npos) return false;
  return true;
}

/// `digest` is appended to the image; empty: it is not shown here.
std::string image_of(const Finding& finding, const std::vector<std::string>& places,
                     const std::string& digest = {}) {
  const auto where = listed(places, " and ");
  if (finding.image.empty()) return where + " names no image";
  return "image " + shortened(finding.image) + (digest.empty() ? "" : " (" + digest + ")") + " in " + where;
}

/// The findings of one paragraph, each once, and the places of their image.
struct Paragraph {
  std::vector<const Finding*> findings;
  std::vector<std::string> places;

  void add(const Finding& finding) {
    if (std::find(places.begin(), places.end(), finding.place) == places.end())
      places.push_back(finding.place);
    const auto same = [&](const Finding* other) {
      return other->policy == finding.policy && other->rule == finding.rule &&
             other->reason == finding.reason && other->expected == finding.expected &&
             other->found == finding.found;
    };
    if (std::none_of(findings.begin(), findings.end(), same)) findings.push_back(&finding);
  }
};

ExplainedImage explained(const Paragraph& paragraph) {
  const auto& first = *paragraph.findings.front();
  ExplainedImage image;
  DigestsOnce once;
  image.title = first.field_path.empty() ? "the deployment" : once(image_of(first, paragraph.places));
  const bool needs = std::all_of(paragraph.findings.begin(), paragraph.findings.end(),
                                 [](const Finding* finding) { return needs_digest(*finding); });
  if (needs) image.digest = once(first.digest->text());
  for (const auto* finding : paragraph.findings) {
    image.findings.push_back({finding->cost, summary_of(*finding), lines_of(*finding)});
    for (auto& line : image.findings.back().lines) line.text = once(line.text);
  }
  return image;
}

/// Whether a finding of that reason can be why its image was not looked up.
bool refuses_references(Reason reason) {
  return reason == Reason::RegistryNotAllowed || reason == Reason::DigestDenied;
}

}  // namespace

std::string message_of(const Finding& finding) {
  const auto digest = needs_digest(finding) ? finding.digest->text() : std::string();
  std::string text =
      finding.field_path.empty() ? "the deployment" : image_of(finding, {finding.place}, digest);
  text += (finding.image.empty() && !finding.field_path.empty() ? ", which " : " ") + summary_of(finding);
  for (const auto& line : lines_of(finding)) text += "; " + std::string(line.label) + ": " + line.text;
  return DigestsOnce()(text);
}

std::vector<const Finding*> findings_told(const Verdict& verdict, Cost cost) {
  std::set<std::string_view> refused;
  for (const auto& image : verdict.images)
    if (image.refused) refused.insert(image.image);
  std::vector<const Finding*> reported;
  for (const auto& finding : verdict.findings) {
    const bool beside_the_point = refused.count(finding.image) != 0 && !refuses_references(finding.reason);
    if (finding.cost >= cost && !beside_the_point) reported.push_back(&finding);
  }
  return reported;
}

std::vector<ExplainedImage> explained(const std::vector<const Finding*>& findings) {
  std::vector<Paragraph> paragraphs;
  std::map<std::string, std::size_t> of_image;
  for (const auto* finding : findings) {
    // An invalid reference has one place each.
    const auto key = finding->image.empty() ? finding->place : finding->image;
    const auto [found, is_new] = of_image.emplace(key, paragraphs.size());
    if (is_new) paragraphs.emplace_back();
    paragraphs[found->second].add(*finding);
  }
  std::vector<ExplainedImage> images;
  for (const auto& paragraph : paragraphs) images.push_back(explained(paragraph));
  return images;
}

}  // namespace tegata::policy
