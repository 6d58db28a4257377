// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "policy/model/deployment_request.h"
#include "policy/model/result.h"

namespace tegata::webhook {

/// What was asked, as records and `-o json` show it: never the raw object, and of an environment
/// variable its name, the class of its value and a keyed hash. docs/records.md has the form.
[[nodiscard]] nlohmann::json to_json(const DeploymentRequest& request);
/// A deployment as above; `{"ignored": …}`, `{"invalid": …}` or `{"undescribed": …}` otherwise.
[[nodiscard]] nlohmann::json to_json(const Reading& reading);

/// to_json(*reading_from_json(to_json(reading))) is to_json(reading). Malformed, naming the member,
/// where something is absent, of another type, or a word that is not known.
[[nodiscard]] Result<Reading> reading_from_json(const nlohmann::json& json);

/// Who asked: a username, an ARN; none where nobody is named.
[[nodiscard]] std::optional<std::string> who_of(const Reading& reading);

}  // namespace tegata::webhook
