// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include "tests/unit/http/echo_server.h"
#include "tests/unit/http/tls_client.h"

namespace tegata::webhook::http {
namespace {

using testing::CertificatePair;
using testing::Client;
using testing::get;
using testing::issue;
using testing::make_authority;
using testing::post;
using testing::Purpose;

/// `/validate` answers who asks; `/readyz` is for all.
std::vector<Route> routes() {
  return {
      {Method::PostJson, "/validate",
       [](const HttpRequest& request) {
         return HttpReply{200, "application/json", std::string(request.caller)};
       },
       Callers::Authenticated},
      {Method::Get, "/readyz", [](const HttpRequest& request) { return plain_reply(200, request.caller); }}};
}

struct ClientCertificate : ::testing::Test {
  CertificatePair authority = make_authority();
  std::unique_ptr<HttpServer> server = [this] {
    const testing::TemporaryFolder folder;
    const auto pair = testing::make_certificate(90);
    HttpServerSettings settings;
    settings.listen = "127.0.0.1:0";
    settings.tls = *TlsContext::load(
        {folder.write("tls.crt", pair.certificate), folder.write("tls.key", pair.key),
         folder.write("ca.crt", authority.certificate)},
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    settings.client_names = {"kube-apiserver", "api.example.org"};
    const Router router(routes());
    settings.answer = router;
    settings.refuse_early = [router](const RequestHead& head, std::string_view caller) {
      return router.refuse_early(head, caller);
    };
    return testing::serve(std::move(settings));
  }();

  std::optional<testing::Reply> ask(const std::string& bytes, const CertificatePair* identity,
                                    int version = 0) const {
    Client client(server->port(), Client::Tls::Yes, version, identity);
    client.send(bytes);
    return client.receive();
  }
  int status(const CertificatePair& identity) const {
    const auto reply = ask(post("/validate", "{}"), &identity);
    return reply ? reply->status : 0;
  }
};

TEST_F(ClientCertificate, WithAnAcceptedNameMayAsk) {
  const auto common = issue(authority, {"kube-apiserver", ""});
  const auto dns = issue(authority, {"any", "api.example.org"});
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    EXPECT_EQ(ask(post("/validate", "{}"), &common, version)->body, "kube-apiserver");
    EXPECT_EQ(ask(post("/validate", "{}"), &dns, version)->body, "api.example.org");
  }
}

TEST_F(ClientCertificate, IsRequiredWhereTheRouteSaysSo) {
  const auto refused = ask(post("/validate", "{}"), nullptr);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 403);
  EXPECT_EQ(ask(get("/readyz"), nullptr)->body, "none\n");
  EXPECT_EQ(ask(post("/validate", ""), nullptr)->status, 403);  // no body to be read before
}

TEST_F(ClientCertificate, OfAnyOtherKindIsNone) {
  EXPECT_EQ(status(issue(authority, {"kube-apiserver", ""}, Purpose::Server)), 403);
  EXPECT_EQ(status(issue(authority, {"kube-apiserver", ""}, Purpose::Client, -1)), 403);  // expired
  EXPECT_EQ(status(issue(make_authority(), {"kube-apiserver", ""})), 403);  // the same name of another CA
  EXPECT_EQ(status(testing::make_certificate(90)), 403);                    // self-signed
  for (const char* name : {"kube-apiserver2", "Kube-apiserver", "kube-apiserver ", "*", "x.api.example.org"})
    EXPECT_EQ(status(issue(authority, {name, ""})), 403) << name;
  for (const char* name : {"*.example.org", "API.example.org", "example.org"})
    EXPECT_EQ(status(issue(authority, {"any", name})), 403) << name;
}

TEST_F(ClientCertificate, IsMissedBeforeTheBodyIsRead) {
  const auto refused =
      ask("POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n"
          "\r\n",
          nullptr);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 403);
  EXPECT_TRUE(refused->closes());
}

}  // namespace
}  // namespace tegata::webhook::http
