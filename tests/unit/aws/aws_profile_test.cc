// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/aws_profile.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"
#include "tests/unit/audit/temporary_folder.h"
#include "tests/unit/aws/fake_environment.h"

namespace tegata::verifier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using webhook::TemporaryFolder;

TEST(SharedFile, HasTheProfilesOfItsForm) {
  const auto config = *parse_shared_file(
      "# first\n[default]\nregion = eu-west-1\r\n\n[profile two]\nrole_arn=x=y\ns3 =\n  max_queue = 5\n"
      "[profile \"three four\"]\nRegion=us-east-1 \n[sso-session s]\nregion = gone\n[profile-odd]\na=b\n",
      SharedFile::Config);
  ASSERT_EQ(config.size(), 3U);
  EXPECT_THAT(config.at("default").values, ElementsAre(Pair("region", "eu-west-1")));
  EXPECT_THAT(config.at("two").values, ElementsAre(Pair("role_arn", "x=y"), Pair("s3", "")));
  EXPECT_EQ(config.at("three four").value("region"), "us-east-1");
  EXPECT_EQ(config.at("two").value("s3"), std::nullopt) << "without text it is absent";
  EXPECT_EQ(parse_shared_file("[profile x]\n", SharedFile::Credentials)->begin()->first, "profile x");
}

TEST(SharedFile, IsRefusedWithItsLineAndWithoutAQuote) {
  for (const char* text : {"key = s3cret", "[a\n", "[a] x\n", "[a]\ns3cret\n", "[a]\nk=s3cret\nk=v\n",
                           "[a]\n[a]\n", "  k = s3cret\n", "[a]\n= s3cret\n", "[a]\nk = s3\x01cret\n"}) {
    const auto parsed = parse_shared_file(text, SharedFile::Credentials);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_THAT(parsed.error().message, HasSubstr("line "));
    EXPECT_THAT(parsed.error().message, Not(HasSubstr("cret"))) << text;
  }
}

TEST(SharedFile, HasUpToTheLimitOfSections) {
  std::string text;
  for (std::size_t i = 0; i < limits::kAwsProfiles; ++i) text += "[p" + std::to_string(i) + "]\n";
  EXPECT_TRUE(parse_shared_file(text, SharedFile::Credentials).ok());
  EXPECT_EQ(parse_shared_file(text + "[more]\n", SharedFile::Credentials).error().code,
            ErrorCode::LimitExceeded);
}

TEST(AwsProfiles, UniteBothFilesAndPreferTheCredentials) {
  const TemporaryFolder home;
  home.write(".aws/config", "[default]\naws_access_key_id = FROMCONFIG\nregion = eu-west-1\n");
  home.write(".aws/credentials", "[default]\naws_access_key_id = FROMCREDENTIALS\n");
  const auto environment = environment_with({{"HOME", home.file("")}});
  const auto profile = *AwsProfiles::load(environment)->current(environment);
  EXPECT_EQ(profile.value("aws_access_key_id"), "FROMCREDENTIALS");
  EXPECT_EQ(region_of(environment, profile), "eu-west-1");
}

TEST(AwsProfiles, AreReadFromTheNamedFiles) {
  const TemporaryFolder folder;
  folder.write("c", "[profile p]\nregion = us-west-2\n");
  const auto environment = environment_with({{"AWS_CONFIG_FILE", folder.file("c")},
                                             {"AWS_SHARED_CREDENTIALS_FILE", folder.file("absent")},
                                             {"AWS_PROFILE", "p"}});
  EXPECT_EQ(AwsProfiles::load(environment)->current(environment)->value("region"), "us-west-2");
  const auto other = environment_with({{"AWS_CONFIG_FILE", folder.file("c")}, {"AWS_PROFILE", "q"}});
  EXPECT_THAT(AwsProfiles::load(other)->current(other).error().message,
              HasSubstr("AWS_PROFILE names the profile"));
}

TEST(AwsProfiles, AreReadUpToTheLimitOfBytes) {
  const TemporaryFolder folder;
  const std::string start = "[p]\n#";
  folder.write("ok", start + std::string(limits::kAwsSharedFile - start.size(), 'x'));
  folder.write("more", start + std::string(limits::kAwsSharedFile - start.size() + 1, 'x'));
  const auto load = [&](const std::string& name) {
    return AwsProfiles::load(environment_with({{"AWS_SHARED_CREDENTIALS_FILE", folder.file(name)}}));
  };
  EXPECT_TRUE(load("ok").ok());
  EXPECT_EQ(load("more").error().code, ErrorCode::Misconfigured);
}

TEST(AwsProfiles, RefuseASectionOfServicesByName) {
  const TemporaryFolder folder;
  folder.write("c", "[default]\nservices = mine\n");
  const auto environment = environment_with({{"AWS_CONFIG_FILE", folder.file("c")}});
  EXPECT_THAT(AwsProfiles::load(environment)->current(environment).error().message,
              HasSubstr("not in this version"));
}

}  // namespace
}  // namespace tegata::verifier
