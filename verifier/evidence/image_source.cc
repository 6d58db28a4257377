// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/image_source.h"

#include <algorithm>
#include <utility>

#include "verifier/evidence/recording_source.h"

namespace tegata::verifier {

class ImageSource::Counting final : public ContentSource {
 public:
  Counting(ContentSource& inner, FactSubject subject, std::shared_ptr<const Content> manifest)
      : inner_(inner), subject_(std::move(subject)), manifest_(std::move(manifest)) {}

  void fetch(std::vector<ContentRequest> requests, Deadline deadline, Done done) override {
    const auto known = std::find_if(requests.begin(), requests.end(),
                                    [&](const ContentRequest& request) { return is_known(request); });
    if (known == requests.end()) return hand_on(std::move(requests), deadline, std::move(done));
    const auto place = known - requests.begin();
    requests.erase(known);
    auto with_manifest = [place, manifest = manifest_, done = std::move(done)](auto answers) {
      answers.insert(answers.begin() + place, ContentAnswer(std::variant<Content, Referrers>(*manifest)));
      done(std::move(answers));
    };
    if (requests.empty()) return with_manifest(std::vector<ContentAnswer>{});
    hand_on(std::move(requests), deadline, std::move(with_manifest));
  }
  [[nodiscard]] std::size_t requests() const noexcept { return requests_.load(); }

 private:
  [[nodiscard]] bool is_known(const ContentRequest& request) const {
    const auto* asked = std::get_if<ManifestRequest>(&request);
    return manifest_ != nullptr && asked != nullptr && asked->digest == manifest_->digest &&
           asked->repository == subject_.repository;
  }
  void hand_on(std::vector<ContentRequest> requests, Deadline deadline, Done done) {
    requests_ += requests.size();
    inner_.fetch(std::move(requests), deadline, std::move(done));
  }

  ContentSource& inner_;
  const FactSubject subject_;
  const std::shared_ptr<const Content> manifest_;
  std::atomic<std::size_t> requests_{0};
};

ImageSource::ImageSource(ContentSource& source, FactSubject subject, std::shared_ptr<const Content> manifest,
                         const std::shared_ptr<EvidenceStore>& store)
    : counting_(std::make_shared<Counting>(source, std::move(subject), std::move(manifest))),
      first_(counting_.get()) {
  if (store == nullptr) return;
  recording_ = std::make_shared<RecordingSource>(*counting_, store);
  first_ = recording_.get();
}

Evidence ImageSource::evidence() const { return recording_ ? recording_->evidence() : Evidence{}; }

std::size_t ImageSource::requests() const noexcept { return counting_->requests(); }

}  // namespace tegata::verifier
