// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

struct ReplayOptions {
  std::string policy;        ///< --policy
  std::string trusted_root;  ///< --trusted-root: for policies that name none; empty: none
  std::string evidence_dir;  ///< --evidence-dir; empty: no evidence
  std::string audit;         ///< the audit file
  Format format = Format::Table;
};

/// `tegata replay`: judges the records of an audit file again, with the recorded time and options, under the
/// current policies.
///
/// A record of the same policy must give the same verdict, byte for byte except for texts that another
/// version words differently. If it does not, the record is printed and the exit code is 1. Otherwise the
/// exit code is 1 if the current policy denies because something violates or is missing (newly denied records
/// count by their wouldBe), 2 if it denies only what could not be checked or was not recorded, and 65 if
/// lines of the file cannot be read; such lines are reported and skipped.
[[nodiscard]] ExitCode run_replay(const ReplayOptions& options, const Terminal& terminal);

}  // namespace tegata::webhook::cli
