// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/registry_auth.h"

#include <algorithm>

#include "verifier/oci/registry_host.h"
#include "verifier/oci/token_answer.h"

namespace tegata::verifier {
namespace {

Error unauthorized(std::string message) { return {ErrorCode::Unauthorized, std::move(message)}; }

/// Makes room for one more: drops the entry that was used longest ago.
template <typename Map>
void bound(Map& map, std::size_t most) {
  if (map.size() < most) return;
  map.erase(std::min_element(map.begin(), map.end(),
                             [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
}

/// The challenge to answer: Bearer before Basic, others never.
const Challenge* chosen(const std::vector<Challenge>& challenges) {
  for (const std::string_view scheme : {"bearer", "basic"})
    for (const auto& challenge : challenges)
      if (challenge.scheme == scheme) return &challenge;
  return nullptr;
}

std::string parameter(const Challenge& challenge, const std::string& name) {
  const auto found = challenge.parameters.find(name);
  return found == challenge.parameters.end() ? std::string() : found->second;
}

}  // namespace

void RegistryAuth::authorize(const Repository& repository, Done done) {
  std::optional<Scheme> scheme;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = registries_.find(repository.registry); known != registries_.end()) {
      known->second.used = ++uses_;
      scheme = known->second.scheme;
    }
  }
  if (!scheme) return done(Secret());
  if (*scheme == Scheme::Basic) return answer_basic(repository, Secret(), std::move(done));
  if (auto token = cached(repository)) return done(*std::move(token));
  ask_for_token(repository, std::move(done));
}

void RegistryAuth::answer_challenge(const Repository& repository, const HttpResponse& response,
                                    const Secret& sent, Done done) {
  std::vector<Challenge> challenges;
  for (const auto header : response.all("www-authenticate")) {
    auto parsed = parse_www_authenticate(header);
    if (!parsed.ok()) continue;
    for (auto& challenge : *parsed) challenges.push_back(std::move(challenge));
  }
  const Challenge* challenge = chosen(challenges);
  if (!challenge)
    return done(unauthorized(repository.registry +
                             " answers 401 and asks for neither Bearer nor Basic authentication"));
  if (challenge->scheme == "bearer") return answer_bearer(repository, *challenge, sent, std::move(done));
  answer_basic(repository, sent, std::move(done));
}

void RegistryAuth::answer_basic(const Repository& repository, const Secret& sent, Done done) {
  const auto credentials = settings_.docker_config.find(repository.registry);
  if (!credentials.ok()) return done(credentials.error());
  if (!*credentials)
    return done(unauthorized(repository.registry +
                             " asks for a user name and password, and docker's config.json has none for it"));
  Secret header = (*credentials)->basic();
  if (header.reveal() == sent.reveal())
    return done(
        unauthorized(repository.registry + " refuses the user name and password in docker's config.json"));
  {
    const std::lock_guard lock(mutex_);
    if (!registries_.contains(repository.registry)) bound(registries_, limits::kRegistries);
    auto& known = registries_[repository.registry];
    known.scheme = Scheme::Basic;
    known.used = ++uses_;
  }
  done(std::move(header));
}

void RegistryAuth::answer_bearer(const Repository& repository, const Challenge& challenge, const Secret& sent,
                                 Done done) {
  if (const auto pinned = pin(repository, challenge); !pinned.ok()) return done(pinned.error());
  if (auto token = cached(repository)) {
    if (token->reveal() != sent.reveal()) return done(*std::move(token));  // somebody was quicker
    const std::lock_guard lock(mutex_);
    tokens_.erase(repository);
  }
  ask_for_token(repository, std::move(done));
}

Result<Url> RegistryAuth::pin(const Repository& repository, const Challenge& challenge) {
  const auto realm = Url::parse(parameter(challenge, "realm"));
  if (!realm.ok())
    return unauthorized(repository.registry +
                        " names a token service that cannot be called: " + realm.error().message);
  TEGATA_CHECK(check_realm(repository.registry, *realm));
  const std::lock_guard lock(mutex_);
  if (!registries_.contains(repository.registry)) bound(registries_, limits::kRegistries);
  auto& known = registries_[repository.registry];
  if (known.pinned && known.realm->text() != realm->text())
    return unauthorized(repository.registry + " named the token service " + known.realm->text() +
                        " before and now names " + realm->text() +
                        ": refused; restart if this change is meant");
  known.scheme = Scheme::Bearer;
  known.realm = *realm;
  known.service = parameter(challenge, "service");
  known.used = ++uses_;
  return *realm;
}

Status RegistryAuth::check_realm(const std::string& registry, const Url& realm) const {
  if (realm.scheme() == verifier::Scheme::Https || is_plain_http(realm, settings_.insecure_plain_http))
    return done();
  return unauthorized(registry + " names the token service " + realm.origin() +
                      ", which is not https: no credentials go there");
}

std::optional<Secret> RegistryAuth::cached(const Repository& repository) {
  const std::lock_guard lock(mutex_);
  const auto token = tokens_.find(repository);
  if (token == tokens_.end() || token->second.expires <= settings_.now()) return std::nullopt;
  token->second.used = ++uses_;
  return token->second.header.clone();
}

void RegistryAuth::ask_for_token(const Repository& repository, Done done) {
  const auto credentials = settings_.docker_config.find(repository.registry);
  if (!credentials.ok()) return done(credentials.error());
  std::optional<Url> url;
  {
    const std::lock_guard lock(mutex_);
    const auto known = registries_.find(repository.registry);
    if (known == registries_.end() || !known->second.realm)  // forgotten meanwhile: be asked again
      return done(Secret());
    auto& waiting = waiting_[repository];
    waiting.push_back(std::move(done));
    if (waiting.size() > 1) return;
    url = *known->second.realm;
    if (!known->second.service.empty()) url = url->with_query("service", known->second.service);
  }
  url = url->with_query("scope", "repository:" + repository.path + ":pull");
  const Credentials* who = *credentials;
  sender_.send(
      [url = *url, who] {
        return HttpRequest{url, {}, who ? who->basic() : Secret(), limits::kTokenAnswer};
      },
      Deadline::after(limits::kFetch),
      [this, repository](HttpOutcome outcome) { token_arrived(repository, std::move(outcome)); });
}

void RegistryAuth::token_arrived(const Repository& repository, HttpOutcome outcome) {
  const std::string service = "the token service of " + repository.registry;
  if (const auto* failure = std::get_if<HttpFailure>(&outcome))
    return settle(repository, failure->error.in(service));
  const auto& response = std::get<HttpResponse>(outcome);
  if (response.status == 200) return settle(repository, keep(repository, response.body));
  if (response.status == 401 || response.status == 403)
    return settle(repository, unauthorized(service + " refuses us (" + std::to_string(response.status) +
                                           ") for " + repository.path));
  auto error = error_of_status(response, service);
  if (error.code == ErrorCode::NotFound)
    error.code = ErrorCode::Malformed;  // it is not the image that is missing
  settle(repository, std::move(error));
}

Result<Secret> RegistryAuth::keep(const Repository& repository, std::string_view answer) {
  auto token = parse_token_answer(answer);
  if (!token.ok()) return token.error().in("the token service of " + repository.registry);
  Token kept{token->header.clone(), settings_.now() + token->lifetime * 8 / 10};
  const std::lock_guard lock(mutex_);
  if (!tokens_.contains(repository)) bound(tokens_, limits::kTokens);
  kept.used = ++uses_;
  tokens_.insert_or_assign(repository, std::move(kept));
  if (const auto known = registries_.find(repository.registry); known != registries_.end())
    known->second.pinned = known->second.realm.has_value();
  return std::move(token->header);
}

void RegistryAuth::forget_unpinned(const std::string& registry) {
  const std::lock_guard lock(mutex_);
  const auto known = registries_.find(registry);
  if (known != registries_.end() && known->second.scheme == Scheme::Bearer && !known->second.pinned)
    registries_.erase(known);
}

void RegistryAuth::settle(const Repository& repository, Result<Secret> header) {
  if (!header.ok()) forget_unpinned(repository.registry);
  std::vector<Done> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(repository);
    waiting.swap(found->second);
    waiting_.erase(found);
  }
  for (const auto& done : waiting) {
    if (header.ok())
      done(header->clone());
    else
      done(header.error());
  }
}

}  // namespace tegata::verifier
