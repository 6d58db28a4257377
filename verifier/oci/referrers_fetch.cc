// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/registry_client.h"

#include <mutex>
#include <set>

#include "verifier/crypto/hash.h"
#include "verifier/oci/manifest.h"
#include "verifier/oci/registry_http.h"

namespace tegata::verifier {
namespace {

using List = Result<ReferrersUnion>;

/// Whether this status means that a registry has no referrers API. Seen in use: 404 (distribution-spec), 400
/// and 405 (old registries), 406 (Artifactory), 501.
bool says_no_api(int status) {
  return status == 400 || status == 404 || status == 405 || status == 406 || status == 501;
}
/// Whether this first answer of the API means that there is none. On another host it may be from a login page
/// or a proxy on the way, so only 404 counts there, the answer that distribution-spec defines: a registry
/// that redirects every request to a backend (as registry.k8s.io does with manifests) has an API if the
/// backend has one. Without that, each image of such a registry would be unknown.
bool means_no_api(const RegistryAnswer& answer, bool index) {
  const int status = answer.response.status;
  if (answer.host == RegistryGet::Host::Elsewhere) return status == 404;
  return says_no_api(status) || (status == 200 && !index);
}
/// A 401 without WWW-Authenticate: the answer of Harbor 2.7, which has no API.
bool refuses_without_challenge(const RegistryAnswer& answer) {
  return answer.response.status == 401 && answer.host == RegistryGet::Host::Registry &&
         !answer.response.header("www-authenticate");
}

/// Fetches both lists; when the second one arrives, the result is complete.
class Fetch : public std::enable_shared_from_this<Fetch> {
 public:
  Fetch(RegistryClient& client, const RegistrySettings& settings, Repository repository,
        const Digest& subject, std::size_t page_bytes, Terms terms,
        std::function<void(Result<Referrers>)> done)
      : client_(client),
        settings_(settings),
        repository_(std::move(repository)),
        subject_(subject),
        page_bytes_(page_bytes),
        terms_(std::move(terms)),
        done_(std::move(done)) {}

  void start() {
    const auto api = url_of("referrers/" + subject_.text());
    const auto tag = url_of("manifests/" + subject_.tag_prefix());
    if (!api.ok() || !tag.ok()) return done_(api.ok() ? tag.error() : api.error());
    auto self = shared_from_this();
    get(*tag, kManifestAccept,
        [self](Result<RegistryAnswer> answer) { self->fallback_arrived(std::move(answer)); });
    ask_page(*api, RegistryGet::Host::Registry);
  }

 private:
  [[nodiscard]] Result<Url> url_of(const std::string& rest) const {
    return verifier::url_of(repository_, rest, settings_.insecure_plain_http);
  }
  void get(const Url& url, std::string_view accept, RegistryClient::Done done,
           RegistryGet::Api api = RegistryGet::Api::Required,
           RegistryGet::Host host = RegistryGet::Host::Registry) {
    client_.get({repository_, url, std::string(accept), page_bytes_, api, host}, terms_, std::move(done));
  }

  /// Whether the list ends here, because it has a page above the limit.
  [[nodiscard]] bool is_cut(const Error& error) const {
    return error.code == ErrorCode::LimitExceeded && page_bytes_ >= limits::kManifest;
  }

  void fallback_arrived(Result<RegistryAnswer> answer) {
    const std::string who = "the fallback tag in " + repository_.text();
    if (!answer.ok()) {
      if (!is_cut(answer.error())) return finish(fallback_, answer.error());
      ReferrersUnion list;
      list.mark_truncated();
      return finish(fallback_, list);
    }
    const auto& response = answer->response;
    if (response.status == 404) return finish(fallback_, ReferrersUnion());
    if (response.status != 200) return finish(fallback_, error_of_status(response, who));
    if (!is_manifest_media_type(media_type_of(response)))
      return finish(fallback_, Error::unexpected(who + " is answered with " +
                                                 quoted_header(media_type_of(response), answer->sent) +
                                                 ", which is not the type of a manifest"));
    ReferrersUnion list;
    if (names_an_image(response.body)) return finish(fallback_, list);
    if (const auto taken = take(response.body, list); !taken.ok())
      return finish(fallback_, taken.error().in(who));
    finish(fallback_, list);
  }

  void ask_page(const Url& url, RegistryGet::Host host) {
    ++pages_;
    asked_.insert(url.text());
    get(
        url, kIndexMediaType,
        [self = shared_from_this()](Result<RegistryAnswer> answer) { self->page_arrived(std::move(answer)); },
        RegistryGet::Api::Optional, host);
  }

  void page_arrived(Result<RegistryAnswer> answer) {
    if (!answer.ok()) {
      if (!is_cut(answer.error())) return finish(api_, answer.error());
      pages_list_.mark_truncated();
      return finish(api_, pages_list_);
    }
    const auto& response = answer->response;
    const bool index = response.status == 200 && media_type_is(response, kIndexMediaType);
    if (pages_ == 1 && means_no_api(*answer, index)) return finish(api_, pages_list_);
    if (pages_ == 1 && refuses_without_challenge(*answer)) return refused(std::move(answer->sent));
    const std::string who = "the referrers API of " + repository_.text();
    if (response.status != 200) return finish(api_, error_of_status(response, who).in("incomplete list"));
    if (!index)
      return finish(api_, Error::unexpected(who + ": " + (pages_ == 1 ? "another host" : "a later page") +
                                            " answers with something other than an index"));
    if (auto taken = take(response.body, pages_list_); !taken.ok())
      return finish(api_, taken.error().in(who));
    next_page(*answer);
  }

  /// The API answered 401 without WWW-Authenticate. That means that there is no API only if the same
  /// Authorization reads the manifest of the subject from this repository. So the manifest is fetched, and if
  /// that request was sent with another Authorization, the API is called once more.
  void refused(Secret sent) {
    if (proven_ && proven_->reveal() == sent.reveal()) return finish(api_, pages_list_);
    const auto manifest = url_of("manifests/" + subject_.text());
    if (proven_ || !manifest.ok()) return finish(api_, refusal());
    get(*manifest, kManifestAccept,
        [self = shared_from_this(), refused = std::make_shared<const Secret>(std::move(sent))](
            Result<RegistryAnswer> answer) { self->manifest_arrived(std::move(answer), *refused); });
  }

  void manifest_arrived(Result<RegistryAnswer> answer, const Secret& refused) {
    const bool read = answer.ok() && answer->response.status == 200 &&
                      answer->host == RegistryGet::Host::Registry &&
                      sha256(answer->response.body) == subject_;
    if (!read) return finish(api_, refusal());
    if (answer->sent.reveal() == refused.reveal()) return finish(api_, pages_list_);
    const auto api = url_of("referrers/" + subject_.text());
    if (!api.ok()) return finish(api_, api.error());
    proven_ = std::move(answer->sent);
    get(
        *api, kIndexMediaType,
        [self = shared_from_this()](Result<RegistryAnswer> again) { self->page_arrived(std::move(again)); },
        RegistryGet::Api::Optional);
  }

  [[nodiscard]] Error refusal() const {
    return {ErrorCode::Unauthorized,
            "the referrers API of " + repository_.text() + " answers 401 without WWW-Authenticate"};
  }

  void next_page(const RegistryAnswer& page) {
    const Url& url = page.at;
    std::optional<std::string> link;
    for (const auto header : page.response.all("link"))
      if (!link) link = next_link(header);
    if (!link || pages_list_.referrers().truncated) return finish(api_, pages_list_);
    const auto next = url.resolve(*link);
    if (!next.ok())
      return finish(api_, Error::unexpected("the next page of the referrers of " + repository_.text() + ": " +
                                            next.error().message));
    if (!next->same_origin(url))
      return finish(api_,
                    Error::unexpected("the next page of the referrers of " + repository_.text() +
                                      " has another origin, " + quoted_header(next->origin(), page.sent) +
                                      ": it is not followed"));
    if (!asked_.insert(next->text()).second)
      return finish(api_,
                    Error::unexpected("the pages of the referrers of " + repository_.text() + " repeat"));
    if (pages_ >= limits::kReferrersPages) {
      pages_list_.mark_truncated();
      return finish(api_, pages_list_);
    }
    ask_page(*next, page.host);
  }

  /// Whether the fallback tag was taken by an image, which names no referrers.
  static bool names_an_image(std::string_view bytes) {
    const auto parsed = parse_manifest(bytes);
    return parsed.ok() && std::holds_alternative<Manifest>(*parsed);
  }

  /// UnexpectedAnswer if the bytes are not an index. An index that is too large counts as truncated.
  static Status take(std::string_view bytes, ReferrersUnion& list) {
    const auto referrers = parse_referrers(bytes);
    if (referrers.ok())
      list.add(*referrers);
    else if (referrers.error().code == ErrorCode::LimitExceeded)
      list.mark_truncated();
    else
      return Error::unexpected(referrers.error().message);
    return done();
  }

  void finish(std::optional<List>& side, List list) {
    {
      const std::lock_guard lock(mutex_);
      side = std::move(list);
      if (!api_ || !fallback_) return;
    }
    std::optional<Error> failed;
    for (const auto* side_of : {&api_, &fallback_})
      if (!(*side_of)->ok()) note_error(failed, (*side_of)->error());
    if (failed) return done_(*std::move(failed));
    ReferrersUnion both = **api_;
    both.add((*fallback_)->referrers().manifests);
    if ((*fallback_)->referrers().truncated) both.mark_truncated();
    done_(both.referrers());
  }

  RegistryClient& client_;
  const RegistrySettings& settings_;
  const Repository repository_;
  const Digest subject_;
  const std::size_t page_bytes_;
  const Terms terms_;
  const std::function<void(Result<Referrers>)> done_;
  std::size_t pages_ = 0;
  std::set<std::string> asked_;
  ReferrersUnion pages_list_;
  std::optional<Secret> proven_;  ///< the Authorization that read the manifest, if the API is called again

  std::mutex mutex_;
  std::optional<List> api_;
  std::optional<List> fallback_;
};

}  // namespace

void fetch_referrers(RegistryClient& client, const RegistrySettings& settings, const Repository& repository,
                     const Digest& subject, std::size_t page_bytes, Terms terms,
                     std::function<void(Result<Referrers>)> done) {
  std::make_shared<Fetch>(client, settings, repository, subject, page_bytes, std::move(terms),
                          std::move(done))
      ->start();
}

}  // namespace tegata::verifier
