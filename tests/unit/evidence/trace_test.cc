// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/trace.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "verifier/evidence/fact_record.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

const Repository kRepository{"registry.example:5000", "team/app"};
const Digest kDigest = sha256("content");

std::string text_of(const std::vector<std::pair<ContentRequest, ContentAnswer>>& asked) {
  std::map<std::string, json> entries;
  for (const auto& [request, answer] : asked)
    entries.emplace(request_key(request), entry_json(request, answer));
  return trace_text(entries);
}

const TagRequest kTag{kRepository, "v1"};
const ManifestRequest kManifest{kRepository, kDigest};
const BlobRequest kBlob{kRepository, kDigest, 10};
const ReferrersRequest kReferrers{kRepository, kDigest};

TEST(Trace, HasTheFormThatIsDocumented) {
  const auto digest = kDigest.text();
  const auto text = text_of({{kTag, {Content{kDigest, "application/json", "content"}}},
                             {kBlob, Error{ErrorCode::NotFound, "404"}},
                             {kReferrers, {Referrers{{{kDigest, 7, "application/json"}}, true}}}});
  EXPECT_EQ(text,
            R"({"requests":[{"answer":{"error":{"code":"NotFound","message":"404"}},"blob":{"digest":")" +
                digest + R"(","repository":"registry.example:5000/team/app"}},)" +
                R"({"answer":{"manifests":[{"digest":")" + digest +
                R"(","mediaType":"application/json","size":7}],"truncated":true},"referrers":{"digest":")" +
                digest + R"(","repository":"registry.example:5000/team/app"}},)" +
                R"({"answer":{"digest":")" + digest +
                R"(","mediaType":"application/json"},"tag":{"repository":)" +
                R"("registry.example:5000/team/app","tag":"v1"}}]})");
}

TEST(Trace, IsTheSameTextInWhateverOrderTheAnswersCame) {
  const std::pair<ContentRequest, ContentAnswer> first{kTag, {Content{kDigest, "a", "content"}}};
  const std::pair<ContentRequest, ContentAnswer> second{kManifest, Error{ErrorCode::Malformed, "m"}};
  EXPECT_EQ(text_of({first, second}), text_of({second, first}));
}

TEST(Trace, IsReadBackAsItWasWritten) {
  const auto read = parse_trace(text_of({{kTag, {Content{kDigest, "application/json", "content"}}},
                                         {kManifest, Error{ErrorCode::RateLimited, "429 \xC3\xA9"}},
                                         {kBlob, {Content{kDigest, "", "content"}}},
                                         {kReferrers, {Referrers{{{kDigest, 7, "t"}}, false}}}}));
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->size(), 4U);
  EXPECT_EQ(std::get<StoredContent>(read->at(request_key(kTag))).media_type, "application/json");
  EXPECT_EQ(std::get<StoredContent>(read->at(request_key(kBlob))).digest, kDigest);
  EXPECT_EQ(std::get<Error>(read->at(request_key(kManifest))),
            (Error{ErrorCode::RateLimited, "429 \xC3\xA9"}));
  const auto& referrers = std::get<Referrers>(read->at(request_key(kReferrers)));
  EXPECT_FALSE(referrers.truncated);
  ASSERT_EQ(referrers.manifests.size(), 1U);
  EXPECT_EQ(referrers.manifests.at(0).digest, kDigest);
  EXPECT_EQ(referrers.manifests.at(0).size, 7U);
  EXPECT_EQ(referrers.manifests.at(0).media_type, "t");
}

TEST(Trace, TellsRequestsApartButNotTheBytesThatABlobMayHave) {
  EXPECT_EQ(request_key(BlobRequest{kRepository, kDigest, 1}),
            request_key(BlobRequest{kRepository, kDigest, 2}));
  EXPECT_NE(request_key(kBlob), request_key(kManifest));
  EXPECT_NE(request_key(kReferrers), request_key(kManifest));
  EXPECT_NE(request_key(kManifest), request_key(ManifestRequest{{"other.example", "team/app"}, kDigest}));
}

TEST(Trace, RecordsTextThatIsNotUtf8AsItWillBeReadBack) {
  const auto error = as_recorded(Error{ErrorCode::Unavailable, "bad \xFF byte"});
  EXPECT_EQ(error.error().message, "bad \xEF\xBF\xBD byte");
  const auto content = as_recorded({Content{kDigest, "text/\xFE", "\xFF is content"}});
  EXPECT_EQ(std::get<Content>(*content).media_type, "text/\xEF\xBF\xBD");
  EXPECT_EQ(std::get<Content>(*content).bytes, "\xFF is content");
  const auto list = as_recorded({Referrers{{{kDigest, 1, "\xFF"}}, false}});
  EXPECT_EQ(std::get<Referrers>(*list).manifests.at(0).media_type, "\xEF\xBF\xBD");
}

TEST(Trace, RefusesWhatIsNoTrace) {
  const std::string digest = kDigest.text();
  const std::string request = R"("tag":{"repository":"a.example/b","tag":"v1"})";
  const std::vector<std::string> broken{
      "",
      "[]",
      "{}",
      R"({"requests":{}})",
      R"({"requests":[1]})",
      R"({"requests":[{)" + request + "}]}",
      R"({"requests":[{"answer":{"digest":")" + digest + R"(","mediaType":""}}]})",
      R"({"requests":[{)" + request + R"(,"answer":{}}]})",
      R"({"requests":[{)" + request + R"(,"answer":{"digest":"sha256:12","mediaType":""}}]})",
      R"({"requests":[{)" + request + R"(,"answer":{"digest":")" + digest + R"("}}]})",
      R"({"requests":[{)" + request + R"(,"answer":{"error":{"code":"Odd","message":""}}}]})",
      R"({"requests":[{)" + request + R"(,"answer":{"error":{"code":"NotFound"}}}]})",
      R"({"requests":[{)" + request + R"(,"answer":{"manifests":1,"truncated":false}}]})",
      R"({"requests":[{)" + request + R"(,"answer":{"manifests":[]}}]})",
      R"({"requests":[{)" + request + R"(,"answer":{"manifests":[{}],"truncated":false}}]})",
      R"({"requests":[{)" + request + R"(,"answer":{"manifests":[{"digest":")" + digest +
          R"(","mediaType":"","size":-1}],"truncated":false}}]})",
  };
  for (const auto& text : broken) EXPECT_FALSE(parse_trace(text).ok()) << text;
  const auto once = R"({)" + request + R"(,"answer":{"digest":")" + digest + R"(","mediaType":""}})";
  EXPECT_TRUE(parse_trace(R"({"requests":[)" + once + "]}").ok());
  EXPECT_FALSE(parse_trace(R"({"requests":[)" + once + "," + once + "]}").ok()) << "twice the same request";
}

TEST(Trace, ReadsUpToTheBoundAndNotAByteMore) {
  std::string text = R"({"requests":[]})";
  text.append(limits::kEvidenceTrace - text.size(), ' ');
  EXPECT_TRUE(parse_trace(text).ok());
  text.push_back(' ');
  const auto refused = parse_trace(text);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::LimitExceeded);
}

}  // namespace
}  // namespace tegata::verifier
