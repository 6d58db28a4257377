// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/credential_fetch.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "policy/model/ascii.h"

namespace tegata::verifier {
namespace {

using Done = CredentialFetch::Done;

constexpr const char* kStsVersion = "2011-06-15";
constexpr const char* kMetadataPath = "/latest/meta-data/iam/security-credentials/";

/// Gives what `read` makes of the reply; always calls `done`.
template <typename Read>
AwsWire::Done reading(Done done, Read read) {
  return [done = std::move(done), read = std::move(read)](AwsReply reply) {
    Result<AwsKeys> keys = Error{ErrorCode::Internal, "credentials could not be read"};
    try {
      if (auto* refusal = std::get_if<AwsRefusal>(&reply))
        keys = std::move(refusal->error);
      else
        keys = read(std::get<std::string>(reply));
    } catch (const std::exception&) {
      // Whoever waits is still answered; what was thrown might quote the answer.
    }
    if (auto* body = std::get_if<std::string>(&reply)) const Secret wiped(std::move(*body));
    done(std::move(keys));
  };
}

Terms own_terms() { return Terms(Deadline::after(limits::kAwsFetch)); }

HttpRequest form_post(const Url& url, const Secret& body) {
  HttpRequest request{url,
                      {{"Content-Type", "application/x-www-form-urlencoded"}},
                      Secret(),
                      limits::kAwsCredentialAnswer,
                      HttpMethod::Post,
                      body.clone()};
  return request;
}

bool is_unreserved(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-_.~").find(c) != std::string_view::npos;
}

void append_escaped(std::string& text, std::string_view value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c))
      text += c;
    else
      (text += '%').append({kHex[byte >> 4U], kHex[byte & 15U]});
  }
}

/// Three requests to the metadata service, each with what the one before answered.
class MetadataQuery : public std::enable_shared_from_this<MetadataQuery> {
 public:
  MetadataQuery(AwsWire& wire, Url base, Done done)
      : wire_(wire), base_(std::move(base)), done_(std::move(done)) {}

  void start() {
    ask(HttpMethod::Put, "/latest/api/token", "a session token",
        [self = shared_from_this()](std::string token) {
          const bool fits = !token.empty() && std::all_of(token.begin(), token.end(),
                                                          [](char c) { return c > ' ' && c < 127; });
          if (!fits)
            return self->fail(Error::unexpected("the EC2 metadata service answers with an invalid token"));
          self->token_ = std::make_shared<const Secret>(std::move(token));
          self->ask_role();
        });
  }

 private:
  void ask_role() {
    ask(HttpMethod::Get, kMetadataPath, "the name of the role",
        [self = shared_from_this()](std::string answer) {
          auto role = read_role_name(answer);
          if (!role.ok()) return self->fail(std::move(role).error());
          self->ask_keys(*role);
        });
  }
  void ask_keys(const std::string& role) {
    ask(HttpMethod::Get, kMetadataPath + role, "credentials",
        [self = shared_from_this()](std::string answer) {
          const Secret wiped(std::move(answer));
          self->done_(read_endpoint_credentials(wiped.reveal()));
        });
  }

  template <typename Then>
  void ask(HttpMethod method, const std::string& path, const char* what, Then then) {
    const auto url = base_.resolve(path);
    if (!url.ok()) return fail(url.error());
    AwsOrder order{std::string("the EC2 metadata service, asked for ") + what,
                   [url = *url, method, token = token_] {
                     HttpRequest request{url, {}, Secret(), limits::kAwsCredentialAnswer, method};
                     if (token == nullptr)
                       request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
                     else
                       request.headers = {{"X-aws-ec2-metadata-token", std::string(token->reveal())}};
                     return request;
                   },
                   nullptr,
                   token_,
                   AwsOrder::Reach::ThisMachine,
                   1,
                   limits::kAwsMetadataService};
    wire_.send(std::move(order), own_terms(),
               [self = shared_from_this(), then = std::move(then)](AwsReply reply) {
                 if (auto* refusal = std::get_if<AwsRefusal>(&reply))
                   return self->fail(std::move(refusal->error));
                 try {
                   then(std::get<std::string>(std::move(reply)));
                 } catch (const std::exception&) {
                   self->fail({ErrorCode::Internal, "the EC2 metadata service's answer could not be read"});
                 }
               });
  }
  void fail(Error error) { done_(std::move(error)); }

  AwsWire& wire_;
  const Url base_;
  const Done done_;
  std::shared_ptr<const Secret> token_;
};

}  // namespace

std::string form_body(const std::vector<std::pair<std::string_view, std::string_view>>& fields) {
  std::string body;
  for (const auto& [name, value] : fields) {
    if (!body.empty()) body += '&';
    append_escaped(body, name);
    body += '=';
    append_escaped(body, value);
  }
  return body;
}

Result<std::string> read_role_name(std::string_view answer) {
  const auto name = trimmed(answer.substr(0, answer.find('\n')), " \r\n");
  const bool fits = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return is_unreserved(c) || std::string_view("+=,@").find(c) != std::string_view::npos;
  });
  // A name of dots alone would lead to another path.
  if (!fits || name.find_first_not_of('.') == name.npos)
    return Error::unexpected("the EC2 metadata service does not name a role");
  return std::string(name);
}

std::set<std::string> own_hosts_of(const CredentialPlace& place) {
  struct Hosts {
    std::set<std::string> operator()(const StaticKeys&) const { return {}; }
    std::set<std::string> operator()(const WebIdentity&) const { return {}; }
    std::set<std::string> operator()(const ContainerEndpoint& endpoint) const {
      if (!serves_credentials(endpoint.url)) return {};
      return {endpoint.url.host_and_port()};
    }
    std::set<std::string> operator()(const InstanceMetadata& service) const {
      return {service.base.host_and_port()};
    }
    std::set<std::string> operator()(const std::shared_ptr<const RoleInProfile>& role) const {
      return own_hosts_of(role->source);
    }
  };
  return std::visit(Hosts(), place);
}

void CredentialFetch::fetch(const CredentialPlace& place, Done done) const {
  std::visit([&](const auto& each) { fetch_from(each, std::move(done)); }, place);
}

void CredentialFetch::fetch_from(const StaticKeys& place, Done done) const { done(place.keys); }

void CredentialFetch::fetch_from(const WebIdentity& place, Done done) const {
  if (!sts_.ok()) return done(sts_.error());
  auto read = read_token_file(place.token_file);
  if (!read.ok()) return done(std::move(read).error());
  const auto token = std::make_shared<const Secret>(*std::move(read));
  const auto body = std::make_shared<const Secret>(form_body({{"Action", "AssumeRoleWithWebIdentity"},
                                                              {"Version", kStsVersion},
                                                              {"RoleArn", place.role_arn},
                                                              {"RoleSessionName", place.session_name},
                                                              {"WebIdentityToken", token->reveal()}}));
  AwsOrder order{"STS AssumeRoleWithWebIdentity for " + place.role_arn,
                 [url = sts_->url, body] { return form_post(url, *body); }, nullptr, token};
  wire_.send(std::move(order), own_terms(), reading(std::move(done), [](std::string_view answer) {
               return read_sts_credentials(answer, "AssumeRoleWithWebIdentity");
             }));
}

void CredentialFetch::fetch_from(const ContainerEndpoint& place, Done done) const {
  auto token = place.token;
  if (!place.token_file.empty()) {
    auto read = read_token_file(place.token_file);
    if (!read.ok()) return done(std::move(read).error());
    token = std::make_shared<const Secret>(*std::move(read));
  }
  const auto reach = serves_credentials(place.url) ? AwsOrder::Reach::ThisMachine : AwsOrder::Reach::Services;
  AwsOrder order{"the container's credential endpoint",
                 [url = place.url, token] {
                   return HttpRequest{url,
                                      {{"Accept", "application/json"}},
                                      token ? token->clone() : Secret(),
                                      limits::kAwsCredentialAnswer};
                 },
                 nullptr,
                 token,
                 reach,
                 limits::kAwsAttempts,
                 limits::kAwsContainerEndpoint};
  wire_.send(std::move(order), own_terms(), reading(std::move(done), read_endpoint_credentials));
}

void CredentialFetch::fetch_from(const InstanceMetadata& place, Done done) const {
  std::make_shared<MetadataQuery>(wire_, place.base, [done = std::move(done)](Result<AwsKeys> keys) {
    if (keys.ok()) return done(std::move(keys));
    done(keys.error().in(
        "no AWS credentials are configured in the environment, the shared files or a container, "
        "and the instance's own were not found"));
  })->start();
}

void CredentialFetch::fetch_from(const std::shared_ptr<const RoleInProfile>& place, Done done) const {
  // The wire outlives every callback, and this object does not.
  fetch(place->source, [copy = *this, place, done = std::move(done)](Result<AwsKeys> keys) {
    if (!keys.ok()) return done(std::move(keys).error());
    copy.assume(place->role, place->session_name, place->duration, *std::move(keys), done);
  });
}

void CredentialFetch::assume(const AwsRole& role, const std::string& session_name,
                             std::chrono::seconds duration, AwsKeys keys, Done done) const {
  if (!sts_.ok()) return done(sts_.error());
  const auto seconds = std::to_string(duration.count());
  std::vector<std::pair<std::string_view, std::string_view>> fields{{"Action", "AssumeRole"},
                                                                    {"Version", kStsVersion},
                                                                    {"RoleArn", role.arn},
                                                                    {"RoleSessionName", session_name},
                                                                    {"DurationSeconds", seconds}};
  if (!role.external_id.empty()) fields.emplace_back("ExternalId", role.external_id);
  const auto body = std::make_shared<const Secret>(form_body(fields));
  AwsOrder order{"STS AssumeRole for " + role.arn,
                 [sts = *sts_, body, keys] {
                   auto request = form_post(sts.url, *body);
                   request.signature = signature_of(*keys, sts.region, AwsService::Sts);
                   return request;
                 },
                 std::move(keys)};
  wire_.send(std::move(order), own_terms(), reading(std::move(done), [](std::string_view answer) {
               return read_sts_credentials(answer, "AssumeRole");
             }));
}

}  // namespace tegata::verifier
