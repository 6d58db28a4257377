// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/registry_source.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <mutex>
#include <numeric>
#include <optional>

#include "verifier/crypto/hash.h"
#include "verifier/oci/manifest.h"
#include "verifier/oci/registry_client.h"
#include "verifier/oci/registry_http.h"

namespace tegata::verifier {
namespace {

using ContentOrReferrers = std::variant<Content, Referrers>;

/// Malformed is used only for content that does not have the requested digest.
Error other_bytes(const std::string& what, const Digest& digest) {
  return Error::malformed(what + " is answered with content of digest " + digest.text());
}

/// A registry's `HOST` or `HOST:PORT` as `host:port`.
std::string with_port(const std::string& registry, std::string_view default_port) {
  const auto colon = registry.rfind(':');
  const bool has_port = colon != std::string::npos && registry.find(']', colon) == std::string::npos;
  return has_port ? registry : registry + ":" + std::string(default_port);
}

RegistrySettings with_loopback_hosts(RegistrySettings settings) {
  for (const auto& host : settings.insecure_plain_http)
    settings.http.loopback_hosts.insert(with_port(host, "80"));
  for (const auto& host : settings.loopback_registries)
    settings.http.loopback_hosts.insert(with_port(host, "443"));
  return settings;
}

/// The response to a manifest request, checked without parsing the manifest.
ContentAnswer manifest_of(RegistryAnswer answer, const std::string& what,
                          const std::optional<Digest>& expected) {
  auto& response = answer.response;
  if (response.status != 200) return error_of_status(response, what);
  auto media_type = media_type_of(response);
  if (!is_manifest_media_type(media_type))
    return Error::unexpected(what + " is answered with " + quoted_header(media_type, answer.sent) +
                             ", which is not the type of a manifest");
  const Digest digest = sha256(response.body);
  if (expected && digest != *expected) return other_bytes(what, digest);
  if (const auto said = response.header("docker-content-digest"); said && *said != digest.text())
    return Error::unexpected(what + ": Docker-Content-Digest does not match the content: it is " +
                             quoted_header(*said, answer.sent) + " for bytes of " + digest.text());
  return ContentOrReferrers(Content{digest, std::move(media_type), std::move(response.body)});
}

ContentAnswer blob_of(HttpResponse response, const std::string& what, const BlobRequest& blob) {
  if (response.status != 200) return error_of_status(response, what);
  const Digest digest = sha256(response.body);
  if (digest != blob.digest) return other_bytes(what, digest);
  return ContentOrReferrers(Content{digest, {}, std::move(response.body)});
}

}  // namespace

/// One fetch(): its answers are delivered when all have arrived or the deadline passes.
class RegistrySource::Batch {
 public:
  Batch(std::vector<ContentRequest> of, Terms on, Done done)
      : requests(std::move(of)), terms(std::move(on)), done_(std::move(done)) {
    answers_.resize(requests.size());
  }

  const std::vector<ContentRequest> requests;
  const Terms terms;

  /// Before each round of requests: those that are open from now on. False if the deadline has passed.
  [[nodiscard]] bool open(const Places& places) {
    const std::lock_guard lock(mutex_);
    if (ended_) return false;
    for (const auto place : places) answers_[place].reset();
    missing_ = places.size();
    sent_ = true;
    return true;
  }
  /// Whether this was the last one of the round.
  [[nodiscard]] bool answer(std::size_t place, ContentAnswer answer) {
    const std::lock_guard lock(mutex_);
    if (ended_ || answers_[place]) return false;
    answers_[place] = std::move(answer);
    return --missing_ == 0;
  }
  /// After a round: the answers that exceeded what was asked for although more is allowed. While there is
  /// one, the batch waits for memory.
  [[nodiscard]] Places too_large() {
    const std::lock_guard lock(mutex_);
    Places places;
    if (ended_) return places;
    std::size_t used = 0;
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      const auto& answer = answers_[i];
      if (!answer) continue;
      if (const auto* content = answer->ok() ? std::get_if<Content>(&**answer) : nullptr)
        used += content->bytes.size();
      else if (!answer->ok() && answer->error().code == ErrorCode::LimitExceeded && !whole_ &&
               most_of(requests[i]) > limits::kFirstAnswer && !is_reserved(requests[i]))
        places.push_back(i);
    }
    if (!places.empty()) {
      whole_ = true;
      sent_ = false;
      for (const auto place : places) answers_[place].reset();
      if (!held_.empty()) held_.front().shrink(used);
    }
    return places;
  }
  void hold(MemoryBudget::Reservation memory) {
    const std::lock_guard lock(mutex_);
    held_.push_back(std::move(memory));
  }
  void expire() {
    {
      const std::lock_guard lock(mutex_);
      if (ended_) return;
      ended_ = true;
      const bool delayed = terms.askers != nullptr && terms.askers->delayed();
      const auto late =
          !sent_    ? Error{ErrorCode::CutShort, "there was no memory in time to ask the registry"}
          : delayed ? Error{ErrorCode::CutShort, "not all requests had their turn in time"}
                    : Error{ErrorCode::DeadlineExceeded, "the registry did not answer all requests in time"};
      for (auto& answer : answers_)
        if (!answer) answer = late;
    }
    give();
  }
  void give() {
    Done done;
    std::vector<MemoryBudget::Reservation> held;
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
      done.swap(done_);
      held.swap(held_);
    }
    if (!done) return;  // the deadline passed while the last answer arrived
    std::vector<ContentAnswer> given;
    given.reserve(answers_.size());
    for (auto& answer : answers_) given.push_back(*std::move(answer));
    done(std::move(given));
  }

  static bool is_reserved(const ContentRequest& request) {
    if (const auto* manifest = std::get_if<ManifestRequest>(&request))
      return manifest->memory == Memory::Reserved;
    const auto* blob = std::get_if<BlobRequest>(&request);
    return blob != nullptr && blob->memory == Memory::Reserved;
  }
  /// Bytes of the largest answer.
  static std::size_t most_of(const ContentRequest& request) {
    if (const auto* manifest = std::get_if<ManifestRequest>(&request))
      return std::min(manifest->max_bytes, limits::kManifest);
    const auto* blob = std::get_if<BlobRequest>(&request);
    return blob != nullptr ? blob->max_bytes : limits::kManifest;
  }
  /// What the answers may need together. A list of referrers and its fallback tag arrive at the same time.
  [[nodiscard]] std::size_t bytes(const Places& places, std::size_t most) const {
    std::size_t sum = 0;
    for (const auto place : places) {
      if (is_reserved(requests[place])) continue;
      const auto one = std::min(most, most_of(requests[place]));
      sum += std::holds_alternative<ReferrersRequest>(requests[place]) ? 2 * one : one;
    }
    return sum;
  }

 private:
  std::mutex mutex_;
  std::vector<std::optional<ContentAnswer>> answers_;
  std::size_t missing_ = 0;
  bool sent_ = false;   ///< not while it waits for memory
  bool whole_ = false;  ///< the second round has begun
  bool ended_ = false;  ///< all answers are there and stay, or the deadline has passed
  std::vector<MemoryBudget::Reservation> held_;
  Done done_;  ///< empty once called
};

Result<std::unique_ptr<RegistrySource>> RegistrySource::open(RegistrySettings settings) {
  if (!std::ifstream(settings.http.ca_file))
    return Error{ErrorCode::Misconfigured,
                 "cannot read the CA certificates in " + settings.http.ca_file + " (--registry-ca)"};
  return std::unique_ptr<RegistrySource>(new RegistrySource(std::move(settings)));
}

RegistrySource::RegistrySource(RegistrySettings settings)
    : settings_(with_loopback_hosts(std::move(settings))),
      client_(settings_, transport_),
      memory_(settings_.memory == 0
                  ? nullptr
                  : MemoryBudget::of(settings_.memory,
                                     [this](auto when, auto task, auto askers) {
                                       transport_.at(when, std::move(task), std::move(askers));
                                     })),
      transport_(settings_.http) {}

void RegistrySource::fetch(std::vector<ContentRequest> requests, Terms terms, Done done) {
  if (requests.empty()) return done({});
  const auto until = terms.deadline.time();
  const auto askers = terms.askers;
  auto batch = std::make_shared<Batch>(std::move(requests), std::move(terms), std::move(done));
  if (until != Deadline::never().time())
    transport_.at(
        until,
        [late = std::weak_ptr(batch)] {
          if (const auto still = late.lock()) still->expire();
        },
        askers);
  Places all(batch->requests.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto most = memory_ == nullptr ? std::numeric_limits<std::size_t>::max() : limits::kFirstAnswer;
  const auto bytes = batch->bytes(all, most);
  reserve(batch, bytes, [this, batch, all = std::move(all), most] { ask(batch, all, most); });
}

void RegistrySource::reserve(const std::shared_ptr<Batch>& batch, std::size_t bytes,
                             std::function<void()> then) {
  if (memory_ == nullptr || bytes == 0) return then();
  memory_->reserve(bytes, batch->terms,
                   [batch, then = std::move(then)](Result<MemoryBudget::Reservation> memory) {
                     if (!memory.ok()) return batch->expire();
                     batch->hold(*std::move(memory));
                     then();
                   });
}

/// `most`: bytes of an answer for which the caller has not reserved memory.
void RegistrySource::ask(const std::shared_ptr<Batch>& batch, const Places& places, std::size_t most) {
  if (!batch->open(places)) return;
  for (const auto place : places) {
    const auto& request = batch->requests[place];
    const auto whole = Batch::most_of(request);
    start(request, Batch::is_reserved(request) ? whole : std::min(most, whole), batch->terms,
          [this, batch, place](ContentAnswer answer) {
            if (batch->answer(place, std::move(answer))) arrived(batch);
          });
  }
}

void RegistrySource::arrived(const std::shared_ptr<Batch>& batch) {
  const auto large = memory_ == nullptr ? Places{} : batch->too_large();
  if (large.empty()) return batch->give();
  constexpr auto kAll = std::numeric_limits<std::size_t>::max();
  reserve(batch, batch->bytes(large, kAll), [this, batch, large] { ask(batch, large, kAll); });
}

void RegistrySource::start(const ContentRequest& request, std::size_t max_bytes, Terms terms, Answer answer) {
  if (const auto* tag = std::get_if<TagRequest>(&request))
    return start_manifest(tag->repository, tag->tag, std::nullopt, max_bytes, std::move(terms),
                          std::move(answer));
  if (const auto* manifest = std::get_if<ManifestRequest>(&request))
    return start_manifest(manifest->repository, manifest->digest.text(), manifest->digest, max_bytes,
                          std::move(terms), std::move(answer));
  if (const auto* blob = std::get_if<BlobRequest>(&request))
    return start_blob(*blob, max_bytes, std::move(terms), std::move(answer));
  const auto& subject = std::get<ReferrersRequest>(request);
  fetch_referrers(client_, settings_, subject.repository, subject.digest, max_bytes, std::move(terms),
                  [answer = std::move(answer)](Result<Referrers> list) {
                    if (!list.ok()) return answer(std::move(list).error());
                    answer(ContentOrReferrers(*std::move(list)));
                  });
}

void RegistrySource::start_manifest(const Repository& repository, const std::string& reference,
                                    std::optional<Digest> expected, std::size_t max_bytes, Terms terms,
                                    Answer answer) {
  const auto url = url_of(repository, "manifests/" + reference, settings_.insecure_plain_http);
  if (!url.ok()) return answer(url.error());
  const std::string what = repository.text() + (expected ? "@" : ":") + reference;
  client_.get({repository, *url, std::string(kManifestAccept), max_bytes}, std::move(terms),
              [what, expected, answer = std::move(answer)](Result<RegistryAnswer> got) {
                if (!got.ok()) return answer(got.error().in(what));
                answer(manifest_of(*std::move(got), what, expected));
              });
}

void RegistrySource::start_blob(const BlobRequest& blob, std::size_t max_bytes, Terms terms, Answer answer) {
  const auto url = url_of(blob.repository, "blobs/" + blob.digest.text(), settings_.insecure_plain_http);
  if (!url.ok()) return answer(url.error());
  const std::string what = "the blob " + blob.digest.text() + " of " + blob.repository.text();
  client_.get({blob.repository, *url, "*/*", max_bytes}, std::move(terms),
              [what, blob, answer = std::move(answer)](Result<RegistryAnswer> got) {
                if (!got.ok()) return answer(got.error().in(what));
                answer(blob_of(std::move(got->response), what, blob));
              });
}

}  // namespace tegata::verifier
