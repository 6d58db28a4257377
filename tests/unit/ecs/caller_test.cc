// SPDX-License-Identifier: Apache-2.0
#include "webhook/ecs/call_record.h"

#include <gtest/gtest.h>

namespace tegata::webhook::ecs {
namespace {

TEST(CallerWithRole, IsTheRoleAsASessionIssuerNamesIt) {
  const std::string arn = "arn:aws-cn:iam::111122223333:role/deploy/shop";
  const auto caller = caller_with_role(arn);
  ASSERT_TRUE(caller.ok());
  EXPECT_EQ(caller->kind, EcsCallerKind::Role);
  EXPECT_EQ(caller->arn, arn);
  EXPECT_EQ(caller->account, "111122223333");
  EXPECT_EQ(who_of(*caller), arn);
}

TEST(CallerWithRole, RefusesASessionWithTheRoleAsAdvice) {
  const auto refused = caller_with_role("arn:aws-cn:sts::111122223333:assumed-role/shop/ci@7");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Misconfigured);
  EXPECT_NE(refused.error().message.find("arn:aws-cn:iam::111122223333:role/shop,"), std::string::npos)
      << refused.error().message;
  EXPECT_NE(refused.error().message.find("--role-name shop "), std::string::npos);
}

TEST(CallerWithRole, RefusesWhatIsNoRole) {
  for (const std::string text :
       {"", "alice", "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:role/a/", "arn:aws:iam::11112222333:role/a",
        "arn:aws:iam::11112222333x:role/a", "arn:aws:iam:eu-west-1:111122223333:role/a",
        "arn:aws:ecs::111122223333:role/a", "arn:aws:iam::111122223333:role/a\n",
        "arn:aws:sts::111122223333:federated-user/a"})
    EXPECT_FALSE(caller_with_role(text).ok()) << text;
}

}  // namespace
}  // namespace tegata::webhook::ecs
