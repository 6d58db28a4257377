// SPDX-License-Identifier: Apache-2.0
// What each odd answer of a registry becomes.
#include <gmock/gmock.h>

#include "policy/model/limits.h"
#include "tests/support/fake_registry.h"
#include "tests/support/registry_fixture.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

using testing::ask;
using testing::content_of;
using testing::Ending;
using testing::FakeRegistry;
using ::testing::HasSubstr;
using testing::Reply;

constexpr auto kManifestType = "application/vnd.oci.image.manifest.v1+json";
const std::string kSomeManifest =
    R"({"schemaVersion":2,"config":{"mediaType":"a/b","size":2,"digest":"sha256:)" + std::string(64, '4') +
    R"("},"layers":[]})";

class RegistryAnswers : public ::testing::Test {
 protected:
  Repository repository() const { return {registry_.host(), "fx/app"}; }
  ContentAnswer tag(const std::string& name = "v1", Deadline deadline = testing::soon()) {
    return ask(*source_, TagRequest{repository(), name}, deadline);
  }
  ContentAnswer blob(const Digest& digest, std::size_t most) {
    return ask(*source_, BlobRequest{repository(), digest, most});
  }
  FakeRegistry registry_;
  std::unique_ptr<RegistrySource> source_ = testing::plain_http_source({registry_.host()});
};

TEST_F(RegistryAnswers, ATagIsOneRequestAndSaysItsDigest) {
  registry_.hold_manifest("fx/app", "v1", kSomeManifest);
  const auto answer = tag();
  EXPECT_EQ(content_of(answer).digest, sha256(kSomeManifest));
  EXPECT_EQ(content_of(answer).media_type, kManifestType);
  EXPECT_EQ(content_of(answer).bytes, kSomeManifest);
  EXPECT_EQ(registry_.total(), 1U);  // no ping, no HEAD
}

TEST_F(RegistryAnswers, AsksForEveryKindOfManifestAndWithoutCredentials) {
  registry_.hold_manifest("fx/app", "v1", kSomeManifest);
  ASSERT_TRUE(tag().ok());
  const auto asked = registry_.requests().at(0);
  for (const char* type :
       {"oci.image.manifest.v1+json", "oci.image.index.v1+json", "docker.distribution.manifest.v2+json",
        "docker.distribution.manifest.list.v2+json"})
    EXPECT_THAT(asked.header("accept"), HasSubstr(type));
  EXPECT_EQ(asked.header("authorization"), "");
  EXPECT_EQ(asked.header("accept-encoding"), "identity");
}

TEST_F(RegistryAnswers, EachStatusHasItsCode) {
  const std::vector<std::pair<int, ErrorCode>> table{
      {404, ErrorCode::NotFound},         {403, ErrorCode::Unauthorized},
      {401, ErrorCode::Unauthorized},     {429, ErrorCode::RateLimited},
      {500, ErrorCode::Unavailable},      {503, ErrorCode::Unavailable},
      {400, ErrorCode::UnexpectedAnswer}, {206, ErrorCode::UnexpectedAnswer},
      {204, ErrorCode::UnexpectedAnswer}, {304, ErrorCode::UnexpectedAnswer},
      {302, ErrorCode::UnexpectedAnswer}};
  for (const auto& [status, code] : table) {
    registry_.on("/v2/fx/app/manifests/s" + std::to_string(status), Reply{status, {}, "{}"});
    const auto answer = tag("s" + std::to_string(status));
    ASSERT_FALSE(answer.ok()) << status;
    EXPECT_EQ(answer.error().code, code) << status << ": " << answer.error().message;
  }
}

TEST_F(RegistryAnswers, HtmlIsNoManifest) {
  registry_.on("/v2/fx/app/manifests/v1", Reply{200, {{"Content-Type", "text/html"}}, "<html>log in</html>"});
  EXPECT_EQ(tag().error().code, ErrorCode::UnexpectedAnswer);
  registry_.on("/v2/fx/app/manifests/v1", Reply{200, {}, kSomeManifest});
  EXPECT_EQ(tag().error().code, ErrorCode::UnexpectedAnswer);
}

TEST_F(RegistryAnswers, ARegistryThatLiesAboutDigestsIsFoundOut) {
  registry_.on("/v2/fx/app/manifests/v1",
               Reply{200,
                     {{"Content-Type", kManifestType}, {"Docker-Content-Digest", sha256("other").text()}},
                     kSomeManifest});
  const auto answer = tag();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::UnexpectedAnswer);
  EXPECT_THAT(answer.error().message, HasSubstr("does not match the content"));
}

TEST_F(RegistryAnswers, BytesOfAnotherDigestAreRefused) {
  const Digest wanted = sha256("the right bytes");
  registry_.on("/v2/fx/app/blobs/" + wanted.text(), Reply{200, {}, "other bytes"});
  EXPECT_EQ(blob(wanted, 100).error().code, ErrorCode::Malformed);
  registry_.on("/v2/fx/app/manifests/" + wanted.text(),
               Reply{200, {{"Content-Type", kManifestType}}, kSomeManifest});
  EXPECT_EQ(ask(*source_, ManifestRequest{repository(), wanted}).error().code, ErrorCode::Malformed);
}

TEST_F(RegistryAnswers, WhatDoesNotAnswerTheQuestionSaysNothingOfTheContent) {
  // Malformed would condemn the signature whose bytes were asked for.
  const Digest digest = sha256("bytes");
  const Digest manifest = sha256(kSomeManifest);
  for (const auto& reply :
       {Reply{400, {}, ""}, Reply{307, {}, ""},
        Reply{302, {{"Location", "http://a.test/" + std::string(9000, 'x')}}, ""}, Reply{206, {}, "bytes"}}) {
    registry_.on("/v2/fx/app/blobs/" + digest.text(), reply);
    EXPECT_EQ(blob(digest, 100).error().code, ErrorCode::UnexpectedAnswer) << reply.status;
    registry_.on("/v2/fx/app/manifests/" + manifest.text(), reply);
    EXPECT_EQ(ask(*source_, ManifestRequest{repository(), manifest}).error().code,
              ErrorCode::UnexpectedAnswer);
  }
  registry_.on("/v2/fx/app/manifests/" + manifest.text(),
               Reply{200, {{"Content-Type", "text/html"}}, "<html>"});
  EXPECT_EQ(ask(*source_, ManifestRequest{repository(), manifest}).error().code, ErrorCode::UnexpectedAnswer);
}

TEST_F(RegistryAnswers, A401SaysWhatIsWrongWithItsChallenge) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"Bearer realm=\"https://t.test/x\",service=" + registry_.host(),
       "with an invalid challenge: WWW-Authenticate: the value of \"service\" must be in quotes, since it "
       "holds \":\""},
      {"Bearer realm=\"https://t.test", "a quoted value is not closed"},
      {"Negotiate", "neither Bearer nor Basic"},
      {"Bearer realm=\"t.test\"", "invalid URL"}};
  for (const auto& [header, words] : table) {
    registry_.on("/v2/fx/app/manifests/v1", Reply{401, {{"WWW-Authenticate", header}}, ""});
    const auto answer = tag();
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::Unauthorized);
    EXPECT_THAT(answer.error().message, HasSubstr(words));
  }
}

TEST_F(RegistryAnswers, ABlobMayBeAsLargeAsItsBoundAndNoByteMore) {
  const Digest digest = registry_.hold_blob("fx/app", "12345678");
  EXPECT_EQ(content_of(blob(digest, 8)).bytes, "12345678");
  EXPECT_EQ(blob(digest, 7).error().code, ErrorCode::LimitExceeded);
}

TEST_F(RegistryAnswers, AnEndlessBodyIsCutAtTheBound) {
  const Digest digest = sha256("never mind");
  registry_.on("/v2/fx/app/blobs/" + digest.text(), Reply{200, {}, std::string(1000, 'x'), Ending::Endless});
  EXPECT_EQ(blob(digest, 100'000).error().code, ErrorCode::LimitExceeded);
  registry_.on("/v2/fx/app/manifests/v1",
               Reply{200, {{"Content-Type", kManifestType}}, std::string(10'000, ' '), Ending::Endless});
  EXPECT_EQ(tag().error().code, ErrorCode::LimitExceeded);
  registry_.on("/v2/fx/app/manifests/gone", Reply{404, {}, std::string(10'000, ' '), Ending::Endless});
  EXPECT_EQ(tag("gone").error().code, ErrorCode::NotFound);
}

TEST_F(RegistryAnswers, EndlessHeadersAreCutAtTheBound) {
  Reply reply{200, {{"Content-Type", kManifestType}}, kSomeManifest};
  for (int i = 0; i < 50; ++i) reply.headers.emplace_back("X-Filler", std::string(1024, 'x'));
  registry_.on("/v2/fx/app/manifests/v1", reply);
  EXPECT_TRUE(tag().ok());
  for (int i = 0; i < 20; ++i) reply.headers.emplace_back("X-Filler", std::string(1024, 'x'));
  registry_.on("/v2/fx/app/manifests/v1", reply);
  EXPECT_EQ(tag().error().code, ErrorCode::UnexpectedAnswer);  // no long list: nothing was listed
}

TEST_F(RegistryAnswers, ABodyThatIsCutShortIsNoAnswer) {
  registry_.on("/v2/fx/app/manifests/v1",
               Reply{200, {{"Content-Type", kManifestType}}, kSomeManifest, Ending::CutShort});
  EXPECT_EQ(tag().error().code, ErrorCode::Unavailable);
  EXPECT_EQ(registry_.count("/v2/fx/app/manifests/v1"), 3U);
}

TEST_F(RegistryAnswers, ARegistryThatHangsIsGivenUpAtTheDeadline) {
  for (const auto ending : {Ending::HangFirst, Ending::HangAfterBody}) {
    registry_.on("/v2/fx/app/manifests/v1",
                 Reply{200, {{"Content-Type", kManifestType}}, kSomeManifest, ending});
    const auto before = Deadline::Clock::now();
    const auto answer = tag("v1", Deadline::after(std::chrono::milliseconds(150)));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::DeadlineExceeded);
    EXPECT_LT(Deadline::Clock::now() - before, std::chrono::seconds(5));
  }
}

TEST_F(RegistryAnswers, OthersAreAnsweredWhileOneHangs) {
  registry_.on("/v2/fx/app/manifests/slow", Reply{200, {}, "", Ending::HangFirst});
  registry_.hold_manifest("fx/app", "v1", kSomeManifest);
  const auto answers = fetch_and_wait(
      *source_,
      {TagRequest{repository(), "slow"}, TagRequest{repository(), "v1"}, TagRequest{repository(), "no"}},
      Deadline::after(std::chrono::seconds(2)));
  EXPECT_EQ(answers.at(0).error().code, ErrorCode::DeadlineExceeded);
  EXPECT_TRUE(answers.at(1).ok());
  EXPECT_EQ(answers.at(2).error().code, ErrorCode::NotFound);
}

TEST_F(RegistryAnswers, NobodyListeningIsUnavailable) {
  std::string host;
  {
    const FakeRegistry gone;
    host = gone.host();
  }
  const auto source = testing::plain_http_source({host});
  EXPECT_EQ(ask(*source, TagRequest{{host, "fx/app"}, "v1"}).error().code, ErrorCode::Unavailable);
}

TEST_F(RegistryAnswers, ARegistryOverHttpIsNotAskedOverHttps) {
  // The same host, not named as plain http: TLS is spoken to it, which it does not understand.
  const auto source = testing::plain_http_source({"example.test"});
  const auto answer = ask(*source, TagRequest{repository(), "v1"});
  EXPECT_EQ(answer.error().code, ErrorCode::AddressRefused);
  EXPECT_THAT(answer.error().message, HasSubstr("loopback"));
  EXPECT_EQ(registry_.connections(), 0U);
}

TEST_F(RegistryAnswers, AHostNamedWithoutPortIsNotThatHostWithAPort) {
  const auto source = testing::plain_http_source({"127.0.0.1"});
  EXPECT_FALSE(ask(*source, TagRequest{repository(), "v1"}).ok());
  EXPECT_EQ(registry_.connections(), 0U);
}

TEST_F(RegistryAnswers, NothingInARepositoryOrTagSteersTheRequestElsewhere) {
  for (const std::string odd : {"fx/../../etc", "fx/app?x=", "fx/app#", "fx/a%2e", "", "fx\\app"})
    EXPECT_EQ(ask(*source_, TagRequest{{registry_.host(), odd}, "v1"}).error().code, ErrorCode::Malformed);
  for (const std::string odd : {"v1?x", "../x", "", "v 1"})
    EXPECT_EQ(tag(odd).error().code, ErrorCode::Malformed);
  EXPECT_EQ(ask(*source_, TagRequest{{"user@" + registry_.host(), "fx/app"}, "v1"}).error().code,
            ErrorCode::Malformed);
  EXPECT_EQ(registry_.total(), 0U);
}

TEST_F(RegistryAnswers, NoRequestsAreAnsweredAtOnce) {
  EXPECT_TRUE(fetch_and_wait(*source_, {}, testing::soon()).empty());
}

TEST_F(RegistryAnswers, RequestsOnTheirWayAreAnsweredWhenTheSourceGoes) {
  registry_.on("/v2/fx/app/manifests/v1", Reply{200, {}, "", Ending::HangFirst});
  std::vector<ErrorCode> codes;
  std::mutex mutex;
  for (int i = 0; i < 40; ++i)
    source_->fetch({TagRequest{repository(), "v1"}, ReferrersRequest{repository(), sha256("x")}},
                   testing::soon(), [&](std::vector<ContentAnswer> answers) {
                     const std::lock_guard lock(mutex);
                     for (const auto& answer : answers)
                       codes.push_back(answer.ok() ? ErrorCode::Internal : answer.error().code);
                   });
  source_.reset();
  ASSERT_EQ(codes.size(), 80U);
  // What was still open is answered as cut short or late, never as present.
  EXPECT_EQ(std::count(codes.begin(), codes.end(), ErrorCode::NotFound), 0);
  EXPECT_GT(std::count(codes.begin(), codes.end(), ErrorCode::CutShort), 0);
}

}  // namespace
}  // namespace tegata::verifier
