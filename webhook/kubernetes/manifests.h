// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deployment_request.h"
#include "webhook/kubernetes/value_class.h"

namespace tegata::webhook::kubernetes {

/// What the command line of `tegata check` says about the manifests.
struct ManifestSettings {
  std::string default_namespace = "default";  ///< for objects that name none
  std::optional<KubernetesUser> as;           ///< who would apply them; empty: unknown
};

/// One object of a file.
struct ManifestReading {
  /// Which one: `#2` is the second document, `#2[3]` the fourth item of the list in it; empty if
  /// the file contains one object.
  std::string name;
  Reading reading;
};

/// Reads a file of Kubernetes objects: YAML or JSON, several documents, lists (flattened), and
/// AdmissionReviews, which contain their user and are read as `serve` reads them: one of another version, or
/// without a uid, is invalid. Every other object is read as if it were being created. An object that cannot
/// be read, or a document that is too large, is an InvalidRequest among the others. A file without objects is
/// one InvalidRequest, which names the kind of file if it is recognized.
///
/// Misconfigured: an AdmissionReview, and `as` is set.
[[nodiscard]] Result<std::vector<ManifestReading>> read_manifests(std::string_view text,
                                                                  const ManifestSettings& settings,
                                                                  const ValueHasher& hasher);

}  // namespace tegata::webhook::kubernetes
