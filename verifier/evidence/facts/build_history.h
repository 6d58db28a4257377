// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tegata::verifier {

/// What one entry of an image's history (`created_by`, OCI image-spec, config.md) says that was built. Read
/// as Docker's classic builder writes it (`/bin/sh -c #(nop) ADD …`), and as BuildKit and others do (`ADD … #
/// buildkit`).
struct BuildStep {
  enum class Sets { Nothing, Variable, Label, Argument };
  Sets sets = Sets::Nothing;
  /// The names and values that it sets: of ENV, LABEL, ARG, or the build arguments in front of a RUN
  /// (`|1 NAME=value /bin/sh -c …`).
  std::vector<std::pair<std::string_view, std::string_view>> values;
  /// Where ADD fetched from: scheme and host of a URL, as it may be shown, since user, path and query can
  /// hold secrets; or words for a URL of which the classic builder keeps only a checksum.
  std::vector<std::string> sources;
};

/// `created_by` must outlive the result.
[[nodiscard]] BuildStep read_build_step(std::string_view created_by);

}  // namespace tegata::verifier
