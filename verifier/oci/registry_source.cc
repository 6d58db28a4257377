// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/registry_source.h"

#include <fstream>
#include <mutex>

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

/// The answers to one fetch(), delivered when all have arrived or the deadline passes.
class RegistrySource::Batch {
 public:
  Batch(std::size_t count, std::shared_ptr<Askers> askers, Done done)
      : askers_(std::move(askers)), answers_(count), missing_(count), done_(std::move(done)) {}

  void answer(std::size_t place, ContentAnswer answer) {
    {
      const std::lock_guard lock(mutex_);
      if (!done_ || answers_[place]) return;
      answers_[place] = std::move(answer);
      if (--missing_ > 0) return;
    }
    give();
  }
  void expire() {
    {
      const std::lock_guard lock(mutex_);
      if (!done_) return;
      const bool delayed = askers_ != nullptr && askers_->delayed();
      for (auto& answer : answers_)
        if (!answer)
          answer = delayed ? Error{ErrorCode::CutShort, "not all requests had their turn in time"}
                           : Error{ErrorCode::DeadlineExceeded,
                                   "the registry did not answer all requests in time"};
    }
    give();
  }

 private:
  void give() {
    Done done;
    {
      const std::lock_guard lock(mutex_);
      done.swap(done_);
    }
    if (!done) return;  // the deadline passed while the last answer arrived
    std::vector<ContentAnswer> given;
    given.reserve(answers_.size());
    for (auto& answer : answers_) given.push_back(*std::move(answer));
    done(std::move(given));
  }

  const std::shared_ptr<Askers> askers_;
  std::mutex mutex_;
  std::vector<std::optional<ContentAnswer>> answers_;
  std::size_t missing_;
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
      transport_(settings_.http) {}

void RegistrySource::fetch(std::vector<ContentRequest> requests, Terms terms, Done done) {
  if (requests.empty()) return done({});
  auto batch = std::make_shared<Batch>(requests.size(), terms.askers, std::move(done));
  if (terms.deadline.time() != Deadline::never().time())
    transport_.at(
        terms.deadline.time(),
        [late = std::weak_ptr(batch)] {
          if (const auto still = late.lock()) still->expire();
        },
        terms.askers);
  for (std::size_t i = 0; i < requests.size(); ++i)
    start(requests[i], terms, [batch, i](ContentAnswer answer) { batch->answer(i, std::move(answer)); });
}

void RegistrySource::start(const ContentRequest& request, Terms terms, Answer answer) {
  if (const auto* tag = std::get_if<TagRequest>(&request))
    return start_manifest(tag->repository, tag->tag, std::nullopt, std::move(terms), std::move(answer));
  if (const auto* manifest = std::get_if<ManifestRequest>(&request))
    return start_manifest(manifest->repository, manifest->digest.text(), manifest->digest, std::move(terms),
                          std::move(answer));
  if (const auto* blob = std::get_if<BlobRequest>(&request))
    return start_blob(*blob, std::move(terms), std::move(answer));
  const auto& subject = std::get<ReferrersRequest>(request);
  fetch_referrers(client_, settings_, subject.repository, subject.digest, std::move(terms),
                  [answer = std::move(answer)](Result<Referrers> list) {
                    if (!list.ok()) return answer(std::move(list).error());
                    answer(ContentOrReferrers(*std::move(list)));
                  });
}

void RegistrySource::start_manifest(const Repository& repository, const std::string& reference,
                                    std::optional<Digest> expected, Terms terms, Answer answer) {
  const auto url = url_of(repository, "manifests/" + reference, settings_.insecure_plain_http);
  if (!url.ok()) return answer(url.error());
  const std::string what = repository.text() + (expected ? "@" : ":") + reference;
  client_.get({repository, *url, std::string(kManifestAccept), limits::kManifest}, std::move(terms),
              [what, expected, answer = std::move(answer)](Result<RegistryAnswer> got) {
                if (!got.ok()) return answer(got.error().in(what));
                answer(manifest_of(*std::move(got), what, expected));
              });
}

void RegistrySource::start_blob(const BlobRequest& blob, Terms terms, Answer answer) {
  const auto url = url_of(blob.repository, "blobs/" + blob.digest.text(), settings_.insecure_plain_http);
  if (!url.ok()) return answer(url.error());
  const std::string what = "the blob " + blob.digest.text() + " of " + blob.repository.text();
  client_.get({blob.repository, *url, "*/*", blob.max_bytes}, std::move(terms),
              [what, blob, answer = std::move(answer)](Result<RegistryAnswer> got) {
                if (!got.ok()) return answer(got.error().in(what));
                answer(blob_of(std::move(got->response), what, blob));
              });
}

}  // namespace tegata::verifier
