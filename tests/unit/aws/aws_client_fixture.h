// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <string>

#include "policy/model/rfc3339.h"
#include "tests/support/fake_registry.h"
#include "tests/unit/audit/temporary_folder.h"
#include "tests/unit/aws/fake_environment.h"
#include "verifier/aws/aws_client.h"

namespace tegata::verifier {

using namespace std::chrono_literals;
using testing::FakeRegistry;
using testing::Reply;
using testing::ServedRequest;

inline const std::string kSecretKey = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
inline const std::string kSessionToken = "FwoGZXIvYXdzEBYaDHsessiontokenexample";

/// One server stands in for all services of AWS, and another for those that only this machine reaches.
class AwsClientTest : public ::testing::Test {
 protected:
  AwsClientTest() {
    variables_ = {{"AWS_ENDPOINT_URL", "http://" + aws_.host()},
                  {"AWS_REGION", "eu-west-1"},
                  {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                  {"AWS_SECRET_ACCESS_KEY", kSecretKey},
                  {"AWS_SESSION_TOKEN", kSessionToken}};
  }
  void without_keys() {
    for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
      variables_.erase(name);
  }
  AwsClient& client() {
    if (client_ == nullptr) {
      AwsSettings settings;
      settings.environment = environment_with(variables_);
      settings.roles = roles_;
      settings.first_pause = 1ms;
      settings.now = [this] { return now_.load(); };
      client_ = std::make_unique<AwsClient>(std::move(settings));
    }
    return *client_;
  }
  AwsOutcome call(AwsCall call = {AwsService::Ecr, "DescribeImages", "{}"},
                  Deadline deadline = Deadline::after(std::chrono::seconds(30))) {
    std::promise<AwsOutcome> promise;
    client().call(std::move(call), deadline,
                  [&](AwsOutcome outcome) { promise.set_value(std::move(outcome)); });
    return promise.get_future().get();
  }
  AwsFailure failure(AwsCall of = {AwsService::Ecr, "DescribeImages", "{}"}) {
    auto outcome = call(std::move(of));
    EXPECT_TRUE(std::holds_alternative<AwsFailure>(outcome)) << std::get<std::string>(outcome);
    auto failed = std::get<AwsFailure>(std::move(outcome));
    for (const auto& secret : {kSecretKey, kSessionToken, std::string("s3cret")})
      EXPECT_THAT(failed.error.message, ::testing::Not(::testing::HasSubstr(secret)));
    return failed;
  }
  std::string endpoint_answer(const std::string& id, std::chrono::milliseconds lifetime) const {
    return R"({"Code":"Success","AccessKeyId":")" + id +
           R"(","SecretAccessKey":"s3cret-s3cret","Token":"t0ken","Expiration":")" +
           rfc3339(now_.load() + lifetime) + "\"}";
  }
  std::string sts_answer(const std::string& operation, const std::string& id,
                         std::chrono::milliseconds lifetime) const {
    return "<" + operation + "Response><" + operation + "Result><Credentials><AccessKeyId>" + id +
           "</AccessKeyId><SecretAccessKey>s3cret-s3cret</SecretAccessKey><SessionToken>t0ken</"
           "SessionToken><Expiration>" +
           rfc3339(now_.load() + lifetime) + "</Expiration></Credentials></" + operation + "Result></" +
           operation + "Response>";
  }
  /// The access key with which each request to the services was signed.
  std::vector<std::string> signers() const {
    std::vector<std::string> ids;
    for (const auto& request : aws_.requests()) {
      const auto header = request.header("authorization");
      const auto at = header.find("Credential=");
      ids.push_back(at == header.npos ? "" : header.substr(at + 11, header.find('/', at) - at - 11));
    }
    return ids;
  }

  std::atomic<Time> now_{Time(1'790'000'000'000ms)};
  FakeRegistry aws_;
  FakeRegistry machine_;
  webhook::TemporaryFolder folder_;
  std::map<std::string, std::string> variables_;
  std::map<std::string, AwsRole> roles_;
  std::unique_ptr<AwsClient> client_;
};

}  // namespace tegata::verifier
