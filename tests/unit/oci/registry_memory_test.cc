// SPDX-License-Identifier: Apache-2.0
// What a RegistrySource with a bound on memory asks, and when.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "policy/model/limits.h"
#include "tests/support/fake_registry.h"
#include "tests/support/registry_fixture.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

using testing::ask;
using testing::content_of;
using testing::FakeRegistry;

std::string manifest_of(std::size_t bytes) {
  std::string text = R"({"schemaVersion":2,"layers":[]})";
  text.resize(bytes, ' ');
  return text;
}

struct RegistryMemory : ::testing::Test {
  FakeRegistry registry;
  std::unique_ptr<RegistrySource> source = [this] {
    RegistrySettings settings;
    settings.insecure_plain_http = {registry.host()};
    settings.credentials = std::make_shared<DockerCredentials>(DockerConfig());
    settings.memory = 16 * limits::kManifest;
    return *RegistrySource::open(std::move(settings));
  }();
  Repository repository() const { return {registry.host(), "fx/app"}; }
};

TEST_F(RegistryMemory, AnOrdinaryManifestIsOneRequestAndALargeOneIsTwo) {
  registry.hold_manifest("fx/app", "at", manifest_of(limits::kFirstAnswer));
  registry.hold_manifest("fx/app", "above", manifest_of(limits::kFirstAnswer + 1));
  registry.hold_manifest("fx/app", "most", manifest_of(limits::kManifest));
  registry.hold_manifest("fx/app", "more", manifest_of(limits::kManifest + 1));
  EXPECT_EQ(content_of(ask(*source, TagRequest{repository(), "at"})).bytes.size(), limits::kFirstAnswer);
  EXPECT_EQ(registry.total(), 1U);
  EXPECT_EQ(content_of(ask(*source, TagRequest{repository(), "above"})).bytes.size(),
            limits::kFirstAnswer + 1);
  EXPECT_EQ(registry.total(), 3U);
  EXPECT_EQ(content_of(ask(*source, TagRequest{repository(), "most"})).bytes.size(), limits::kManifest);
  EXPECT_EQ(ask(*source, TagRequest{repository(), "more"}).error().code, ErrorCode::LimitExceeded);
  EXPECT_EQ(registry.total(), 7U);
  // It is given back after the answer, on another thread.
  for (int tries = 0; tries < 1000 && source->memory()->used() > 0; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(source->memory()->used(), 0U);
}

TEST_F(RegistryMemory, TheDeadlineMayPassAtAnyMoment) {
  registry.hold_manifest("fx/app", "above", manifest_of(limits::kFirstAnswer + 1));
  for (int microseconds = 0; microseconds < 4000; microseconds += 10) {
    const auto until = Deadline::after(std::chrono::microseconds(microseconds));
    const auto answers = fetch_and_wait(
        *source, {TagRequest{repository(), "above"}, TagRequest{repository(), "absent"}}, until);
    EXPECT_EQ(answers.size(), 2U);
  }
}

TEST_F(RegistryMemory, WaitsForMemoryAndIsCutShortAtTheDeadline) {
  registry.hold_manifest("fx/app", "v1", manifest_of(100));
  std::vector<MemoryBudget::Reservation> all;
  while (auto more = source->memory()->try_reserve(limits::kSmallReservation))
    all.push_back(*std::move(more));
  const auto late =
      ask(*source, TagRequest{repository(), "v1"}, Deadline::after(std::chrono::milliseconds(50)));
  EXPECT_EQ(late.error().code, ErrorCode::CutShort);
  EXPECT_EQ(registry.total(), 0U);
  all.clear();
  EXPECT_TRUE(ask(*source, TagRequest{repository(), "v1"}).ok());
}

TEST_F(RegistryMemory, WhatTheCallerReservedIsAskedAtOnce) {
  const auto bytes = manifest_of(limits::kFirstAnswer + 1);
  const auto digest = registry.hold_blob("fx/app", bytes);
  const auto blob = ask(*source, BlobRequest{repository(), digest, bytes.size(), Memory::Reserved});
  EXPECT_EQ(content_of(blob).bytes, bytes);
  EXPECT_EQ(registry.total(), 1U);
}

}  // namespace
}  // namespace tegata::verifier
