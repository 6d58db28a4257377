// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/discover/discover.h"

#include <algorithm>
#include <array>
#include <exception>
#include <span>

#include "policy/model/limits.h"
#include "verifier/sigstore/discover/candidate_layers.h"

namespace tegata::verifier {
namespace {

using Answers = std::vector<ContentAnswer>;

// Manifest types that never hold a bundle and that ContentSource does not support.
bool is_artifact_manifest(std::string_view media_type) {
  return media_type == "application/vnd.oci.artifact.manifest.v1+json" ||
         media_type == "application/vnd.cncf.oras.artifact.manifest.v1+json";
}

// One search, from the first request to the call of `done`. The pending callback owns it.
class Discovery : public std::enable_shared_from_this<Discovery> {
 public:
  Discovery(ContentSource& source, Repository images, Repository signatures, Digest digest, Reach reach,
            Deadline deadline, std::function<void(Candidates)> done)
      : source_(source),
        images_(std::move(images)),
        signatures_(std::move(signatures)),
        digest_(digest),
        reach_(reach),
        deadline_(deadline),
        done_(std::move(done)) {}

  void start() {
    std::vector<ContentRequest> requests{ManifestRequest{images_, digest_},
                                         TagRequest{signatures_, digest_.tag_prefix() + ".sig"},
                                         ReferrersRequest{signatures_, digest_}};
    if (wants_attestations()) requests.push_back(TagRequest{signatures_, digest_.tag_prefix() + ".att"});
    fetch(std::move(requests), &Discovery::on_lists);
  }

 private:
  using Step = void (Discovery::*)(std::span<const ContentAnswer>);

  [[nodiscard]] bool wants_attestations() const { return reach_ == Reach::SignaturesAndAttestations; }

  void fetch(std::vector<ContentRequest> requests, Step next) {
    source_.fetch(std::move(requests), deadline_,
                  [self = shared_from_this(), next](Answers answers) { self->take(next, answers); });
  }

  // An exception must not reach the thread of the source, and `done` must always be called.
  void take(Step next, std::span<const ContentAnswer> answers) {
    try {
      (this->*next)(answers);
    } catch (const std::exception& failure) {
      if (!done_) throw;
      note_unknown({ErrorCode::Internal, failure.what()});
      finish();
    }
  }

  // Round 1: the image, the .sig and .att manifests, the referrers.
  void on_lists(std::span<const ContentAnswer> answers) {
    if (!answers[0].ok()) {
      if (answers[0].error().code == ErrorCode::NotFound) {
        found_.image_absent = true;
        return finish();
      }
      note_unknown(answers[0].error());
    }
    take_layers(answers[1], payloads_, payload_layers_left_, UnreadableCandidate::Of::Signatures);
    take_referrers(answers[2]);
    if (wants_attestations())
      take_layers(answers[3], envelopes_, envelope_layers_left_, UnreadableCandidate::Of::Attestations);
    fetch_contents();
  }

  void take_layers(const ContentAnswer& answer, WantedBlobs& blobs, std::size_t& left,
                   UnreadableCandidate::Of of) {
    if (!answer.ok()) {
      if (answer.error().code == ErrorCode::NotFound) return;
      if (answer.error().code == ErrorCode::LimitExceeded) {
        found_.too_many = true;
      } else {
        // A tag does not name a digest: an unexpected answer does not invalidate signatures.
        note_unknown(answer.error());
      }
      return;
    }
    const auto& content = std::get<Content>(*answer);
    auto manifest = parse_manifest(content.bytes);
    if (!manifest.ok()) {
      auto rejection = reject(RejectionReason::PayloadMalformed, manifest.error().in("what the tag names"));
      rejection.candidate = content.digest;
      found_.list.push_back(UnreadableCandidate{std::move(rejection), of});
      return;
    }
    if (auto* image = std::get_if<Manifest>(&*manifest)) want_layers(std::move(image->layers), blobs, left);
  }

  // `left`: how many more layers of this kind may be used, from the tag and all referrers together.
  void want_layers(std::vector<Layer> layers, WantedBlobs& blobs, std::size_t& left) {
    if (layers.size() > left) {
      found_.too_many = true;
      layers.erase(layers.begin() + static_cast<std::ptrdiff_t>(left), layers.end());
    }
    left -= layers.size();
    for (auto& layer : layers)
      if (blobs.want(std::move(layer), budget_) == WantedBlobs::Taken::OverBudget) found_.too_many = true;
  }

  void take_referrers(const ContentAnswer& answer) {
    if (!answer.ok()) {
      // A list over the limit is too_many, never unknown: an attacker must not be able to soften a denial.
      if (answer.error().code == ErrorCode::LimitExceeded)
        found_.too_many = true;
      else if (answer.error().code != ErrorCode::NotFound)
        note_unknown(answer.error());
      return;
    }
    const auto& referrers = std::get<Referrers>(*answer);
    if (referrers.truncated) found_.too_many = true;
    for (const auto& descriptor : referrers.manifests)
      if (!is_artifact_manifest(descriptor.media_type)) referrers_.push_back(descriptor.digest);
  }

  // Round 2: payloads, and the first group of referrer manifests.
  void fetch_contents() {
    auto requests = payloads_.requests(signatures_);
    payload_requests_ = requests.size();
    for (auto& request : envelopes_.requests(signatures_)) requests.push_back(std::move(request));
    layer_requests_ = requests.size();
    add_referrer_requests(requests);
    if (requests.empty()) return on_contents({});
    fetch(std::move(requests), &Discovery::on_contents);
  }

  void add_referrer_requests(std::vector<ContentRequest>& requests) {
    first_asked_ = next_referrer_;
    next_referrer_ = std::min(referrers_.size(), next_referrer_ + limits::kReferrersAtOnce);
    for (std::size_t i = first_asked_; i < next_referrer_; ++i)
      requests.push_back(ManifestRequest{signatures_, referrers_[i]});
  }

  void on_contents(std::span<const ContentAnswer> answers) {
    payloads_.add_to(found_, answers.first(payload_requests_));
    envelopes_.add_to(found_, answers.subspan(payload_requests_, layer_requests_ - payload_requests_));
    on_referrers(answers.subspan(layer_requests_));
  }

  void on_referrers(std::span<const ContentAnswer> answers) {
    for (std::size_t i = 0; i < answers.size(); ++i) take_referrer(answers[i], referrers_[first_asked_ + i]);
    if (next_referrer_ == referrers_.size()) return fetch_referred();
    std::vector<ContentRequest> requests;
    add_referrer_requests(requests);
    fetch(std::move(requests), &Discovery::on_referrers);
  }

  void take_referrer(const ContentAnswer& answer, const Digest& digest) {
    if (!answer.ok()) {
      if (auto rejection = rejection_of(answer.error(), digest))
        found_.list.push_back(UnreadableCandidate{*std::move(rejection)});
      else
        note_unknown(answer.error());
      return;
    }
    auto kind = referrer_kind(std::get<Content>(*answer).bytes);
    if (auto* bundle = std::get_if<BundleReferrer>(&kind)) {
      bundle_referrers_.push_back(std::move(*bundle));
    } else if (auto* signatures = std::get_if<SignatureReferrer>(&kind)) {
      want_layers(std::move(signatures->layers), referred_payloads_, payload_layers_left_);
    } else if (auto* attestations = std::get_if<AttestationReferrer>(&kind)) {
      if (wants_attestations())
        want_layers(std::move(attestations->layers), referred_envelopes_, envelope_layers_left_);
    } else if (auto* rejection = std::get_if<Rejection>(&kind)) {
      rejection->candidate = digest;
      found_.list.push_back(UnreadableCandidate{std::move(*rejection)});
    }
  }

  // Round 3: the layers of referrers. Bundles that are annotated as attestations come last. If
  // attestations are not required, they do not set too_many.
  void fetch_referred() {
    std::stable_partition(bundle_referrers_.begin(), bundle_referrers_.end(),
                          [](const BundleReferrer& bundle) { return !bundle.says_attestation; });
    for (auto& bundle : bundle_referrers_)
      if (bundles_.want(std::move(bundle.layer), budget_) == WantedBlobs::Taken::OverBudget &&
          (wants_attestations() || !bundle.says_attestation))
        found_.too_many = true;
    std::vector<ContentRequest> requests;
    for (const WantedBlobs* blobs : referred())
      for (auto& request : blobs->requests(signatures_)) requests.push_back(std::move(request));
    if (requests.empty()) return on_referred({});
    fetch(std::move(requests), &Discovery::on_referred);
  }

  void on_referred(std::span<const ContentAnswer> answers) {
    for (const WantedBlobs* blobs : referred()) {
      const std::size_t count = blobs->requests(signatures_).size();
      blobs->add_to(found_, answers.first(count));
      answers = answers.subspan(count);
    }
    finish();
  }

  [[nodiscard]] std::array<const WantedBlobs*, 3> referred() const {
    return {&referred_payloads_, &referred_envelopes_, &bundles_};
  }

  void note_unknown(const Error& error) { note_error(found_.unknown, error); }

  void finish() {
    const auto done = std::exchange(done_, nullptr);
    done(std::move(found_));
  }

  ContentSource& source_;
  const Repository images_;
  const Repository signatures_;
  const Digest digest_;
  const Reach reach_;
  const Deadline deadline_;
  std::function<void(Candidates)> done_;

  Candidates found_;
  ByteBudget budget_{limits::kCandidateBytes};
  WantedBlobs payloads_{CandidateKind::SimpleSigning};
  WantedBlobs envelopes_{CandidateKind::Envelope};
  WantedBlobs referred_payloads_{CandidateKind::SimpleSigning};
  WantedBlobs referred_envelopes_{CandidateKind::Envelope};
  WantedBlobs bundles_{CandidateKind::Bundle};
  std::size_t payload_layers_left_ = limits::kSignatureLayers;
  std::size_t envelope_layers_left_ = limits::kSignatureLayers;
  std::size_t payload_requests_ = 0;
  std::size_t layer_requests_ = 0;  // payloads and envelopes
  std::vector<Digest> referrers_;
  std::size_t first_asked_ = 0;
  std::size_t next_referrer_ = 0;
  std::vector<BundleReferrer> bundle_referrers_;
};

}  // namespace

void discover_signatures(ContentSource& source, Repository image_repository, Repository signature_repository,
                         Digest digest, Reach reach, Deadline deadline,
                         std::function<void(Candidates)> done) {
  std::make_shared<Discovery>(source, std::move(image_repository), std::move(signature_repository), digest,
                              reach, deadline, std::move(done))
      ->start();
}

}  // namespace tegata::verifier
