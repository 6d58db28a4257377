// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "webhook/cli/command.h"
#include "webhook/cli/replay.h"

namespace tegata::webhook::cli {

/// Prints what a replay finds while it goes on, and counts it; keeps no record.
class ReplayReport {
 public:
  ReplayReport(Format format, const Terminal& terminal);

  /// A record of which something is to be told is printed: what changed, and what is inexact.
  void add(const Replayed& replayed);
  /// A line that could not be read.
  void add(const Error& error);
  /// Prints the totals. `lost` records never got into the file.
  void finish(std::uint64_t lost);

  [[nodiscard]] ExitCode exit_code() const;
  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }

 private:
  /// Policy, rule, namespace, AWS account, cluster, and the workload that owns the object.
  using GroupKey = std::array<std::string, 6>;
  struct Group {
    std::uint64_t records = 0;
    std::set<std::string> reasons;
  };

  /// Counts what is newly denied in one group for each rule that denies it.
  void group(const Replayed& replayed);
  void print_groups() const;
  [[nodiscard]] nlohmann::json groups_json() const;
  void print(const Replayed& replayed);
  void print_json(const Replayed& replayed);

  Format format_;
  Terminal terminal_;
  std::map<Comparison, std::uint64_t> totals_;
  std::map<GroupKey, Group> groups_;  ///< at most limits::kReplayGroups
  std::uint64_t ungrouped_ = 0;       ///< records of which a group found no room
  std::uint64_t records_ = 0;
  std::uint64_t same_policy_ = 0;
  std::uint64_t inexact_ = 0;
  std::uint64_t unreadable_ = 0;
  std::uint64_t told_ = 0;
  ExitCode worst_ = ExitCode::Ok;
};

}  // namespace tegata::webhook::cli
