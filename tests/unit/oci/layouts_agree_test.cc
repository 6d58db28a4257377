// SPDX-License-Identifier: Apache-2.0
// Over every recorded case, a live registry client says what the recording says.
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "testdata_folder.h"
#include "tests/support/layout_server.h"
#include "tests/support/registry_fixture.h"

namespace tegata::verifier {
namespace {

const std::filesystem::path kCases = std::string(TEGATA_TESTDATA) + "/sigstore/cases";

std::string told(const ContentAnswer& answer) {
  if (!answer.ok()) return std::string(name_of(answer.error().code));
  if (const auto* content = std::get_if<Content>(&*answer))
    return content->digest.text() + " " + content->media_type + " " + content->bytes;
  std::string text;
  for (const auto& one : std::get<Referrers>(*answer).manifests) text += one.digest.text() + "\n";
  return text + (std::get<Referrers>(*answer).truncated ? "truncated" : "whole");
}

std::vector<ContentRequest> everything_in(const RecordedLayout& layout, const Repository& where) {
  std::vector<ContentRequest> requests;
  for (const auto& [tag, digest] : layout.tags()) {
    requests.emplace_back(TagRequest{where, tag});
    requests.emplace_back(ReferrersRequest{where, digest});
  }
  for (const auto& digest : layout.blobs()) {
    requests.emplace_back(ManifestRequest{where, digest});
    requests.emplace_back(BlobRequest{where, digest, limits::kBundle});
  }
  requests.emplace_back(TagRequest{where, "no-such-tag"});
  return requests;
}

TEST(RegistrySource, SaysOfEveryRecordedCaseWhatTheRecordingSays) {
  const testing::LayoutServer server(kCases);
  const auto live = testing::plain_http_source({server.host()});
  std::size_t compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kCases)) {
    auto layout = RecordedLayout::open(entry.path());
    ASSERT_TRUE(layout.ok()) << entry.path();
    const Repository where{server.host(), layout->repository().path};
    const auto requests = everything_in(*layout, where);
    const auto answers = fetch_and_wait(*live, requests, testing::soon());
    const auto recorded = fetch_and_wait(*layout, requests, testing::soon());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      // The server has no Content-Type for what is no manifest; the recording answers the bytes.
      if (std::holds_alternative<ManifestRequest>(requests[i]) && recorded[i].ok() &&
          std::get<Content>(*recorded[i]).media_type.empty()) {
        EXPECT_EQ(told(answers[i]), "UnexpectedAnswer");
        continue;
      }
      ASSERT_EQ(told(answers[i]), told(recorded[i])) << entry.path() << " request " << i;
      ++compared;
    }
  }
  EXPECT_EQ(server.cases(), 193U);
  EXPECT_GT(compared, 1000U);
}

}  // namespace
}  // namespace tegata::verifier
