// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/credential_place.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"
#include "tests/unit/audit/temporary_folder.h"
#include "tests/unit/aws/fake_environment.h"

namespace tegata::verifier {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using webhook::TemporaryFolder;
using Variables = std::map<std::string, std::string>;

constexpr const char* kRole = "arn:aws:iam::111122223333:role/tegata";

/// The kind of place, in a word.
std::string kind_of(const CredentialPlace& place) {
  constexpr std::array kWords{"keys", "webIdentity", "container", "metadata", "role"};
  return kWords.at(place.index());
}
std::string kind_in(const Variables& variables) {
  const auto found = find_configuration(environment_with(variables));
  return found.ok() ? kind_of(found->place) : std::string(name_of(found.error().code));
}

class CredentialPlaceTest : public ::testing::Test {
 protected:
  Variables with_files(const std::string& config, const std::string& credentials, Variables more = {}) {
    folder_.write("config", config);
    folder_.write("credentials", credentials);
    more["AWS_CONFIG_FILE"] = folder_.file("config");
    more["AWS_SHARED_CREDENTIALS_FILE"] = folder_.file("credentials");
    return more;
  }
  TemporaryFolder folder_;
};

TEST_F(CredentialPlaceTest, IsTheFirstThatTheSdksWouldUse) {
  auto all = with_files("", "[default]\naws_access_key_id=AKID\naws_secret_access_key=SECRET\n",
                        {{"AWS_ACCESS_KEY_ID", "AKID"},
                         {"AWS_SECRET_ACCESS_KEY", "SECRET"},
                         {"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"},
                         {"AWS_ROLE_ARN", kRole},
                         {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}});
  EXPECT_EQ(kind_in(all), "keys");
  all.erase("AWS_ACCESS_KEY_ID"), all.erase("AWS_SECRET_ACCESS_KEY");
  EXPECT_EQ(kind_in(all), "webIdentity");
  all.erase("AWS_WEB_IDENTITY_TOKEN_FILE"), all.erase("AWS_ROLE_ARN");
  EXPECT_EQ(kind_in(all), "keys") << "of the profile";
  all.erase("AWS_SHARED_CREDENTIALS_FILE");
  EXPECT_EQ(kind_in(all), "container");
  all.erase("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  EXPECT_EQ(kind_in(all), "metadata");
  all["AWS_EC2_METADATA_DISABLED"] = "true";
  EXPECT_EQ(kind_in(all), "Unauthorized");
}

TEST_F(CredentialPlaceTest, HalfAPairIsAnErrorAndNoReasonToLookFurther) {
  EXPECT_EQ(kind_in({{"AWS_ACCESS_KEY_ID", "AKID"}}), "Misconfigured");
  EXPECT_EQ(kind_in({{"AWS_SECRET_ACCESS_KEY", "SECRET"}}), "Misconfigured");
  EXPECT_EQ(kind_in({{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}}), "Misconfigured");
  EXPECT_EQ(kind_in(with_files("", "[default]\naws_access_key_id=AKID\n")), "Misconfigured");
}

TEST_F(CredentialPlaceTest, ARoleOfAProfileIsTakenWithItsSource) {
  const auto found = find_configuration(environment_with(with_files(
      "[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/tegata\nsource_profile = base\nexternal_id "
      "= abc\n"
      "duration_seconds = 900\nrole_session_name = gate\n",
      "[base]\naws_access_key_id=AKID\naws_secret_access_key=SECRET\n", {{"AWS_PROFILE", "prod"}})));
  const auto& role = *std::get<std::shared_ptr<const RoleInProfile>>(found->place);
  EXPECT_EQ(role.role.external_id, "abc");
  EXPECT_EQ(role.duration, std::chrono::seconds(900));
  EXPECT_EQ(role.session_name, "gate");
  EXPECT_EQ(std::get<StaticKeys>(role.source).keys->access_key_id, "AKID");
}

TEST_F(CredentialPlaceTest, AProfileMayBeItsOwnSource) {
  const auto variables =
      with_files("",
                 "[default]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = default\n"
                 "aws_access_key_id=AKID\naws_secret_access_key=SECRET\n");
  EXPECT_EQ(kind_in(variables), "role");
}

TEST_F(CredentialPlaceTest, ProfilesFollowEachOtherUpToTheLimit) {
  const auto chain = [&](std::size_t roles) {
    std::string config;
    for (std::size_t i = 0; i < roles; ++i)
      config += "[profile p" + std::to_string(i) + "]\nrole_arn=" + kRole + "\nsource_profile=p" +
                std::to_string(i + 1) + "\n";
    return with_files(config,
                      "[p" + std::to_string(roles) + "]\naws_access_key_id=A\naws_secret_access_key=B\n",
                      {{"AWS_PROFILE", "p0"}});
  };
  EXPECT_EQ(kind_in(chain(limits::kAwsProfileChain)), "role");
  EXPECT_EQ(kind_in(chain(limits::kAwsProfileChain + 1)), "Misconfigured");
  EXPECT_EQ(
      kind_in(with_files(std::string("[profile a]\nrole_arn=") + kRole +
                             "\nsource_profile=b\n[profile b]\nrole_arn=" + kRole + "\nsource_profile=a\n",
                         "", {{"AWS_PROFILE", "a"}})),
      "Misconfigured")
      << "a circle";
}

TEST_F(CredentialPlaceTest, WhatIsNotBuiltIsRefusedByName) {
  for (const std::string word : {"sso_session", "sso_start_url", "credential_process", "login_session"}) {
    const auto found =
        find_configuration(environment_with(with_files("[default]\n" + word + " = s3cret\n", "")));
    EXPECT_THAT(found.error().message, HasSubstr(word + ", which is not in this version"));
    EXPECT_THAT(found.error().message, Not(HasSubstr("s3cret")));
  }
  EXPECT_EQ(kind_in(with_files(
                std::string("[default]\nmfa_serial=x\nrole_arn=") + kRole + "\nsource_profile=default\n",
                "[default]\naws_access_key_id=A\naws_secret_access_key=B\n")),
            "Misconfigured");
}

TEST_F(CredentialPlaceTest, OverHttpOnlyAddressesOfThisMachineServeCredentials) {
  for (const char* url : {"http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]/x",
                          "http://169.254.170.2/x", "http://169.254.170.23/v1/credentials",
                          "http://[fd00:ec2::23]/v1/credentials", "https://creds.example/x"})
    EXPECT_EQ(kind_in({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}), "container") << url;
  for (const char* url :
       {"http://creds.example/x", "http://10.0.0.1/x", "http://169.254.170.3/x", "ftp://127.0.0.1/x",
        "http://127.0.0.1@evil.example/x", "http://evil.example\\@127.0.0.1/", "http://127.0.0.1.evil/"})
    EXPECT_EQ(kind_in({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}), "Misconfigured") << url;
  for (const char* path : {"evil.example/", "@evil.example/", ".evil.example/", ":80@evil.example/"})
    EXPECT_EQ(kind_in({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path}}), "Misconfigured") << path;
  EXPECT_EQ(kind_in({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://evil.example"}}), "Misconfigured");
}

TEST_F(CredentialPlaceTest, ATokenWithALineBreakIsRefusedAndNotQuoted) {
  for (const char* token : {"s3cret\r\nX: y", "s3cret\n", "s3cret\x01"}) {
    const auto found =
        find_configuration(environment_with({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/"},
                                             {"AWS_CONTAINER_AUTHORIZATION_TOKEN", token}}));
    EXPECT_EQ(found.error().code, ErrorCode::Misconfigured);
    EXPECT_THAT(found.error().message, Not(HasSubstr("s3cret")));
    folder_.write("token", token);
    const auto read = read_token_file(folder_.file("token"));
    EXPECT_EQ(read.error().code, ErrorCode::Misconfigured);
    EXPECT_THAT(read.error().message, Not(HasSubstr("s3cret")));
  }
}

TEST_F(CredentialPlaceTest, ATokenFileHasUpToTheLimitOfBytes) {
  folder_.write("token", std::string(limits::kAwsIdentityToken, 'a'));
  EXPECT_TRUE(read_token_file(folder_.file("token")).ok());
  folder_.write("token", std::string(limits::kAwsIdentityToken + 1, 'a'));
  EXPECT_FALSE(read_token_file(folder_.file("token")).ok());
  folder_.write("token", "");
  EXPECT_FALSE(read_token_file(folder_.file("token")).ok());
}

}  // namespace
}  // namespace tegata::verifier
