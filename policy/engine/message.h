// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "policy/model/deployment_request.h"
#include "policy/model/verdict.h"

namespace tegata::policy {

/// How a reader gets out of a finding, in one sentence that they can carry out; names the platform
/// team's file or option where the way out is theirs. No two reasons share one. `image` is null for
/// a finding about the whole request; so is `policy` empty for one about ourselves.
[[nodiscard]] std::string remedy_of(Reason reason, const Finding& finding, const ImageReference* image);

/// The one line that carries a finding: where, which image, which policy and rule, reason code,
/// expected, found, and how to fix it. `kind` is of the container, none for the whole request.
[[nodiscard]] std::string message_of(const Finding& finding, std::optional<ContainerKind> kind);

}  // namespace tegata::policy
