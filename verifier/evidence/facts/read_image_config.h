// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/model/image_labels.h"
#include "policy/model/result.h"

namespace tegata::verifier {

/// What one image's config says.
struct ReadConfig {
  ImageLabels::Texts labels;
  ImageConfig config;
};

/// Keeps a label or annotation unless it is longer than limits::kLabelText or looks like a secret: no rule
/// can require such a one, and no record may hold it. LimitExceeded above limits::kLabels.
[[nodiscard]] Status keep_text(ImageLabels::Texts& texts, const std::string& name, const std::string& value);

/// Reads the bytes of an image's config (OCI image-spec, config.md; Docker's `Healthcheck`), the only ones in
/// which values of variables are seen: they do not leave this function.
///
/// Malformed: not a JSON object (parse_strict_json); a member of another type than the specification says; or
/// a member whose name is that of a known one in other letters (`"user"` beside or in place of `"User"`):
/// runtimes written in Go would take it for the known one. LimitExceeded: more than limits::kLabels labels,
/// or a user of more than limits::kLabelText bytes.
[[nodiscard]] Result<ReadConfig> read_image_config(std::string_view bytes);

}  // namespace tegata::verifier
