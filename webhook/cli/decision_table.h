// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <vector>

#include "policy/document/policy_set.h"
#include "webhook/audit/verdict_json.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// Decisions for people, in lines of 100 columns: for each the verdict, what it is about and who asks, its
/// images, for each of these the findings with cost, expected, found and fix, and the warnings; where there
/// is no finding, the rules that had none; a line of totals at the end. Bytes from outside are escaped.
void print_table(const std::vector<DecisionItem>& items, const policy::PolicySet& policies,
                 const Terminal& terminal);

/// One line that says how many passed because no policy matches them; nothing where there are none. For the
/// end of the output: the exit code is 0 then, as for what was checked and found good.
void print_uncovered(const std::vector<DecisionItem>& items, std::ostream& out);

}  // namespace tegata::webhook::cli
