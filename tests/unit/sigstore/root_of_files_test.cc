// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/trusted_root_fixture.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::testing {
namespace {

using verifier::read_trusted_root;
using Paths = std::vector<std::string>;

const std::string kFulcio = sigstore_path("mock/fulcio-chain.pem");
const std::string kTimestamps = sigstore_path("mock/tsa-chain.pem");

class RootOfFiles : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(folder_); }
  /// A new file with this text.
  std::string file(const std::string& text) {
    std::filesystem::create_directories(folder_);
    auto path = (folder_ / std::to_string(count_++)).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() /
      (std::string("tegata-root-") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
  int count_ = 0;
};

std::string code_of(const TrustedRootFiles& files) {
  const auto root = read_trusted_root(files);
  return root.ok() ? "ok" : std::string(name_of(root.error().code));
}

TEST_F(RootOfFiles, BelievesEveryPartFromTheBeginningAndForEver) {
  const auto root = read_trusted_root({.trusted_root = "",
                                       .certificate_authorities = {kFulcio},
                                       .certificate_timestamp_logs = {sigstore_path("mock/ctfe.pub")},
                                       .transparency_logs = {sigstore_path("mock/rekor.pub")},
                                       .timestamp_authorities = {kTimestamps}});
  ASSERT_TRUE(root.ok()) << root.error().message;
  const auto mock = parsed(mock_root());
  ASSERT_EQ(root->transparency_logs.size(), 1u);
  EXPECT_EQ(root->transparency_logs[0].key_id, mock->transparency_logs[0].key_id);
  EXPECT_EQ(root->certificate_timestamp_logs.at(0).key_id, mock->certificate_timestamp_logs[0].key_id);
  for (const Time time : {Time{}, mock_time(), Time::max()}) {
    EXPECT_TRUE(root->transparency_logs[0].trusted_at(time));
    EXPECT_TRUE(root->certificate_timestamp_logs[0].trusted_at(time));
    EXPECT_TRUE(root->certificate_authorities.at(0).valid.holds(time));
    EXPECT_TRUE(root->timestamp_authorities.at(0).valid.holds(time));
  }
}

TEST_F(RootOfFiles, PutsTheAnchorLastHoweverTheFileIsOrdered) {
  const auto root_first = file(sigstore_file("mock/fulcio-root.crt") + sigstore_file("mock/fulcio-int.crt"));
  for (const auto& path : {kFulcio, root_first}) {
    const auto root = read_trusted_root(authorities({path}));
    ASSERT_TRUE(root.ok()) << root.error().message;
    const auto& chain = root->certificate_authorities.at(0).authority.chain();
    ASSERT_EQ(chain.size(), 2u);
    EXPECT_FALSE(chain[0].is_self_issued());
    EXPECT_TRUE(chain[1].is_self_issued());
  }
}

TEST_F(RootOfFiles, TakesTheLastForTheAnchorWhereNoneIsItsOwnIssuer) {
  const auto root = read_trusted_root(authorities({sigstore_path("mock/fulcio-int.crt")}));
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(root->certificate_authorities.at(0).authority.chain().size(), 1u);
}

TEST_F(RootOfFiles, MakesAnAuthorityOfEveryAnchorInAFile) {
  const auto bundle = file(sigstore_file("mock/fulcio-root.crt") + sigstore_file("mock/evilfulcio-root.crt") +
                           sigstore_file("mock/fulcio-int.crt"));
  const auto root = read_trusted_root(authorities({bundle}));
  ASSERT_TRUE(root.ok()) << root.error().message;
  ASSERT_EQ(root->certificate_authorities.size(), 2u);
  for (const auto& one : root->certificate_authorities) {
    EXPECT_EQ(one.authority.chain().size(), 2u);
    EXPECT_TRUE(one.authority.chain().back().is_self_issued());
  }
}

TEST_F(RootOfFiles, HasAnIdOfWhatStandsInTheFilesAndNotOfTheirNames) {
  const auto root = read_trusted_root(logs({sigstore_path("mock/rekor.pub")}));
  const auto copied = file(sigstore_file("mock/rekor.pub"));
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(read_trusted_root(logs({copied}))->id, root->id);
  EXPECT_NE(read_trusted_root(ct_logs({copied}))->id, root->id);
  EXPECT_NE(read_trusted_root(logs({copied, copied}))->id, root->id);
  const auto other = sigstore_path("mock/evilrekor.pub");
  EXPECT_NE(read_trusted_root(logs({other}))->id, root->id);
}

TEST_F(RootOfFiles, NamesTheFileThatIsAtFault) {
  const auto missing = (folder_ / "nowhere").string();
  const auto none = read_trusted_root(whole_root(missing));
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::NotFound);
  EXPECT_NE(none.error().message.find(missing), std::string::npos);
  const auto key_for_certificate = sigstore_path("mock/rekor.pub");
  const auto wrong = read_trusted_root(authorities({key_for_certificate}));
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().message.find(key_for_certificate), std::string::npos);
}

TEST_F(RootOfFiles, RefusesWhatIsNotThatPart) {
  EXPECT_EQ(code_of(authorities({sigstore_path("mock/rekor.pub")})), "Malformed");
  EXPECT_EQ(code_of(logs({kFulcio})), "Malformed");
  EXPECT_EQ(code_of(timestampers({file("")})), "Malformed");
  EXPECT_EQ(code_of(whole_root(kFulcio)), "Malformed");
}

TEST_F(RootOfFiles, IsOneFileOrItsPartsAndNeverBothOrNeither) {
  EXPECT_EQ(code_of({}), "Misconfigured");
  EXPECT_EQ(code_of({sigstore_path("mock/trusted_root.json"), {kFulcio}, {}, {}, {}}), "Misconfigured");
  EXPECT_EQ(code_of(whole_root(sigstore_path("mock/trusted_root.json"))), "ok");
}

TEST_F(RootOfFiles, ReadsNoMoreThanTheLimits) {
  auto key = sigstore_file("mock/rekor.pub");
  key.resize(limits::kKeyFile, '\n');
  EXPECT_EQ(code_of(logs({file(key)})), "ok");
  EXPECT_EQ(code_of(logs({file(key + "\n")})), "LimitExceeded");
  auto root = sigstore_file("mock/trusted_root.json");
  root.resize(limits::kTrustedRoot, '\n');
  EXPECT_EQ(code_of(whole_root(file(root))), "ok");
  EXPECT_EQ(code_of(whole_root(file(root + "\n"))), "LimitExceeded");
  EXPECT_EQ(code_of(whole_root("/dev/zero")), "Misconfigured");

  TrustedRootFiles many;
  many.transparency_logs = Paths(limits::kTrustedRootEntries, sigstore_path("mock/rekor.pub"));
  EXPECT_EQ(code_of(many), "ok");
  many.transparency_logs.push_back(many.transparency_logs.front());
  EXPECT_EQ(code_of(many), "LimitExceeded");
}

}  // namespace
}  // namespace tegata::testing
