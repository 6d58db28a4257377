// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/replay_report.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "policy/model/printable.h"
#include "webhook/audit/request_json.h"
#include "webhook/audit/verdict_json.h"
#include "webhook/cli/exit_code_of.h"
#include "webhook/cli/paint.h"
#include "webhook/cli/subject.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;

constexpr std::array kTold{Comparison::Exact,        Comparison::SameOutcome,      Comparison::NewlyDenied,
                           Comparison::NewlyAllowed, Comparison::OtherwiseChanged, Comparison::NotRecorded,
                           Comparison::OwnFailure};

std::string words_of(const Outcome& outcome) {
  auto text = outcome.decision;
  if (outcome.would_be != outcome.decision) text += " (would be " + outcome.would_be + ")";
  for (const auto& reason : outcome.reasons)
    text += (&reason == &outcome.reasons.front() ? " " : ", ") + printable(reason);
  return text;
}

json json_of(const Outcome& outcome) {
  return {{"decision", outcome.decision}, {"wouldBe", outcome.would_be}, {"reasons", outcome.reasons}};
}

std::string_view title_of(const Replayed& replayed) {
  return replayed.is_inexact() ? std::string_view("INEXACT") : name_of(replayed.comparison);
}

}  // namespace

ReplayReport::ReplayReport(Format format, const Terminal& terminal) : format_(format), terminal_(terminal) {
  if (format_ == Format::Json)
    terminal_.out << R"({"apiVersion":"tegata.dev/v1alpha1","kind":"ReplayReport","items":[)";
}

void ReplayReport::add(const Replayed& replayed) {
  ++records_;
  ++totals_[replayed.comparison];
  if (replayed.same_policy) ++same_policy_;
  if (replayed.is_inexact()) {
    ++inexact_;
    worst_ = graver(worst_, ExitCode::Denied);
  }
  if (replayed.comparison == Comparison::NotRecorded)
    worst_ = graver(worst_, ExitCode::Unchecked);
  else if (!replayed.same_policy && replayed.verdict.decision == Decision::Deny)
    worst_ = graver(worst_, exit_code_of(replayed.verdict, FailOn::Deny));
  if (replayed.comparison == Comparison::Exact ||
      (replayed.comparison == Comparison::SameOutcome && !replayed.is_inexact()))
    return;
  ++told_;
  switch (format_) {
    case Format::Json:
      return print_json(replayed);
    case Format::Table:
      return print(replayed);
  }
}

void ReplayReport::add(const Error& error) {
  ++unreadable_;
  worst_ = graver(worst_, ExitCode::BadInput);
  terminal_.err << "tegata replay: " << printable(error.message, 500) << "\n";
}

void ReplayReport::print(const Replayed& replayed) {
  auto& out = terminal_.out;
  const bool good = replayed.comparison == Comparison::NewlyAllowed;
  out << painted(title_of(replayed), good ? Colour::Green : Colour::Red, terminal_.style) << "  "
      << printable(replayed.record.id) << "  " << printable(replayed.record.time) << "  "
      << subject_of(replayed.record.reading);
  if (const auto who = who_of(replayed.record.reading)) out << "  by " << printable(*who);
  out << "\n";
  for (const auto& image : replayed.verdict.images)
    out << "  image    " << printable(image.image, 500) << "\n";
  out << "  was      " << words_of(replayed.was) << "\n  would be " << words_of(replayed.now) << "\n";
  for (const auto& finding : replayed.verdict.findings)
    out << "  " << without_controls(finding.message) << "\n";
}

void ReplayReport::print_json(const Replayed& replayed) {
  json images = json::array();
  for (const auto& image : replayed.verdict.images) images.push_back(image.image);
  const auto who = who_of(replayed.record.reading);
  terminal_.out << (told_ > 1 ? ",\n" : "\n")
                << dump_line({{"id", replayed.record.id},
                              {"time", replayed.record.time},
                              {"comparison", name_of(replayed.comparison)},
                              {"inexact", replayed.is_inexact()},
                              {"who", who ? json(*who) : json()},
                              {"request", to_json(replayed.record.reading)},
                              {"images", std::move(images)},
                              {"was", json_of(replayed.was)},
                              {"now", json_of(replayed.now)},
                              {"verdict", to_json(replayed.verdict)}});
}

void ReplayReport::finish(std::uint64_t lost) {
  if (format_ == Format::Json) {
    json summary{{"records", records_},
                 {"samePolicy", same_policy_},
                 {"inexact", inexact_},
                 {"unreadableLines", unreadable_},
                 {"lost", lost}};
    for (const auto comparison : kTold) summary[std::string(name_of(comparison))] = totals_[comparison];
    terminal_.out << "],\n\"summary\":" << dump_line(summary) << "}\n";
    return;
  }
  auto& out = terminal_.out;
  if (told_ > 0) out << "\n";
  out << records_ << " records, " << same_policy_ << " of this same policy:";
  for (const auto comparison : kTold)
    if (totals_[comparison] > 0) out << " " << totals_[comparison] << " " << name_of(comparison) << ",";
  out << " " << inexact_ << " inexact\n";
  if (totals_[Comparison::NotRecorded] > 0)
    out << "notRecorded: this policy asks what neither the record nor --evidence-dir holds "
           "(--observe records more, --evidence-dir keeps signatures)\n";
  if (lost > 0)
    out << lost << (lost == 1 ? " decision more was" : " decisions more were")
        << " made, whose records were lost: not judged here\n";
  if (unreadable_ > 0) out << unreadable_ << " lines could not be read\n";
}

ExitCode ReplayReport::exit_code() const { return worst_; }

}  // namespace tegata::webhook::cli
