// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "policy/model/limits.h"
#include "tests/support/fake_registry.h"
#include "tests/support/registry_fixture.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

using testing::ask;
using testing::FakeRegistry;
using ::testing::HasSubstr;
using testing::referrers_of;
using testing::Reply;
using testing::ServedRequest;

constexpr auto kIndexType = "application/vnd.oci.image.index.v1+json";

/// An index that names referrers `from` to `to` - 1, each by a digest of its number.
std::string index_of(std::size_t from, std::size_t to) {
  std::string entries;
  for (auto i = from; i < to; ++i)
    entries += std::string(i == from ? "" : ",") +
               R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,"digest":")" +
               sha256(std::to_string(i)).text() + R"("})";
  return R"({"schemaVersion":2,"mediaType":")" + std::string(kIndexType) + R"(","manifests":[)" + entries +
         "]}";
}
Reply page(std::string body, const std::string& next = "") {
  Reply reply{200, {{"Content-Type", kIndexType}}, std::move(body)};
  if (!next.empty()) reply.headers.emplace_back("Link", "<" + next + ">; rel=\"next\"");
  return reply;
}

class RegistryReferrers : public ::testing::Test {
 protected:
  ContentAnswer referrers() {
    return ask(*source_, ReferrersRequest{{registry_.host(), "fx/app"}, subject_});
  }
  const Digest subject_ = sha256("subject");
  const std::string api_ = "/v2/fx/app/referrers/" + subject_.text();
  const std::string fallback_ = "/v2/fx/app/manifests/" + subject_.tag_prefix();
  FakeRegistry registry_;
  std::unique_ptr<RegistrySource> source_ = testing::plain_http_source({registry_.host()});
};

TEST_F(RegistryReferrers, NoneIsAnEmptyList) {
  EXPECT_TRUE(referrers_of(referrers()).manifests.empty());
  EXPECT_EQ(registry_.total(), 2U);
}

TEST_F(RegistryReferrers, TheUnionOfApiAndFallbackTagEachOnce) {
  registry_.on(api_, page(index_of(0, 3)));
  registry_.on(fallback_, page(index_of(2, 5)));
  const auto answer = referrers();
  const auto& list = referrers_of(answer).manifests;
  ASSERT_EQ(list.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(list[i].digest, sha256(std::to_string(i)));
}

TEST_F(RegistryReferrers, AnEmptyApiStillAsksTheFallbackTag) {
  registry_.on(api_, page(index_of(0, 0)));
  registry_.on(fallback_, page(index_of(0, 1)));
  EXPECT_EQ(referrers_of(referrers()).manifests.size(), 1U);
}

TEST_F(RegistryReferrers, ARegistryWithoutTheApiHasOnlyTheTag) {
  registry_.on(fallback_, page(index_of(0, 1)));
  for (const auto& reply :
       {Reply{404, {}, ""}, Reply{400, {}, ""}, Reply{405, {}, ""}, Reply{406, {}, ""}, Reply{501, {}, ""},
        Reply{200, {{"Content-Type", "text/html"}}, "<html>"}, Reply{200, {}, index_of(5, 9)}}) {
    registry_.on(api_, reply);
    EXPECT_EQ(referrers_of(referrers()).manifests.size(), 1U) << reply.status;
  }
}

TEST_F(RegistryReferrers, PagesAreFollowedToTheLast) {
  registry_.on_ask(api_, [this](const ServedRequest& request) {
    const auto at = request.target.find("?from=");
    const auto from = at == std::string::npos ? 0 : std::stoul(request.target.substr(at + 6));
    return page(index_of(from, from + 3), from + 3 < 300 ? api_ + "?from=" + std::to_string(from + 3) : "");
  });
  const auto answer = referrers();
  EXPECT_EQ(referrers_of(answer).manifests.size(), 300U);
  EXPECT_FALSE(referrers_of(answer).truncated);
  EXPECT_EQ(registry_.count(api_), limits::kReferrersPages);  // the bound exactly
}

TEST_F(RegistryReferrers, OnePageTooManyIsTruncated) {
  std::vector<Reply> pages;
  for (std::size_t i = 1; i <= limits::kReferrersPages; ++i)
    pages.push_back(page(index_of(0, 3), api_ + "?page=" + std::to_string(i)));
  registry_.on(api_, pages);
  const auto answer = referrers();
  EXPECT_TRUE(referrers_of(answer).truncated);
  EXPECT_EQ(registry_.count(api_), limits::kReferrersPages);
}

TEST_F(RegistryReferrers, OneReferrerTooManyIsTruncated) {
  registry_.on(api_, page(index_of(0, limits::kReferrers)));
  EXPECT_FALSE(referrers_of(referrers()).truncated);
  registry_.on(fallback_, page(index_of(limits::kReferrers, limits::kReferrers + 1)));
  const auto answer = referrers();
  EXPECT_TRUE(referrers_of(answer).truncated);
  EXPECT_EQ(referrers_of(answer).manifests.size(), limits::kReferrers);
}

TEST_F(RegistryReferrers, AListTooLargeToReadIsTooManyAndNoFailure) {
  registry_.on(fallback_, page(std::string(limits::kManifest + 1, ' ')));
  EXPECT_TRUE(referrers_of(referrers()).truncated);
  registry_.on(fallback_, Reply{404, {}, ""});
  registry_.on(api_, page(std::string(limits::kManifest + 1, ' ')));
  EXPECT_TRUE(referrers_of(referrers()).truncated);
}

TEST_F(RegistryReferrers, AFailureOfEitherIsTheFailureOfBoth) {
  const std::vector<std::pair<int, ErrorCode>> table{{401, ErrorCode::Unauthorized},
                                                     {403, ErrorCode::Unauthorized},
                                                     {429, ErrorCode::RateLimited},
                                                     {500, ErrorCode::Unavailable}};
  for (const auto& [status, code] : table) {
    FakeRegistry registry;
    const auto source = testing::plain_http_source({registry.host()});
    for (const auto& [broken, good] : {std::pair(api_, fallback_), std::pair(fallback_, api_)}) {
      registry.on(broken, Reply{status, {}, ""});
      registry.on(good, page(index_of(0, 1)));
      const auto answer = ask(*source, ReferrersRequest{{registry.host(), "fx/app"}, subject_});
      ASSERT_FALSE(answer.ok());
      EXPECT_EQ(answer.error().code, code) << broken;
    }
  }
}

TEST_F(RegistryReferrers, APageThatFailsLaterIsAFailure) {
  registry_.on(api_, page(index_of(0, 3), api_ + "?page=2"));
  registry_.on(api_ + "?page=2", Reply{500, {}, ""});
  EXPECT_EQ(referrers().error().code, ErrorCode::Unavailable);
  registry_.on(api_ + "?page=2", Reply{404, {}, ""});
  EXPECT_FALSE(referrers().ok());
  registry_.on(api_ + "?page=2", Reply{200, {{"Content-Type", "text/html"}}, ""});
  EXPECT_EQ(referrers().error().code, ErrorCode::UnexpectedAnswer);
}

TEST_F(RegistryReferrers, PagesThatLeadInACircleAreNoLongList) {
  registry_.on(api_, page(index_of(0, 3), api_ + "?page=2"));
  registry_.on(api_ + "?page=2", page(index_of(3, 6), api_));
  const auto answer = referrers();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::UnexpectedAnswer);
}

TEST_F(RegistryReferrers, TheNextPageIsAtTheSameHost) {
  FakeRegistry other;
  registry_.on(api_, page(index_of(0, 3), "http://" + other.host() + api_ + "?page=2"));
  const auto answer = referrers();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::UnexpectedAnswer);
  EXPECT_EQ(other.connections(), 0U);
}

TEST_F(RegistryReferrers, AFallbackTagThatNamesAnImageNamesNoReferrer) {
  const std::string image = R"({"schemaVersion":2,"config":{"mediaType":"a/b","size":2,"digest":")" +
                            sha256("{}").text() + R"("},"layers":[]})";
  for (const std::string type : {"application/vnd.oci.image.manifest.v1+json", kIndexType}) {
    registry_.on(fallback_, Reply{200, {{"Content-Type", type}}, image});
    EXPECT_TRUE(referrers_of(referrers()).manifests.empty()) << type;
  }
}

TEST_F(RegistryReferrers, AListThatCannotBeParsedIsNoEmptyList) {
  std::string cut = index_of(0, 2);
  cut.pop_back();
  for (const std::string& body : {cut, std::string(), std::string("not json"), std::string("[]"),
                                  std::string(R"({"schemaVersion":2,"config":{},"layers":[]})"),
                                  std::string(R"({"schemaVersion":2,"manifests":[],"layers":[]})")})
    for (const auto& [broken, absent] : {std::pair(fallback_, api_), std::pair(api_, fallback_)}) {
      registry_.on(broken, page(body));
      registry_.on(absent, Reply{404, {}, ""});
      const auto answer = referrers();
      ASSERT_FALSE(answer.ok()) << broken << body;
      EXPECT_EQ(answer.error().code, ErrorCode::UnexpectedAnswer) << broken << body;
    }
}

TEST_F(RegistryReferrers, ALoginPageAtTheFallbackTagIsNoEmptyList) {
  for (const auto& reply : {Reply{200, {{"Content-Type", "text/html"}}, "<html>"},
                            Reply{200, {}, index_of(0, 1)}, Reply{400, {}, ""}, Reply{302, {}, ""}}) {
    registry_.on(fallback_, reply);
    const auto answer = referrers();
    ASSERT_FALSE(answer.ok()) << reply.status;
    EXPECT_EQ(answer.error().code, ErrorCode::UnexpectedAnswer);
  }
}

/// A registry that answers its referrers API with a bare 401, as Harbor 2.7 does, which has none.
class RefusedReferrers : public RegistryReferrers {
 protected:
  void SetUp() override { registry_.on(api_, Reply{401, {}, ""}); }
  void hold_subject(const std::string& bytes = "subject") {
    registry_.on(manifest_, Reply{200, {{"Content-Type", kIndexType}}, bytes});
  }
  const std::string manifest_ = "/v2/fx/app/manifests/" + subject_.text();
};

TEST_F(RefusedReferrers, AreNoneWhereTheManifestIsReadAndTheFallbackTagIsAbsent) {
  hold_subject();
  EXPECT_TRUE(referrers_of(referrers()).manifests.empty());
}

TEST_F(RefusedReferrers, AreThoseOfTheFallbackTagWhereTheManifestIsRead) {
  hold_subject();
  registry_.on(fallback_, page(index_of(0, 2)));
  EXPECT_EQ(referrers_of(referrers()).manifests.size(), 2U);
}

TEST_F(RefusedReferrers, AreUnknownWhereTheManifestIsNotRead) {
  EXPECT_EQ(referrers().error().code, ErrorCode::Unauthorized);  // 404
  registry_.on(manifest_, Reply{401, {}, ""});
  EXPECT_EQ(referrers().error().code, ErrorCode::Unauthorized);
  hold_subject("other bytes");
  EXPECT_EQ(referrers().error().code, ErrorCode::Unauthorized);
}

TEST_F(RefusedReferrers, AreUnknownWhereTheFallbackTagIs) {
  hold_subject();
  for (const int status : {401, 403, 429, 503}) {
    registry_.on(fallback_, Reply{status, {}, ""});
    EXPECT_FALSE(referrers().ok()) << status;
  }
}

TEST_F(RefusedReferrers, AreUnknownWhereTheRefusalSaysHowToAuthenticate) {
  hold_subject();
  registry_.on(api_, Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, ""});
  EXPECT_EQ(referrers().error().code, ErrorCode::Unauthorized);
  EXPECT_EQ(registry_.count(manifest_), 0U);
}

TEST_F(RefusedReferrers, AreAskedForAgainWithTheCredentialsThatReadTheManifest) {
  const std::string config =
      R"({"auths":{")" + registry_.host() + R"(":{"username":"me","password":"sesame"}}})";
  const auto guarded = [&](const std::string& path, Reply good) {
    registry_.on_ask(path, [good](const ServedRequest& request) {
      if (!request.header("authorization").empty()) return good;
      return Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, ""};
    });
  };
  guarded(manifest_, Reply{200, {{"Content-Type", kIndexType}}, "subject"});
  // Refused without credentials, and then a list: what stands in it must be found.
  registry_.on_ask(api_, [](const ServedRequest& request) {
    return request.header("authorization").empty() ? Reply{401, {}, ""} : page(index_of(0, 1));
  });
  source_ = testing::plain_http_source({registry_.host()}, *DockerConfig::parse(config));
  EXPECT_EQ(referrers_of(referrers()).manifests.size(), 1U);
  // Refused with them, too: there is no such API.
  registry_.on_ask(api_, [](const ServedRequest&) { return Reply{401, {}, ""}; });
  source_ = testing::plain_http_source({registry_.host()}, *DockerConfig::parse(config));
  EXPECT_TRUE(referrers_of(referrers()).manifests.empty());
}

TEST_F(RegistryReferrers, OneBadEntryDoesNotHideTheOthers) {
  std::string body = index_of(0, 2);
  body.insert(body.find("[") + 1, R"({"mediaType":"x","size":1,"digest":"sha512:00"},7,{"size":-1},)");
  registry_.on(api_, page(body));
  EXPECT_EQ(referrers_of(referrers()).manifests.size(), 2U);
}

}  // namespace
}  // namespace tegata::verifier
