// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <set>

#include "policy/model/deployment_request.h"
#include "policy/model/reason.h"
#include "policy/model/trust_settings.h"
#include "policy/model/verdict.h"

namespace tegata {
namespace {

TEST(Reason, HasAnUnmistakableNameThatReadsBack) {
  std::set<std::string_view> names;
  for (const auto& reason : all_reasons()) {
    EXPECT_TRUE(names.insert(reason.name).second) << reason.name;
    EXPECT_EQ(reason_of(name_of(reason.code)), reason.code);
  }
  EXPECT_EQ(reason_of("Nonsense"), std::nullopt);
}

TEST(Reason, IsSaidInAFewWordsThatNoOtherShares) {
  std::set<std::string_view> words;
  for (const auto& reason : all_reasons()) {
    EXPECT_TRUE(words.insert(reason.words).second) << reason.name;
    EXPECT_LE(reason.words.size(), 60U) << reason.name;
  }
}

TEST(ErrorCode, HasAnUnmistakableNameThatReadsBack) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code)
    EXPECT_EQ(error_code_of(name_of(static_cast<ErrorCode>(code))), static_cast<ErrorCode>(code));
  EXPECT_EQ(error_code_of("Nonsense"), std::nullopt);
}

TEST(NoteError, KeepsTheFirstThatMayNotBeSoftenedElseTheFirst) {
  const Error mild{ErrorCode::Unavailable, "refused"}, milder{ErrorCode::RateLimited, "429"};
  for (const auto code :
       {ErrorCode::CutShort, ErrorCode::OwnRate, ErrorCode::AddressRefused, ErrorCode::UnexpectedAnswer,
        ErrorCode::LimitExceeded, ErrorCode::Internal, ErrorCode::Misconfigured}) {
    const Error strict{code, "strict"};
    std::optional<Error> kept;
    for (const auto& error : {mild, milder, strict, Error{ErrorCode::CutShort, "later"}, mild})
      note_error(kept, error);
    EXPECT_EQ(kept, strict);
  }
  std::optional<Error> kept;
  note_error(kept, mild);
  note_error(kept, milder);
  EXPECT_EQ(kept, mild);
}

TEST(Cost, ReadsItsNameBack) {
  for (const Cost cost : {Cost::Allow, Cost::DryRun, Cost::Warn, Cost::Deny})
    EXPECT_EQ(cost_of_name(name_of(cost)), cost);
  EXPECT_EQ(cost_of_name("Deny"), std::nullopt);
}

TEST(WorkloadOf, IsOneForADeploymentItsReplicaSetsAndTheirPods) {
  DeploymentRequest deployment, replica_set, pod;
  deployment.kind = "apps/v1 Deployment";
  deployment.name = "web";
  replica_set.kind = "apps/v1 ReplicaSet";
  replica_set.name = "web-7d4b9";
  replica_set.owner = Owner{"apps/v1 Deployment", "web", ""};
  pod.kind = "v1 Pod";
  pod.generate_name = "web-7d4b9-";
  pod.owner = Owner{"apps/v1 ReplicaSet", "web-7d4b9", "web"};
  for (const auto* request : {&deployment, &replica_set, &pod})
    EXPECT_EQ(workload_of(*request), "apps/v1 Deployment web");
  EXPECT_EQ(short_workload_of(pod), "Deployment web");
  pod.owner = Owner{"batch/v1 Job", "import-29000", ""};
  EXPECT_EQ(workload_of(pod), "batch/v1 Job import-29000");
  pod.owner.reset();
  EXPECT_EQ(workload_of(pod), "v1 Pod web-7d4b9-*");
}

TEST(TrustSettings, HoldEachKeyOnceInAFixedOrder) {
  const auto key = [](std::uint8_t fill) {
    Digest::Bytes bytes;
    bytes.fill(fill);
    return KeyId(bytes);
  };
  const auto a = TrustSettings::of(
      {key_authority(key(2), "b"), key_authority(key(1), "a"), key_authority(key(2), "again")});
  const auto b = TrustSettings::of({key_authority(key(1), "other"), key_authority(key(2), "names")});
  ASSERT_EQ(a->authorities.size(), 2U);
  EXPECT_EQ(a->authorities[0].name, "a");
  EXPECT_EQ(a->authorities[1].name, "b");
  EXPECT_EQ(a->id, b->id);
  EXPECT_NE(a->id, TrustSettings::of({key_authority(key(1), "a")})->id);
}

}  // namespace
}  // namespace tegata
