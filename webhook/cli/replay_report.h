// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/verdict.h"
#include "webhook/audit/audit_reader.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// The outcome of a verdict, for comparing two of them.
struct Outcome {
  std::string decision;
  std::string would_be;
  std::vector<std::string> reasons;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// How the new verdict relates to the recorded one.
enum class Comparison {
  Exact,        ///< the same bytes
  Reworded,     ///< the same findings and outcome, worded differently by another version
  SameOutcome,  ///< other findings, the same outcome
  NewlyDenied,  ///< by its decision, or by its wouldBe
  NewlyAllowed,
  OtherwiseChanged,  ///< denied or allowed as before, for other reasons
  /// Unknown: facts that the current policy requires were not recorded, or their bytes are not available.
  NotRecorded,
  OwnFailure,  ///< an internal error caused the recorded verdict, which cannot be reproduced
};
[[nodiscard]] std::string_view name_of(Comparison comparison) noexcept;

/// One record, judged again.
struct Replayed {
  RecordedDecision record;
  Verdict verdict;
  std::string verdict_text;  ///< as a record has it
  Outcome was;
  Outcome now;
  bool same_policy = false;
  Comparison comparison = Comparison::Exact;

  /// The same policy must give the same verdict, as far as its facts are available.
  [[nodiscard]] bool is_inexact() const {
    return same_policy && comparison != Comparison::Exact && comparison != Comparison::Reworded &&
           comparison != Comparison::NotRecorded && comparison != Comparison::OwnFailure;
  }
};

/// Policy, rule, namespace, AWS account, cluster, and the workload that owns the object.
using ReplayGroupKey = std::array<std::string, 6>;

/// What a report counts and shows of one record.
struct ReportEntry {
  Comparison comparison = Comparison::Exact;
  bool same_policy = false;
  bool inexact = false;
  ExitCode exit_code = ExitCode::Ok;
  std::int64_t lost_before = 0;
  /// If it is newly denied: the reasons in each of its groups.
  std::map<ReplayGroupKey, std::set<std::string>> groups = {};
  std::string text = {};  ///< as it is printed; empty if the verdict is exact, or changed without effect
};
/// Of a record that is reworded, changed or inexact, the text, too. Thread-safe.
[[nodiscard]] ReportEntry entry_of(const Replayed& replayed, Format format, Style style);

/// Prints and counts the results of a replay while it runs; does not keep the records.
class ReplayReport {
 public:
  ReplayReport(Format format, const Terminal& terminal);

  void add(const ReportEntry& entry);
  /// A line that could not be read.
  void add(const Error& error);
  /// Prints the totals.
  void finish();

  [[nodiscard]] ExitCode exit_code() const;
  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }

 private:
  struct Group {
    std::uint64_t records = 0;
    std::set<std::string> reasons;
  };

  /// Counts what is newly denied in one group for each rule that denies it.
  void group(const ReportEntry& entry);
  void print_groups() const;
  [[nodiscard]] nlohmann::json groups_json() const;

  Format format_;
  Terminal terminal_;
  std::map<Comparison, std::uint64_t> totals_;
  std::map<ReplayGroupKey, Group> groups_;  ///< at most limits::kReplayGroups
  std::uint64_t ungrouped_ = 0;             ///< records with a group beyond that limit
  std::uint64_t records_ = 0;
  std::uint64_t same_policy_ = 0;
  std::uint64_t inexact_ = 0;
  std::uint64_t unreadable_ = 0;
  std::uint64_t lost_ = 0;  ///< records that are missing from the files
  std::uint64_t printed_ = 0;
  ExitCode worst_ = ExitCode::Ok;
};

}  // namespace tegata::webhook::cli
