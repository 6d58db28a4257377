// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

struct ReplayOptions {
  std::string policy;        ///< --policy
  std::string trusted_root;  ///< --trusted-root: of policies that name none; empty: none
  std::string evidence_dir;  ///< --evidence-dir; empty: the bytes are nowhere
  std::string audit;         ///< the audit file
  Format format = Format::Table;
};

/// `tegata replay`: judges again what an audit file records, with the time and options of then and
/// the policies of now.
///
/// A record of the same policy must give the same verdict, byte for byte but for the words of another
/// version: where it does not, that is told and is 1. Otherwise 1 where the policy of now denies because
/// something violates or is missing (for what is newly denied, by what it would be), 2 where it denies
/// only what could not be checked or was not recorded; 65 where lines of the file cannot
/// be read, which are told and left out.
[[nodiscard]] ExitCode run_replay(const ReplayOptions& options, const Terminal& terminal);

}  // namespace tegata::webhook::cli
