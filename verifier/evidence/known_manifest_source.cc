// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/known_manifest_source.h"

#include <algorithm>
#include <utility>

namespace tegata::verifier {

KnownManifestSource::KnownManifestSource(ContentSource& inner, Repository repository,
                                         std::shared_ptr<const Content> manifest)
    : inner_(inner), repository_(std::move(repository)), manifest_(std::move(manifest)) {}

void KnownManifestSource::fetch(std::vector<ContentRequest> requests, Deadline deadline, Done done) {
  const auto known = std::find_if(requests.begin(), requests.end(), [&](const ContentRequest& request) {
    const auto* asked = std::get_if<ManifestRequest>(&request);
    return asked != nullptr && asked->digest == manifest_->digest && asked->repository == repository_;
  });
  if (known == requests.end()) return inner_.fetch(std::move(requests), deadline, std::move(done));
  const auto place = known - requests.begin();
  requests.erase(known);
  auto with_manifest = [place, manifest = manifest_, done = std::move(done)](auto answers) {
    answers.insert(answers.begin() + place, ContentAnswer(std::variant<Content, Referrers>(*manifest)));
    done(std::move(answers));
  };
  if (requests.empty()) return with_manifest(std::vector<ContentAnswer>{});
  inner_.fetch(std::move(requests), deadline, std::move(with_manifest));
}

}  // namespace tegata::verifier
