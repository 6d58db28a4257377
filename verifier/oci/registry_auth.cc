// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/registry_auth.h"

#include <algorithm>
#include <exception>

#include "verifier/oci/registry_http.h"

namespace tegata::verifier {
namespace {

Error unauthorized(std::string message) { return {ErrorCode::Unauthorized, std::move(message)}; }

/// Makes room for one more entry: removes the one of the lowest rank.
template <typename Map, typename Rank>
void bound(Map& map, std::size_t most, Rank rank) {
  if (map.size() < most) return;
  map.erase(std::min_element(map.begin(), map.end(),
                             [&](const auto& a, const auto& b) { return rank(a.second) < rank(b.second); }));
}

/// The challenge to answer: Bearer before Basic; other schemes are not supported.
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

bool same(const std::shared_ptr<const Credentials>& a, const std::shared_ptr<const Credentials>& b) {
  return a == b || (a && b && *a == *b);
}

/// Whether the words of a token service hold the credentials that it was asked with.
bool leaks(std::string_view words, const std::shared_ptr<const Credentials>& who) {
  return holds_credentials(words, who ? who->basic() : Secret());
}

/// All valid challenges of the response; an error if none is valid.
Result<std::vector<Challenge>> challenges_of(const HttpResponse& response) {
  std::vector<Challenge> challenges;
  std::optional<Error> broken;
  for (const auto header : response.all("www-authenticate")) {
    auto parsed = parse_www_authenticate(header);
    if (!parsed.ok()) broken = std::move(parsed).error();
    if (broken) continue;
    for (auto& challenge : *parsed) challenges.push_back(std::move(challenge));
  }
  if (challenges.empty() && broken) return *broken;
  return challenges;
}

}  // namespace

void RegistryAuth::authorize(const Repository& repository, const Whom& whom, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!registries_.contains({repository.registry, false}) &&
        !registries_.contains({repository.registry, true}))
      return done(Secret());
  }
  find(repository, [this, repository, whom, done = std::move(done)](Result<Who> who) {
    if (!who.ok()) return done(std::move(who).error());
    authorize_as(repository, *who, whom, done);
  });
}

void RegistryAuth::find(const Repository& repository, std::function<void(Result<Who>)> then) {
  settings_.credentials->find(repository, [gate = gate_, then = std::move(then)](Result<Who> who) {
    gate->pass([then, who = std::make_shared<Result<Who>>(std::move(who))] { then(std::move(*who)); });
  });
}

void RegistryAuth::authorize_as(const Repository& repository, const Who& who, const Whom& whom, Done done) {
  std::optional<Scheme> scheme;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = registries_.find(asker(repository, who)); known != registries_.end()) {
      known->second.used = ++uses_;
      scheme = known->second.scheme;
    }
  }
  if (!scheme) return done(Secret());
  if (*scheme == Scheme::Basic) return done(who ? who->basic() : Secret());
  if (auto token = cached(repository, who)) return done(*std::move(token));
  ask_for_token(repository, who, whom, std::move(done));
}

void RegistryAuth::answer_challenge(const Repository& repository, const HttpResponse& response,
                                    const Secret& sent, const Whom& whom, Done done) {
  const auto challenges = challenges_of(response);
  if (!challenges.ok()) {
    const auto& fault = challenges.error().message;
    return done(unauthorized(repository.registry + " answers 401 with an invalid challenge" +
                             (holds_credentials(fault, sent) ? "" : ": " + fault)));
  }
  const Challenge* const found = chosen(*challenges);
  if (!found)
    return done(unauthorized(repository.registry +
                             " answers 401 and supports neither Bearer nor Basic authentication"));
  auto refused = std::make_shared<const Secret>(sent.clone());
  find(repository, [this, repository, challenge = *found, refused = std::move(refused), whom,
                    done = std::move(done)](Result<Who> who) {
    if (!who.ok()) return done(std::move(who).error());
    if (challenge.scheme == "bearer") return answer_bearer(repository, challenge, *who, *refused, whom, done);
    answer_basic(repository, *who, *refused, done);
  });
}

void RegistryAuth::answer_basic(const Repository& repository, const Who& who, const Secret& sent, Done done) {
  if (!who)
    return done(unauthorized(repository.registry +
                             " requires a user name and password, and docker's config.json has none for " +
                             repository.text()));
  Secret header = who->basic();
  if (header.reveal() == sent.reveal()) {
    settings_.credentials->refused(repository, who);
    return done(unauthorized(repository.registry + " refuses the user name and password " + who->origin +
                             " for " + repository.text()));
  }
  {
    const std::lock_guard lock(mutex_);
    if (!registries_.contains(asker(repository, who))) make_room();
    auto& known = registries_[asker(repository, who)];
    known.scheme = Scheme::Basic;
    known.disputed = false;
    known.used = ++uses_;
  }
  done(std::move(header));
}

void RegistryAuth::answer_bearer(const Repository& repository, const Challenge& challenge, const Who& who,
                                 const Secret& sent, const Whom& whom, Done done) {
  if (const auto pinned = pin(repository, challenge, who, sent); !pinned.ok()) return done(pinned.error());
  if (auto token = cached(repository, who)) {
    if (token->reveal() != sent.reveal())
      return done(*std::move(token));  // another request already obtained a new one
    const std::lock_guard lock(mutex_);
    tokens_.erase(repository);
  }
  ask_for_token(repository, who, whom, std::move(done));
}

Status RegistryAuth::pin(const Repository& repository, const Challenge& challenge, const Who& who,
                         const Secret& sent) {
  const auto realm = Url::parse(parameter(challenge, "realm"));
  if (!realm.ok())
    return unauthorized(repository.registry +
                        " names a token service with an invalid URL: " + realm.error().message);
  TEGATA_CHECK(check_realm(repository.registry, *realm, sent));
  const std::lock_guard lock(mutex_);
  if (!registries_.contains(asker(repository, who))) make_room();
  auto& known = registries_[asker(repository, who)];
  if (known.realm && known.realm->text() != realm->text()) {
    if (who && settings_.now() < known.pinned_until) {
      known.disputed = true;
      return unauthorized(
          repository.registry + " named the token service " + quoted_header(known.realm->text(), sent) +
          " before and now names " + quoted_header(realm->text(), sent) +
          ": no credentials go there until an hour after the last token of the first, or SIGHUP");
    }
    known = Registry();
    std::erase_if(tokens_, [&](const auto& token) {
      return asker(token.first, token.second.who) == asker(repository, who);
    });
  }
  known.scheme = Scheme::Bearer;
  known.realm = *realm;
  known.service = parameter(challenge, "service");
  known.disputed = false;
  known.used = ++uses_;
  return tegata::done();
}

void RegistryAuth::make_room() {
  bound(registries_, limits::kRegistries, [now = settings_.now()](const Registry& registry) {
    return std::pair(now < registry.pinned_until, registry.used);
  });
}

Status RegistryAuth::check_realm(const std::string& registry, const Url& realm, const Secret& sent) const {
  if (realm.scheme() == verifier::Scheme::Https || is_plain_http(realm, settings_.insecure_plain_http))
    return done();
  return unauthorized(registry + " names the token service " + quoted_header(realm.origin(), sent) +
                      ", which is not https: no credentials go there");
}

std::optional<Secret> RegistryAuth::cached(const Repository& repository, const Who& who) {
  const std::lock_guard lock(mutex_);
  const auto token = tokens_.find(repository);
  if (token == tokens_.end() || token->second.expires <= settings_.now() || !same(token->second.who, who))
    return std::nullopt;
  token->second.used = ++uses_;
  return token->second.header.clone();
}

void RegistryAuth::ask_for_token(const Repository& repository, const Who& who, const Whom& whom, Done done) {
  Whom all;
  bool joins = false;
  std::optional<Url> realm;
  std::optional<Url> url;
  {
    const std::lock_guard lock(mutex_);
    const auto known = registries_.find(asker(repository, who));
    if (known != registries_.end() && known->second.realm && !known->second.disputed) {
      auto& asking = waiting_[repository];
      asking.waiting.push_back(std::move(done));
      if (asking.waiting.size() == 1) asking.whom = Askers::shared(whom);
      all = asking.whom;
      if (asking.waiting.size() > 1) joins = true;
      url = realm = known->second.realm;
      if (!known->second.service.empty()) url = url->with_query("service", known->second.service);
    }
  }
  if (joins) return Askers::join(all, whom);
  if (!url) return done(Secret());  // forgotten or disputed: the registry will send a new challenge
  url = url->with_query("scope", "repository:" + repository.path + ":pull");
  sender_.send(
      [url = *url, who] {
        return HttpRequest{url, {}, who ? who->basic() : Secret(), limits::kTokenAnswer};
      },
      Terms(Deadline::after(limits::kFetch), all),
      [this, repository, who, realm = *realm](HttpOutcome outcome) {
        // After an exception the other waiting requests must still be answered.
        Result<Secret> header = Error{ErrorCode::Internal, "a token could not be read"};
        try {
          header = read_token(repository, who, std::move(outcome));
        } catch (const std::exception& failure) {
          header = Error{ErrorCode::Internal, failure.what()};
        }
        if (header.ok())
          proven(asker(repository, who), realm);
        else
          forget_unproven(asker(repository, who));
        settle(repository, std::move(header));
      });
}

Result<Secret> RegistryAuth::read_token(const Repository& repository, const Who& who, HttpOutcome outcome) {
  const std::string service = "the token service of " + repository.registry;
  if (const auto* failure = std::get_if<HttpFailure>(&outcome)) {
    auto error = failure->error.in(service);
    // LimitExceeded would be read as the size of the requested content.
    if (error.code == ErrorCode::LimitExceeded) error.code = ErrorCode::UnexpectedAnswer;
    return error;
  }
  const auto& response = std::get<HttpResponse>(outcome);
  if (response.status == 200) return keep(repository, who, response.body);
  const auto refusal = refusal_in(response.body);
  const auto words = refusal.empty() || leaks(refusal, who) ? std::string() : ": \"" + refusal + "\"";
  if (response.status == 401 || response.status == 403)
    return unauthorized(service + " refuses " + (who ? "the user name and password" : "anonymous access") +
                        " (" + std::to_string(response.status) + ") for " + repository.path + words);
  auto error = error_of_status(response, service);
  if (error.code == ErrorCode::NotFound)
    error.code = ErrorCode::UnexpectedAnswer;  // the token service is missing, not the image
  error.message += words;
  return error;
}

Result<Secret> RegistryAuth::keep(const Repository& repository, const Who& who, std::string_view answer) {
  auto token = parse_token_answer(answer);
  if (!token.ok()) {
    const auto& fault = token.error().message;
    return Error{token.error().code, leaks(fault, who) ? "the answer holds no token" : fault}.in(
        "the token service of " + repository.registry);
  }
  const auto now = settings_.now();
  Token kept{token->header.clone(), now + token->lifetime * 8 / 10, who};
  const std::lock_guard lock(mutex_);
  if (!tokens_.contains(repository))
    bound(tokens_, limits::kTokens, [](const Token& old) { return old.used; });
  kept.used = ++uses_;
  tokens_.insert_or_assign(repository, std::move(kept));
  return std::move(token->header);
}

void RegistryAuth::proven(const Asker& asker, const Url& realm) {
  const std::lock_guard lock(mutex_);
  const auto found = registries_.find(asker);
  if (found == registries_.end()) return;
  auto& known = found->second;
  // The registry may have named another service while this one was answering.
  if (known.disputed || !known.realm || known.realm->text() != realm.text()) return;
  known.gave_token = true;
  if (asker.second) known.pinned_until = settings_.now() + limits::kTokenServicePin;
}

void RegistryAuth::forget() {
  const std::lock_guard lock(mutex_);
  registries_.clear();
  tokens_.clear();
}

void RegistryAuth::forget_unproven(const Asker& asker) {
  const std::lock_guard lock(mutex_);
  const auto known = registries_.find(asker);
  if (known != registries_.end() && known->second.scheme == Scheme::Bearer && !known->second.gave_token)
    registries_.erase(known);
}

void RegistryAuth::settle(const Repository& repository, Result<Secret> header) {
  std::vector<Done> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(repository);
    waiting.swap(found->second.waiting);
    waiting_.erase(found);
  }
  std::exception_ptr thrown;
  for (const auto& done : waiting) try {
      if (header.ok())
        done(header->clone());
      else
        done(header.error());
    } catch (...) {
      thrown = std::current_exception();  // the others must still be answered
    }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace tegata::verifier
