// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deployment_request.h"
#include "webhook/kubernetes/value_class.h"

namespace tegata::webhook::kubernetes {

/// What `tegata check` was told about the manifests.
struct ManifestSettings {
  std::string default_namespace = "default";  ///< of an object that names none
  std::optional<KubernetesUser> as;           ///< who would apply them; none: nobody says who
};

/// One object of a file.
struct ManifestReading {
  /// Which one: `#2` is the second document, `#2[3]` the fourth item of the list in it; empty where
  /// the file holds one object.
  std::string name;
  Reading reading;
};

/// Reads a file of Kubernetes objects: YAML or JSON, several documents, lists (flattened), and
/// AdmissionReviews, which bring their own user and are read as `serve` reads them: one of another
/// version, or without a uid, is invalid. Each other object is read as its creation would be. What
/// cannot be read is an InvalidRequest among the others, a document that is too large too; a file
/// without objects is one as well, and says what it is where that is known.
///
/// Misconfigured: an AdmissionReview, and `as` is set.
[[nodiscard]] Result<std::vector<ManifestReading>> read_manifests(std::string_view text,
                                                                  const ManifestSettings& settings,
                                                                  const ValueHasher& hasher);

}  // namespace tegata::webhook::kubernetes
