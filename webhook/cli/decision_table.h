// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "policy/document/policy_set.h"
#include "policy/model/deployment_request.h"
#include "webhook/audit/verdict_json.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// The subject of a reading as one line: an object and its place, or why it has no request. Bytes from
/// outside are escaped.
[[nodiscard]] std::string subject_of(const Reading& reading);

/// The findings of a verdict by image, each with its cost, expected, found and fix. Bytes from outside are
/// escaped.
void print_findings(const Verdict& verdict, const Terminal& terminal);

/// Decisions for people, in lines of 100 columns: for each the verdict, its subject and user, its images with
/// their findings (cost, expected, found and fix), and the warnings; without findings, the rules that
/// were applied; a line of totals at the end. Bytes from outside are escaped.
void print_table(const std::vector<DecisionItem>& items, const policy::PolicySet& policies,
                 const Terminal& terminal);

/// One line about the objects of kinds that Tegata does not judge, which print_table() does not list one by
/// one; nothing if there are none.
void print_undescribed(const std::vector<DecisionItem>& items, std::ostream& out);

/// One line with the number of requests that passed because no policy matches them; nothing if there are
/// none. For the end of the output, because the exit code is 0, as for requests that were checked and passed.
void print_uncovered(const std::vector<DecisionItem>& items, std::ostream& out);

}  // namespace tegata::webhook::cli
