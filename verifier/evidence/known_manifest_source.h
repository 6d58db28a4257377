// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "verifier/oci/content_source.h"

namespace tegata::verifier {

/// Another source, of which one manifest is known already: the tag was just answered with it, so it
/// is not asked for again. Thread-safe; `inner` must outlive every fetch.
class KnownManifestSource final : public ContentSource {
 public:
  KnownManifestSource(ContentSource& inner, Repository repository, std::shared_ptr<const Content> manifest);

  void fetch(std::vector<ContentRequest> requests, Deadline deadline, Done done) override;

 private:
  ContentSource& inner_;
  const Repository repository_;
  const std::shared_ptr<const Content> manifest_;
};

}  // namespace tegata::verifier
