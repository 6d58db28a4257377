// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/document/policy_set.h"
#include "policy/model/result.h"
#include "policy/model/trust_settings.h"

namespace tegata::policy {

/// One policy file's bytes.
struct Document {
  std::string name;    ///< as messages show it: `policies/prod.yaml`
  std::string folder;  ///< what relative paths in it are relative to
  std::string text;
};

/// An error or a warning at one place of a document.
struct Diagnostic {
  SourceMark mark;
  std::string message;  ///< what was found, what was expected, the nearest known word

  /// `policies/prod.yaml:7:15: …`
  [[nodiscard]] std::string text() const;
};

/// Either a PolicySet without errors, or every error that was found (at most 50).
struct LoadResult {
  std::optional<PolicySet> policies;
  std::vector<Diagnostic> errors;
};

/// Reads the documents as one set. A file may hold several YAML documents (`---`), each one
/// DeploymentPolicy. `trust` resolves the key, certificate or root at each path that a rule names
/// (made absolute with the document's folder); its errors become errors at that place. Otherwise pure.
[[nodiscard]] LoadResult load(const std::vector<Document>& documents, TrustResolver& trust);

/// Warnings about a set that loads: see docs/policy-reference.md. `now` decides which exemptions
/// have ended, or end within 14 days.
[[nodiscard]] std::vector<Diagnostic> lint(const PolicySet& policies, Time now);

/// The JSON Schema (draft-07) of a DeploymentPolicy, from the table that the reader uses; pretty
/// printed, two spaces, final newline.
[[nodiscard]] std::string json_schema();

/// What `tegata policy explain spec.rules.tag.format` prints; without a path, the top level.
/// NotFound with the nearest known field otherwise.
[[nodiscard]] Result<std::string> explain(std::string_view field_path);

}  // namespace tegata::policy
