// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

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
  void print(const Replayed& replayed);
  void print_json(const Replayed& replayed);

  Format format_;
  Terminal terminal_;
  std::map<Comparison, std::uint64_t> totals_;
  std::uint64_t records_ = 0;
  std::uint64_t same_policy_ = 0;
  std::uint64_t inexact_ = 0;
  std::uint64_t unreadable_ = 0;
  std::uint64_t told_ = 0;
  ExitCode worst_ = ExitCode::Ok;
};

}  // namespace tegata::webhook::cli
