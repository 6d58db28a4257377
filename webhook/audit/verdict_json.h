// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "policy/model/deployment_request.h"
#include "policy/model/verdict.h"

namespace tegata::webhook {

/// One line of JSON, members in the order of their names. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string dump_line(const nlohmann::json& json);

/// A finding as `-o json` shows it (docs/commands.md).
[[nodiscard]] nlohmann::json to_json(const Finding& finding);

/// A verdict as records hold it: complete, so that two verdicts with the same JSON are equal.
[[nodiscard]] nlohmann::json to_json(const Verdict& verdict);

/// One decision as `-o json` shows it.
struct DecisionItem {
  std::string source;  ///< the file, `FILE#2` for the second document in it, or `serve`
  Reading reading;
  Verdict verdict;
  std::string id;
};
/// An item of a DecisionList (docs/commands.md). `hook` and `answer` are null and `actions` is empty: `check`
/// does not use them.
[[nodiscard]] nlohmann::json to_json(const DecisionItem& item);
/// `{"apiVersion": "tegata.dev/v1alpha1", "kind": "DecisionList", "items": […]}`
[[nodiscard]] nlohmann::json decision_list(const std::vector<DecisionItem>& items);

}  // namespace tegata::webhook
