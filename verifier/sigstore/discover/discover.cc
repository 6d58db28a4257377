// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/discover/discover.h"

#include <algorithm>
#include <array>
#include <exception>
#include <span>

#include "policy/model/limits.h"
#include "verifier/oci/memory_budget.h"
#include "verifier/sigstore/discover/candidate_layers.h"

namespace tegata::verifier {
namespace {

using Answers = std::vector<ContentAnswer>;

// Manifest types that never hold a bundle and that ContentSource does not support.
bool is_artifact_manifest(std::string_view media_type) {
  return media_type == "application/vnd.oci.artifact.manifest.v1+json" ||
         media_type == "application/vnd.cncf.oras.artifact.manifest.v1+json";
}

// The memory that one search may use. It waits for memory only while it holds none.
class SearchMemory {
 public:
  SearchMemory(std::shared_ptr<MemoryBudget> budget, std::shared_ptr<Askers> askers)
      : budget_(std::move(budget)), askers_(std::move(askers)) {}

  void add(MemoryBudget::Reservation reserved) {
    free_ += reserved.bytes();
    reserved_->push_back(std::move(reserved));
  }
  /// False if there is no memory at once.
  [[nodiscard]] bool take(std::size_t bytes) {
    if (budget_ == nullptr) return true;
    if (bytes > free_) {
      auto more = budget_->try_reserve(bytes - free_, askers_);
      if (!more) return false;
      add(*std::move(more));
    }
    free_ -= bytes;
    return true;
  }
  /// What was taken may be taken again.
  void give_back(std::size_t bytes) noexcept { free_ += bytes; }
  [[nodiscard]] const std::shared_ptr<MemoryBudget>& budget() const noexcept { return budget_; }
  /// Keeps all of it until it is destroyed.
  [[nodiscard]] std::shared_ptr<const void> hold() const { return reserved_; }

 private:
  std::shared_ptr<MemoryBudget> budget_;  ///< null: no bound
  std::shared_ptr<Askers> askers_;
  std::shared_ptr<std::vector<MemoryBudget::Reservation>> reserved_ =
      std::make_shared<std::vector<MemoryBudget::Reservation>>();
  std::size_t free_ = 0;
};

// One search, from the first request to the call of `done`. The pending callback owns it.
class Discovery : public std::enable_shared_from_this<Discovery> {
 public:
  Discovery(ContentSource& source, Repository images, Repository signatures, Digest digest, Reach reach,
            Terms terms, std::shared_ptr<MemoryBudget> memory, std::size_t granted,
            std::function<void(Candidates)> done)
      : source_(source),
        images_(std::move(images)),
        signatures_(std::move(signatures)),
        digest_(digest),
        reach_(reach),
        terms_(std::move(terms)),
        memory_(std::move(memory), terms_.askers),
        granted_(granted),
        done_(std::move(done)) {}

  void start() {
    std::vector<ContentRequest> requests{ManifestRequest{images_, digest_},
                                         TagRequest{signatures_, digest_.tag_prefix() + ".sig"},
                                         ReferrersRequest{signatures_, digest_}};
    if (wants_attestations()) requests.push_back(TagRequest{signatures_, digest_.tag_prefix() + ".att"});
    fetch(std::move(requests), &Discovery::on_lists);
  }

 private:
  struct Referrer {
    Digest digest;
    std::size_t bytes;  ///< that its manifest may have
  };
  using Step = void (Discovery::*)(std::span<ContentAnswer>);

  [[nodiscard]] bool wants_attestations() const { return reach_ == Reach::SignaturesAndAttestations; }

  void fetch(std::vector<ContentRequest> requests, Step next) {
    source_.fetch(std::move(requests), terms_,
                  [self = shared_from_this(), next](Answers answers) { self->take(next, answers); });
  }

  // As fetch(), if there is memory for `bytes` more; else all is given up, and a new search begins once it
  // has memory: that of an ordinary image, then that of any image. So no search holds memory while it waits.
  void fetch(std::size_t bytes, std::vector<ContentRequest> requests, Step next) {
    // With memory for any image it has enough, even if a small budget granted it less.
    if (granted_ == limits::kImageMemory || memory_.take(bytes)) {
      if (requests.empty()) return (this->*next)({});
      return fetch(std::move(requests), next);
    }
    const auto wanted = granted_ < limits::kSmallReservation && bytes < limits::kSmallReservation / 2
                            ? limits::kSmallReservation
                            : limits::kImageMemory;
    const auto again = std::make_shared<Discovery>(source_, images_, signatures_, digest_, reach_, terms_,
                                                   memory_.budget(), wanted, std::exchange(done_, nullptr));
    memory_.budget()->reserve(wanted, terms_, [again](Result<MemoryBudget::Reservation> reserved) {
      if (!reserved.ok()) {
        again->note_unknown(reserved.error());
        return again->finish();
      }
      again->memory_.add(*std::move(reserved));
      again->start();
    });
  }

  // An exception must not reach the thread of the source, and `done` must always be called.
  void take(Step next, std::span<ContentAnswer> answers) {
    try {
      (this->*next)(answers);
    } catch (const std::exception& failure) {
      if (!done_) throw;
      note_unknown({ErrorCode::Internal, failure.what()});
      finish();
    }
  }

  // Round 1: the image, the .sig and .att manifests, the referrers.
  void on_lists(std::span<ContentAnswer> answers) {
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
    for (const auto& descriptor : referrers.manifests) {
      // The manifest of the image itself was asked for with another bound.
      if (is_artifact_manifest(descriptor.media_type) || descriptor.digest == digest_) continue;
      if (descriptor.size > limits::kReferrerManifest)
        refuse_referrer(
            descriptor.digest,
            {RejectionReason::TooLarge,
             "the referrer's manifest has " + std::to_string(descriptor.size) + " bytes", std::nullopt});
      else
        referrers_.push_back({descriptor.digest, bytes_of(descriptor)});
    }
  }

  // What the manifest may have. A list that names no size leaves it open.
  static std::size_t bytes_of(const Descriptor& descriptor) {
    return descriptor.size == 0 ? limits::kReferrerManifest : static_cast<std::size_t>(descriptor.size);
  }

  void refuse_referrer(const Digest& digest, Rejection rejection) {
    rejection.candidate = digest;
    refused_referrers_.push_back(UnreadableCandidate{std::move(rejection)});
  }

  // Leaves out referrers for which no request is left.
  void bound_referrers() {
    std::size_t asked = 0;
    while (asked < referrers_.size() && budget_.take_request()) ++asked;
    if (asked == referrers_.size()) return;
    found_.too_many = true;
    referrers_.erase(referrers_.begin() + static_cast<std::ptrdiff_t>(asked), referrers_.end());
  }

  // Round 2: referrer manifests in groups; with the only group, the payloads.
  void fetch_contents() {
    bound_referrers();
    next_group();
    with_payloads_ = next_referrer_ == referrers_.size();
    std::vector<ContentRequest> requests;
    if (with_payloads_) add_layer_requests(requests);
    add_referrer_requests(requests);
    const auto layers = with_payloads_ ? payloads_.bytes() + envelopes_.bytes() : 0;
    fetch(payloads_.kept_bytes() + envelopes_.kept_bytes() + layers + group_bytes_, std::move(requests),
          &Discovery::on_contents);
  }

  void add_layer_requests(std::vector<ContentRequest>& requests) const {
    for (const WantedBlobs* blobs : {&payloads_, &envelopes_})
      for (auto& request : blobs->requests(signatures_)) requests.push_back(std::move(request));
  }

  void next_group() {
    first_asked_ = next_referrer_;
    group_bytes_ = 0;
    while (next_referrer_ < referrers_.size() && next_referrer_ - first_asked_ < limits::kReferrersAtOnce &&
           group_bytes_ + referrers_[next_referrer_].bytes <= limits::kReferrerRound)
      group_bytes_ += referrers_[next_referrer_++].bytes;
  }

  void add_referrer_requests(std::vector<ContentRequest>& requests) const {
    for (std::size_t i = first_asked_; i < next_referrer_; ++i)
      requests.push_back(
          ManifestRequest{signatures_, referrers_[i].digest, referrers_[i].bytes, Memory::Reserved});
  }

  void on_contents(std::span<ContentAnswer> answers) {
    if (with_payloads_) answers = take_layer_answers(answers);
    on_referrers(answers);
  }

  std::span<ContentAnswer> take_layer_answers(std::span<ContentAnswer> answers) {
    for (WantedBlobs* blobs : {&payloads_, &envelopes_}) {
      blobs->add_to(found_, answers.first(blobs->request_count()));
      answers = answers.subspan(blobs->request_count());
    }
    return answers;
  }

  [[nodiscard]] std::size_t kept_of_referred() const {
    return referred_payloads_.kept_bytes() + referred_envelopes_.kept_bytes();
  }

  void on_referrers(std::span<ContentAnswer> answers) {
    const auto kept = kept_of_referred();
    for (std::size_t i = 0; i < answers.size(); ++i) take_referrer(answers[i], referrers_[first_asked_ + i]);
    memory_.give_back(group_bytes_ - std::min(group_bytes_, kept_of_referred() - kept));
    if (next_referrer_ == referrers_.size()) return fetch_referred();
    next_group();
    std::vector<ContentRequest> requests;
    add_referrer_requests(requests);
    fetch(group_bytes_, std::move(requests), &Discovery::on_referrers);
  }

  void take_referrer(ContentAnswer& answer, const Referrer& referrer) {
    if (!answer.ok()) {
      if (auto rejection = rejection_of(answer.error(), referrer.digest))
        refuse_referrer(referrer.digest, *std::move(rejection));
      else
        note_unknown(answer.error());
      return;
    }
    const std::string manifest = std::move(std::get<Content>(*answer).bytes);
    // A source that answers from a store does not apply the size limit.
    if (manifest.size() > referrer.bytes)
      return refuse_referrer(referrer.digest, {RejectionReason::TooLarge,
                                               "it has more than the " + std::to_string(referrer.bytes) +
                                                   " bytes of its descriptor",
                                               std::nullopt});
    auto kind = referrer_kind(manifest);
    if (auto* bundle = std::get_if<BundleReferrer>(&kind)) {
      bundle->layer.annotations.clear();  // not used, and not counted
      bundle_referrers_.push_back(std::move(*bundle));
    } else if (auto* signatures = std::get_if<SignatureReferrer>(&kind)) {
      want_layers(std::move(signatures->layers), referred_payloads_, payload_layers_left_);
    } else if (auto* attestations = std::get_if<AttestationReferrer>(&kind)) {
      if (wants_attestations())
        want_layers(std::move(attestations->layers), referred_envelopes_, envelope_layers_left_);
    } else if (auto* rejection = std::get_if<Rejection>(&kind)) {
      refuse_referrer(referrer.digest, std::move(*rejection));
    }
  }

  // Round 3: the layers of referrers, and the payloads if they were not in round 2. Bundles that are
  // annotated as attestations come last. If attestations are not required, they do not set too_many.
  void fetch_referred() {
    std::stable_partition(bundle_referrers_.begin(), bundle_referrers_.end(),
                          [](const BundleReferrer& bundle) { return !bundle.says_attestation; });
    for (auto& bundle : bundle_referrers_)
      if (bundles_.want(std::move(bundle.layer), budget_) == WantedBlobs::Taken::OverBudget &&
          (wants_attestations() || !bundle.says_attestation))
        found_.too_many = true;
    std::vector<ContentRequest> requests;
    std::size_t bytes = 0;
    if (!with_payloads_) {
      add_layer_requests(requests);
      bytes = payloads_.bytes() + envelopes_.bytes();
    }
    for (const WantedBlobs* blobs : referred()) {
      for (auto& request : blobs->requests(signatures_)) requests.push_back(std::move(request));
      bytes += blobs->bytes();
    }
    fetch(bytes, std::move(requests), &Discovery::on_referred);
  }

  void on_referred(std::span<ContentAnswer> answers) {
    if (!with_payloads_) answers = take_layer_answers(answers);
    for (auto& refused : refused_referrers_) found_.list.emplace_back(std::move(refused));
    for (WantedBlobs* blobs : referred()) {
      blobs->add_to(found_, answers.first(blobs->request_count()));
      answers = answers.subspan(blobs->request_count());
    }
    finish();
  }

  [[nodiscard]] std::array<WantedBlobs*, 3> referred() {
    return {&referred_payloads_, &referred_envelopes_, &bundles_};
  }

  void note_unknown(const Error& error) { note_error(found_.unknown, error); }

  void finish() {
    const auto done = std::exchange(done_, nullptr);
    found_.memory = memory_.hold();
    done(std::move(found_));
  }

  ContentSource& source_;
  const Repository images_;
  const Repository signatures_;
  const Digest digest_;
  const Reach reach_;
  const Terms terms_;
  SearchMemory memory_;
  const std::size_t granted_;  ///< what it waited for before its first request
  std::function<void(Candidates)> done_;

  Candidates found_;
  // The lists of round 1 have pages; the rest is one request each.
  FetchBudget budget_{limits::kCandidateBytes, limits::kFetchRequests - limits::kReferrersPages - 4};
  WantedBlobs payloads_{CandidateKind::SimpleSigning};
  WantedBlobs envelopes_{CandidateKind::Envelope};
  WantedBlobs referred_payloads_{CandidateKind::SimpleSigning};
  WantedBlobs referred_envelopes_{CandidateKind::Envelope};
  WantedBlobs bundles_{CandidateKind::Bundle};
  std::size_t payload_layers_left_ = limits::kSignatureLayers;
  std::size_t envelope_layers_left_ = limits::kSignatureLayers;
  bool with_payloads_ = false;  // payloads and envelopes are fetched in round 2
  std::vector<Referrer> referrers_;
  std::vector<UnreadableCandidate> refused_referrers_;
  std::size_t group_bytes_ = 0;
  std::size_t first_asked_ = 0;
  std::size_t next_referrer_ = 0;
  std::vector<BundleReferrer> bundle_referrers_;
};

}  // namespace

void discover_signatures(ContentSource& source, Repository image_repository, Repository signature_repository,
                         Digest digest, Reach reach, Terms terms, std::function<void(Candidates)> done,
                         std::shared_ptr<MemoryBudget> memory) {
  std::make_shared<Discovery>(source, std::move(image_repository), std::move(signature_repository), digest,
                              reach, std::move(terms), std::move(memory), 0, std::move(done))
      ->start();
}

}  // namespace tegata::verifier
