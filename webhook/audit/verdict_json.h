// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "policy/model/deployment_request.h"
#include "policy/model/verdict.h"
#include "verifier/json/json_text.h"

namespace tegata::webhook {

using verifier::JsonText;

/// One line of JSON, members in the order of their names. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string dump_line(const nlohmann::json& json);

/// A verdict as records hold it: complete, so that two verdicts with the same text are equal.
[[nodiscard]] JsonText json_text(const Verdict& verdict);
/// The same as a tree.
[[nodiscard]] nlohmann::json to_json(const Verdict& verdict);

/// One decision as `-o json` shows it.
struct DecisionItem {
  std::string source;  ///< the file, `FILE#2` for the second document in it, or `serve`
  Reading reading;
  Verdict verdict;
  std::string id;
};
/// An item of a DecisionList (docs/commands.md). `hook` and `answer` are null and `actions` is empty: `check`
/// does not use them. Each finding is as docs/commands.md describes it.
[[nodiscard]] JsonText json_text(const DecisionItem& item);
[[nodiscard]] nlohmann::json to_json(const DecisionItem& item);
/// `{"apiVersion": "tegata.dev/v1alpha1", "kind": "DecisionList", "items": […]}`
[[nodiscard]] nlohmann::json decision_list(const std::vector<DecisionItem>& items);

}  // namespace tegata::webhook
