// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/aws_services.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "testdata_folder.h"
#include "tests/unit/aws/fake_environment.h"

namespace tegata::verifier {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Result<AwsEndpoint> endpoint(std::map<std::string, std::string> variables,
                             const std::string& region = "eu-west-1", AwsService service = AwsService::Ecr) {
  return endpoint_of(service, region, {"default"}, settings_with(std::move(variables)));
}

TEST(AwsEndpoint, IsThatOfBotocoreForEveryServicePartitionAndVariant) {
  const std::map<std::string, AwsService> services{{"ecr", AwsService::Ecr},
                                                   {"inspector2", AwsService::Inspector2},
                                                   {"securityhub", AwsService::SecurityHub},
                                                   {"ssm", AwsService::Ssm},
                                                   {"sts", AwsService::Sts}};
  std::ifstream table(TEGATA_TESTDATA "/aws/endpoints.tsv");
  int rows = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    std::string service, region, variant, url;
    fields >> service >> region >> variant >> url;
    std::map<std::string, std::string> variables;
    if (variant.find("fips") != variant.npos) variables["AWS_USE_FIPS_ENDPOINT"] = "true";
    if (variant.find("dual") != variant.npos) variables["AWS_USE_DUALSTACK_ENDPOINT"] = "true";
    const auto found = endpoint(variables, region, services.at(service));
    EXPECT_EQ(found.ok() ? found->url.text() : "none", url == "none" ? url : url + "/") << line;
    ++rows;
  }
  EXPECT_EQ(rows, 180);
}

TEST(AwsEndpoint, OfAServiceComesBeforeThatOfAll) {
  EXPECT_EQ(
      endpoint({{"AWS_ENDPOINT_URL", "https://all.example"}, {"AWS_ENDPOINT_URL_ECR", "https://ecr.example"}})
          ->url.host(),
      "ecr.example");
  EXPECT_EQ(endpoint({{"AWS_ENDPOINT_URL", "https://all.example"}})->url.host(), "all.example");
  EXPECT_EQ(endpoint({{"AWS_ENDPOINT_URL_STS", "https://sts.example"}})->url.host(),
            "api.ecr.eu-west-1.amazonaws.com");
}

TEST(AwsEndpoint, OfTheProfileComesLastAndCanBeIgnored) {
  const AwsProfile profile{"p", {{"endpoint_url", "https://profile.example"}}};
  const auto host = [&](std::map<std::string, std::string> variables) {
    return endpoint_of(AwsService::Ecr, "eu-west-1", profile, settings_with(std::move(variables)))
        ->url.host();
  };
  EXPECT_EQ(host({}), "profile.example");
  EXPECT_EQ(host({{"AWS_ENDPOINT_URL", "https://all.example"}}), "all.example");
  EXPECT_EQ(host({{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}}), "api.ecr.eu-west-1.amazonaws.com");
}

TEST(AwsEndpoint, RefusesWhatWouldSendCredentialsElsewhere) {
  for (const char* url : {"http://ecr.example", "ftp://ecr.example", "https://user:pw@ecr.example",
                          "ecr.example", "https://ecr.example/path", "https://ecr.example/?q=1",
                          "https://ecr.example#f", "http://169.254.169.254", "https://ecr.example\r\nX: y"}) {
    const auto found = endpoint({{"AWS_ENDPOINT_URL", url}});
    ASSERT_FALSE(found.ok()) << url;
    EXPECT_EQ(found.error().code, ErrorCode::Misconfigured) << url;
    EXPECT_THAT(found.error().message, Not(HasSubstr("pw@")));
  }
}

TEST(AwsEndpoint, MayBePlainHttpOnLoopbackAndWhereTheOperatorSaysSo) {
  EXPECT_TRUE(endpoint({{"AWS_ENDPOINT_URL", "http://127.0.0.1:5000"}})->configured);
  EXPECT_TRUE(endpoint({{"AWS_ENDPOINT_URL", "http://localhost:5000/"}}).ok());
  auto settings = settings_with({{"AWS_ENDPOINT_URL", "http://moto.test:5000"}});
  settings.insecure_plain_http = {"moto.test:5000"};
  EXPECT_TRUE(endpoint_of(AwsService::Ecr, "eu-west-1", {"p"}, settings).ok());
  settings.insecure_plain_http = {"moto.test"};
  EXPECT_FALSE(endpoint_of(AwsService::Ecr, "eu-west-1", {"p"}, settings).ok());
}

TEST(AwsPartition, IsOfRegionsOnly) {
  for (const char* region : {"us-east-1", "ap-southeast-12", "us-gov-west-1", "us-isob-east-1",
                             "eusc-de-east-1", "cn-northwest-1", "il-central-1"})
    EXPECT_TRUE(partition_of(region)) << region;
  for (const char* region : {"", "s3", "s3-us-west-2", "us-east", "us-east-1.evil", "us-east-1-",
                             "us--east-1", "US-EAST-1", "us-east-123", "u-east-1", "euscx-de-east-1",
                             "us-east-1\n", "us-e4st-1", "us-abcdefghijklmnopqrstuvwxyzabc-1"})
    EXPECT_FALSE(partition_of(region)) << region;
}

TEST(AwsEndpoint, NeedsARegion) {
  EXPECT_THAT(endpoint({}, "").error().message, HasSubstr("AWS_REGION"));
  EXPECT_THAT(endpoint({}, "s3").error().message, HasSubstr("not the name of an AWS region"));
}

TEST(AwsRole, IsTheArnOfARole) {
  EXPECT_EQ(*account_of_role("arn:aws:iam::111122223333:role/tegata"), "111122223333");
  EXPECT_EQ(*account_of_role("arn:aws-us-gov:iam::111122223333:role/a/b/te+g=a,t.a@x"), "111122223333");
  for (const char* arn :
       {"", "tegata", "arn:aws:iam::111122223333:user/tegata", "arn:aws:sts::111122223333:role/x",
        "arn:aws:iam:eu-west-1:111122223333:role/x", "arn:aws:iam::1111222233334:role/x",
        "arn:aws:iam::111122223333:role/", "arn:aws:iam::111122223333:role/x y",
        "arn:aws:iam::111122223333:role/x&Action=y", "arn:evil:iam::111122223333:role/x"})
    EXPECT_FALSE(account_of_role(arn).ok()) << arn;
}

TEST(AwsRole, HasAnExternalIdOfTheLengthThatStsTakes) {
  EXPECT_FALSE(check_external_id("x").ok());
  EXPECT_TRUE(check_external_id("ab").ok());
  EXPECT_TRUE(check_external_id(std::string(1224, 'a')).ok());
  EXPECT_FALSE(check_external_id(std::string(1225, 'a')).ok());
  EXPECT_FALSE(check_external_id("a b").ok());
}

}  // namespace
}  // namespace tegata::verifier
