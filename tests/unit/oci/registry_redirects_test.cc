// SPDX-License-Identifier: Apache-2.0
// Where answers may send us on to, and what goes along.
#include <gmock/gmock.h>

#include "tests/support/fake_registry.h"
#include "tests/support/guarded.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/test_certificate.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

using testing::ask;
using testing::FakeRegistry;
using ::testing::HasSubstr;
using testing::Reply;
using testing::ServedRequest;

Reply redirect_to(std::string where, int status = 307) {
  return {status, {{"Location", std::move(where)}}, ""};
}
std::shared_ptr<CredentialSource> with_password_for(const std::string& host) {
  return std::make_shared<DockerCredentials>(
      *DockerConfig::parse(R"({"auths":{")" + host + R"(":{"username":"me","password":"sesame"}}})"));
}

class RegistryRedirects : public ::testing::Test {
 protected:
  void SetUp() override {
    RegistrySettings settings;
    settings.insecure_plain_http = {registry_.host(), other_.host()};
    settings.loopback_registries = {store_.host()};
    settings.http.ca_file = certificate_.files().certificate;
    settings.credentials = with_password_for(registry_.host());
    source_ = *RegistrySource::open(std::move(settings));
    store_.on("/bytes", Reply{200, {}, "bytes"});
    // Whoever does not authenticate is asked to.
    registry_.on_ask(blob_path_, [this](const ServedRequest& request) {
      if (request.header("authorization").empty())
        return Reply{401, {{"WWW-Authenticate", "Basic realm=\"r\""}}, ""};
      return blob_reply_.get();
    });
  }
  ContentAnswer blob() { return ask(*source_, BlobRequest{{registry_.host(), "fx/app"}, digest_, 100}); }
  ContentAnswer tag() { return ask(*source_, TagRequest{{registry_.host(), "fx/app"}, "v1"}); }

  const Digest digest_ = sha256("bytes");
  const std::string blob_path_ = "/v2/fx/app/blobs/" + digest_.text();
  testing::Guarded<Reply> blob_reply_;  // outlives the servers that read it
  testing::TestCertificate certificate_;
  FakeRegistry registry_;
  FakeRegistry other_;                        ///< plain http, named by the operator
  FakeRegistry store_{certificate_.files()};  ///< https
  std::unique_ptr<RegistrySource> source_;
};

TEST_F(RegistryRedirects, ABlobMayBeAtAnotherHttpsHostAndNoCredentialsGoThere) {
  for (const int status : {301, 302, 303, 307, 308}) {
    blob_reply_ = redirect_to("https://" + store_.host() + "/bytes", status);
    const auto answer = blob();
    ASSERT_TRUE(answer.ok()) << status << answer.error().message;
  }
  bool authorized = false;
  for (const auto& request : registry_.requests()) authorized |= !request.header("authorization").empty();
  EXPECT_TRUE(authorized);
  ASSERT_EQ(store_.total(), 5U);
  for (const auto& request : store_.requests()) EXPECT_EQ(request.header("authorization"), "");
}

TEST_F(RegistryRedirects, ABlobIsStillCheckedThere) {
  blob_reply_ = redirect_to("https://" + store_.host() + "/other");
  store_.on("/other", Reply{200, {}, "other bytes"});
  EXPECT_EQ(blob().error().code, ErrorCode::Malformed);
}

TEST_F(RegistryRedirects, NotToPlainHttpElsewhere) {
  blob_reply_ = redirect_to("http://" + other_.host() + "/bytes");
  EXPECT_EQ(blob().error().code, ErrorCode::UnexpectedAnswer);
  EXPECT_EQ(other_.total(), 0U);
}

TEST_F(RegistryRedirects, NeverBackWithCredentialsOnceAway) {
  blob_reply_ = redirect_to("https://" + store_.host() + "/back");
  store_.on("/back", redirect_to("http://" + registry_.host() + "/probe"));
  registry_.on("/probe", Reply{200, {}, "bytes"});
  ASSERT_TRUE(blob().ok());
  EXPECT_EQ(registry_.requests().back().path(), "/probe");
  EXPECT_EQ(registry_.requests().back().header("authorization"), "");
}

TEST_F(RegistryRedirects, A401FromElsewhereAsksUsForNothing) {
  blob_reply_ = redirect_to("https://" + store_.host() + "/greedy");
  store_.on("/greedy", Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, ""});
  EXPECT_EQ(blob().error().code, ErrorCode::Unauthorized);
  EXPECT_EQ(store_.count("/greedy"), 1U);
}

TEST_F(RegistryRedirects, ThreeAreFollowedAndNoMore) {
  blob_reply_ = redirect_to("https://" + store_.host() + "/1");
  store_.on("/1", redirect_to("/2"));
  store_.on("/2", redirect_to("/bytes"));
  EXPECT_TRUE(blob().ok());
  store_.on("/2", redirect_to("/3"));
  store_.on("/3", redirect_to("/bytes"));
  const auto answer = blob();
  ASSERT_FALSE(answer.ok());
  EXPECT_THAT(answer.error().message, HasSubstr("redirects once more"));
}

TEST_F(RegistryRedirects, NotToLoopbackThatNobodyNamed) {
  FakeRegistry hidden(certificate_.files());
  hidden.on("/bytes", Reply{200, {}, "bytes"});
  for (const std::string host :
       {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"}) {
    blob_reply_ = redirect_to("https://" + host + ":" + std::to_string(hidden.port()) + "/bytes");
    const auto answer = blob();
    ASSERT_FALSE(answer.ok()) << host;
    EXPECT_EQ(answer.error().code, ErrorCode::AddressRefused) << host;
    EXPECT_THAT(answer.error().message, HasSubstr("loopback")) << host;
  }
  EXPECT_EQ(hidden.connections(), 0U);
}

TEST_F(RegistryRedirects, NotToMetadataServices) {
  for (const std::string host : {"169.254.169.254", "169.254.170.2", "[fd00:ec2::254]", "[fe80::1]",
                                 "0.0.0.0", "[::ffff:169.254.169.254]", "2852039166"}) {
    blob_reply_ = redirect_to("https://" + host + "/latest/meta-data/");
    const auto answer = blob();
    ASSERT_FALSE(answer.ok()) << host;
    EXPECT_EQ(answer.error().code, ErrorCode::AddressRefused) << host;
    EXPECT_THAT(answer.error().message, HasSubstr("requests to it are refused")) << host;
  }
}

TEST_F(RegistryRedirects, NotToWhatIsNoUrlForUs) {
  for (const std::string where : {"ftp://example.test/x", "file:///etc/passwd", "https://u:p@example.test/",
                                  "", "https://", "gopher://127.0.0.1:70/"}) {
    blob_reply_ = redirect_to(where);
    EXPECT_EQ(blob().error().code, ErrorCode::UnexpectedAnswer) << where;
  }
  blob_reply_ = Reply{307, {}, ""};
  EXPECT_EQ(blob().error().code, ErrorCode::UnexpectedAnswer);
}

TEST_F(RegistryRedirects, AManifestMayBeAtAnotherHttpsHostAsEveryKindOfGet) {
  const std::string manifest = R"({"schemaVersion":2})";
  const std::string kind = "application/vnd.oci.image.manifest.v1+json";
  const Digest digest = sha256(manifest);
  for (const auto& reference : {std::string("v1"), std::string("sha256-0.sig"), digest.text()}) {
    registry_.on("/v2/fx/app/manifests/" + reference,
                 redirect_to("https://" + store_.host() + "/m/" + reference));
    store_.on("/m/" + reference, Reply{200, {{"Content-Type", kind}}, manifest});
  }
  for (const std::string reference : {"v1", "sha256-0.sig"}) {
    const auto answer = ask(*source_, TagRequest{{registry_.host(), "fx/app"}, reference});
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(testing::content_of(answer).digest, digest);
  }
  const auto by_digest = ManifestRequest{{registry_.host(), "fx/app"}, digest};
  EXPECT_TRUE(ask(*source_, by_digest).ok());
  store_.on("/m/" + digest.text(), Reply{200, {{"Content-Type", kind}}, manifest + " "});
  EXPECT_EQ(ask(*source_, by_digest).error().code, ErrorCode::Malformed);  // other bytes
  for (const auto& request : store_.requests()) EXPECT_EQ(request.header("authorization"), "");
}

TEST_F(RegistryRedirects, WhatIsAbsentElsewhereIsAbsent) {
  registry_.on("/v2/fx/app/manifests/v1", redirect_to("https://" + store_.host() + "/gone"));
  EXPECT_EQ(tag().error().code, ErrorCode::NotFound);
}

TEST_F(RegistryRedirects, AListAndItsPagesMayBeElsewhereAndGetNoCredentialsThere) {
  const std::string kind = "application/vnd.oci.image.index.v1+json";
  const auto index = [&](const std::string& of) {
    return R"({"schemaVersion":2,"mediaType":")" + kind +
           R"(","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,"digest":")" +
           sha256(of).text() + R"("}]})";
  };
  const std::string api = "/v2/fx/app/referrers/" + digest_.text();
  // The credentials are known and in use before the list is asked for.
  blob_reply_ = Reply{200, {}, "bytes"};
  ASSERT_TRUE(blob().ok());
  registry_.on(api, redirect_to("https://" + store_.host() + "/list"));
  registry_.on("/v2/fx/app/manifests/" + digest_.tag_prefix(),
               redirect_to("https://" + store_.host() + "/tag"));
  store_.on("/list",
            Reply{200, {{"Content-Type", kind}, {"Link", "</list?page=2>; rel=\"next\""}}, index("1")});
  store_.on("/list?page=2", Reply{200, {{"Content-Type", kind}}, index("2")});
  store_.on("/tag", Reply{200, {{"Content-Type", kind}}, index("3")});
  const auto answer = ask(*source_, ReferrersRequest{{registry_.host(), "fx/app"}, digest_});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(testing::referrers_of(answer).manifests.size(), 3U);
  EXPECT_NE(registry_.requests().back().header("authorization"), "");
  for (const auto& request : store_.requests()) EXPECT_EQ(request.header("authorization"), "");
  // A page elsewhere may not lead back to the registry, nor on to a third host.
  store_.on("/list?page=2", Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, ""});
  EXPECT_FALSE(ask(*source_, ReferrersRequest{{registry_.host(), "fx/app"}, digest_}).ok());
  for (const auto& request : store_.requests()) EXPECT_EQ(request.header("authorization"), "");
  store_.on("/list",
            Reply{200,
                  {{"Content-Type", kind}, {"Link", "<http://" + registry_.host() + "/x>; rel=\"next\""}},
                  index("1")});
  EXPECT_FALSE(ask(*source_, ReferrersRequest{{registry_.host(), "fx/app"}, digest_}).ok());
  EXPECT_EQ(registry_.count("/x"), 0U);
}

TEST_F(RegistryRedirects, AnotherHostDoesNotSayThatThereIsNoReferrersApi) {
  registry_.on("/v2/fx/app/referrers/" + digest_.text(), redirect_to("https://" + store_.host() + "/list"));
  const auto referrers = [&] {
    return ask(*source_, ReferrersRequest{{registry_.host(), "fx/app"}, digest_});
  };
  for (const auto& reply :
       {Reply{200, {{"Content-Type", "text/html"}}, "<html>log in</html>"}, Reply{200, {}, "{}"},
        Reply{400, {}, ""}, Reply{405, {}, ""}, Reply{406, {}, ""}}) {
    store_.on("/list", reply);
    const auto answer = referrers();
    ASSERT_FALSE(answer.ok()) << reply.status;
    EXPECT_EQ(answer.error().code, ErrorCode::UnexpectedAnswer) << reply.status;
  }
  store_.on("/list", Reply{501, {}, ""});
  EXPECT_EQ(referrers().error().code, ErrorCode::Unavailable);
}

TEST_F(RegistryRedirects, ABackendWithoutReferrersAnswers404ForBoth) {
  registry_.on("/v2/fx/app/referrers/" + digest_.text(), redirect_to("https://" + store_.host() + "/list"));
  registry_.on("/v2/fx/app/manifests/" + digest_.tag_prefix(),
               redirect_to("https://" + store_.host() + "/tag"));
  const auto answer = ask(*source_, ReferrersRequest{{registry_.host(), "fx/app"}, digest_});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_TRUE(testing::referrers_of(answer).manifests.empty());
  EXPECT_EQ(store_.count("/list"), 1U);
  EXPECT_EQ(store_.count("/tag"), 1U);
}

TEST_F(RegistryRedirects, AManifestMayMoveWithinItsHost) {
  registry_.on("/v2/fx/app/manifests/v1", redirect_to("/v2/fx/moved/manifests/v1"));
  registry_.hold_manifest("fx/moved", "v1", "{}");
  EXPECT_TRUE(tag().ok());
}

TEST_F(RegistryRedirects, AnUnknownCertificateIsNotTrusted) {
  RegistrySettings settings;  // the system's certificates
  settings.loopback_registries = {store_.host()};
  const auto source = *RegistrySource::open(std::move(settings));
  const auto answer = ask(*source, TagRequest{{store_.host(), "fx/app"}, "v1"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("certificate"));
  EXPECT_EQ(store_.total(), 0U);
  EXPECT_EQ(store_.connections(), 1U);  // not tried again
}

}  // namespace
}  // namespace tegata::verifier
