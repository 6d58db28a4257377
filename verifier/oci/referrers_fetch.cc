// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/referrers_fetch.h"

#include <mutex>
#include <set>

#include "verifier/oci/link_header.h"
#include "verifier/oci/manifest.h"
#include "verifier/oci/media_type.h"
#include "verifier/oci/referrers_union.h"

namespace tegata::verifier {
namespace {

using List = Result<ReferrersUnion>;

/// Two lists on their way; the second to arrive answers.
class Fetch : public std::enable_shared_from_this<Fetch> {
 public:
  Fetch(RegistryClient& client, const RegistrySettings& settings, Repository repository, Deadline deadline,
        std::function<void(Result<Referrers>)> done)
      : client_(client),
        settings_(settings),
        repository_(std::move(repository)),
        deadline_(deadline),
        done_(std::move(done)) {}

  void start(const Digest& subject) {
    const auto api = url_of(repository_, "referrers/" + subject.text(), settings_.insecure_plain_http);
    const auto tag = url_of(repository_, "manifests/" + subject.tag_prefix(), settings_.insecure_plain_http);
    if (!api.ok() || !tag.ok()) return done_(api.ok() ? tag.error() : api.error());
    auto self = shared_from_this();
    get(*tag, std::string(kManifestAccept),
        [self](Result<HttpResponse> answer) { self->fallback_arrived(std::move(answer)); });
    ask_page(*api);
  }

 private:
  void get(const Url& url, std::string accept, RegistryClient::Done done) {
    client_.get({repository_, url, std::move(accept), limits::kManifest, RedirectRule::SameOrigin}, deadline_,
                std::move(done));
  }

  void fallback_arrived(Result<HttpResponse> answer) {
    ReferrersUnion list;
    if (!answer.ok()) {
      if (answer.error().code != ErrorCode::LimitExceeded) return finish(fallback_, answer.error());
      list.mark_truncated();
    } else if (answer->status == 200) {
      static_cast<void>(take(answer->body, list));  // anything else than an index names no referrer
    } else if (answer->status != 404) {
      return finish(fallback_, error_of_status(*answer, "the fallback tag in " + repository_.text()));
    }
    finish(fallback_, list);
  }

  void ask_page(const Url& url) {
    ++pages_;
    asked_.insert(url.text());
    get(url, std::string(kIndexMediaType), [self = shared_from_this(), url](Result<HttpResponse> answer) {
      self->page_arrived(url, std::move(answer));
    });
  }

  void page_arrived(const Url& url, Result<HttpResponse> answer) {
    if (!answer.ok()) {
      if (answer.error().code != ErrorCode::LimitExceeded) return finish(api_, answer.error());
      pages_list_.mark_truncated();
      return finish(api_, pages_list_);
    }
    const int status = answer->status;
    const bool index = status == 200 && media_type_is(*answer, kIndexMediaType);
    const bool unsupported = status == 404 || status == 400 || status == 405 || (status == 200 && !index);
    if (pages_ == 1 && unsupported) return finish(api_, pages_list_);
    const std::string who = "the referrers API of " + repository_.text();
    if (status != 200) return finish(api_, error_of_status(*answer, who).in("a list cut short"));
    if (!index)
      return finish(api_, Error{ErrorCode::Malformed, who + " goes on with something else than an index"});
    if (auto taken = take(answer->body, pages_list_); !taken.ok()) return finish(api_, taken.error().in(who));
    next_page(url, *answer);
  }

  void next_page(const Url& url, const HttpResponse& page) {
    std::optional<std::string> link;
    for (const auto header : page.all("link"))
      if (!link) link = next_link(header);
    if (!link || pages_list_.referrers().truncated) return finish(api_, pages_list_);
    const auto next = url.resolve(*link);
    if (!next.ok())
      return finish(api_, next.error().in("the next page of the referrers of " + repository_.text()));
    if (!next->same_origin(url))
      return finish(
          api_, Error{ErrorCode::Malformed, "the next page of the referrers of " + repository_.text() +
                                                " is said to be at " + next->origin() + ": not followed"});
    if (!asked_.insert(next->text()).second)
      return finish(api_, Error{ErrorCode::Malformed,
                                "the pages of the referrers of " + repository_.text() + " lead in a circle"});
    if (pages_ >= limits::kReferrersPages) {
      pages_list_.mark_truncated();
      return finish(api_, pages_list_);
    }
    ask_page(*next);
  }

  /// Malformed where the bytes are no index; one that is too large to read counts as too many.
  static Status take(std::string_view bytes, ReferrersUnion& list) {
    const auto referrers = parse_referrers(bytes);
    if (referrers.ok())
      list.add(*referrers);
    else if (referrers.error().code == ErrorCode::LimitExceeded)
      list.mark_truncated();
    else
      return referrers.error();
    return done();
  }

  void finish(std::optional<List>& side, List list) {
    {
      const std::lock_guard lock(mutex_);
      side = std::move(list);
      if (!api_ || !fallback_) return;
    }
    if (!api_->ok()) return done_(api_->error());
    if (!fallback_->ok()) return done_(fallback_->error());
    ReferrersUnion both = **api_;
    both.add((*fallback_)->referrers().manifests);
    if ((*fallback_)->referrers().truncated) both.mark_truncated();
    done_(both.referrers());
  }

  RegistryClient& client_;
  const RegistrySettings& settings_;
  const Repository repository_;
  const Deadline deadline_;
  const std::function<void(Result<Referrers>)> done_;
  std::size_t pages_ = 0;
  std::set<std::string> asked_;
  ReferrersUnion pages_list_;

  std::mutex mutex_;
  std::optional<List> api_;
  std::optional<List> fallback_;
};

}  // namespace

void fetch_referrers(RegistryClient& client, const RegistrySettings& settings, const Repository& repository,
                     const Digest& subject, Deadline deadline, std::function<void(Result<Referrers>)> done) {
  std::make_shared<Fetch>(client, settings, repository, deadline, std::move(done))->start(subject);
}

}  // namespace tegata::verifier
