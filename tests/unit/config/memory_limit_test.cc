// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/memory_limit.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "policy/model/limits.h"
#include "webhook/config/size.h"

namespace tegata::webhook {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMiB = 1024 * 1024;

TEST(MemoryCgroups, ReadsBothVersions) {
  // Recorded: a container under containerd with cgroup namespaces; a node with both; version 1 in Docker.
  EXPECT_EQ(memory_cgroups("0::/\n").unified, "/");
  const auto both = memory_cgroups(
      "13:cpuset:/\n12:memory:/kubepods/burstable/pod1/c1\n4:cpu,cpuacct:/x\n1:name=systemd:/y\n0::/"
      "system.slice\n");
  EXPECT_EQ(both.memory, "/kubepods/burstable/pod1/c1");
  EXPECT_EQ(both.unified, "/system.slice");
  EXPECT_EQ(memory_cgroups("3:cpu,memory:/docker/a:b\n").memory, "/docker/a:b");
  for (const auto* text : {"", "\n", "0:", "0::", "memory", "1:memories:/a", "1:memory:relative", ":::"}) {
    EXPECT_FALSE(memory_cgroups(text).memory) << text;
    EXPECT_FALSE(memory_cgroups(text).unified) << text;
  }
}

TEST(ParseMemoryMax, TellsALimitFromNone) {
  EXPECT_EQ(parse_memory_max("268435456\n"), 268435456U);
  EXPECT_EQ(parse_memory_max("0\n"), 0U);
  for (const auto* text : {"max\n", "", "12x", "-1", "9223372036854771712\n", "99999999999999999999"})
    EXPECT_FALSE(parse_memory_max(text)) << text;
}

struct MemoryLimitTest : ::testing::Test {
  MemoryLimitTest() {
    auto name = (fs::temp_directory_path() / "tegata-cgroup-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~MemoryLimitTest() override { fs::remove_all(folder); }
  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << text;
    return (folder / name).string();
  }
  MemoryLimit limit(const std::string& cgroup) const {
    return memory_limit_of_process(write("cgroup", cgroup), (folder / "fs").string());
  }
  fs::path folder;
};

TEST_F(MemoryLimitTest, TakesTheLowestOfTheGroupAndThoseAboveIt) {
  write("fs/pods/memory.max", "300\n");
  write("fs/pods/c1/memory.max", "max\n");
  EXPECT_EQ(limit("0::/pods/c1\n").bytes, 300U);
  write("fs/pods/c1/memory.max", "200\n");
  EXPECT_EQ(limit("0::/pods/c1\n").bytes, 200U);
  EXPECT_EQ(limit("0::/pods/c1\n").source, (folder / "fs/pods/c1/memory.max").string());
}

TEST_F(MemoryLimitTest, AContainerSeesItsOwnGroupAtTheRootOfTheMount) {
  write("fs/memory.max", "268435456\n");
  EXPECT_EQ(limit("0::/\n").bytes, 256 * kMiB);
  EXPECT_EQ(limit("0::/kubepods/not/mounted/here\n").bytes, 256 * kMiB);
}

TEST_F(MemoryLimitTest, ReadsVersion1) {
  write("fs/memory/memory.limit_in_bytes", "9223372036854771712\n");
  write("fs/memory/docker/a/memory.limit_in_bytes", "1000\n");
  EXPECT_EQ(limit("4:memory:/docker/a\n").bytes, 1000U);
}

TEST_F(MemoryLimitTest, WithoutALimitItIsHalfOfTheMachineAndAtMost2Gi) {
  write("fs/memory.max", "max\n");
  for (const auto* cgroup : {"0::/\n", "", "nonsense"}) {
    EXPECT_GT(limit(cgroup).bytes, 0U);
    EXPECT_LE(limit(cgroup).bytes, limits::kMemoryWithoutLimit);
  }
}

/// All that the process may need at one time.
std::uint64_t sum_of(const MemoryShares& shares) {
  return limits::kProgramMemory + limits::kParsing + limits::kJsonTree + shares.candidates + shares.bodies +
         shares.connections * limits::kIdleConnection + shares.signature_cache + 2 * shares.small_cache +
         shares.records + shares.evidence;
}

TEST(MemoryShares, TheLeastLimitHoldsTheLargestRequestAndTheLargestImage) {
  const auto shares = shares_of(limits::kLeastMemory);
  // MemoryBudget keeps an eighth for small reservations, BodyBudget a quarter for small bodies.
  EXPECT_GE(shares.candidates / 8 * 7, limits::kImageMemory);
  EXPECT_GE(shares.bodies / 4 * 3, limits::kAdmissionBody);
  EXPECT_GE(shares.connections, 1000U);
  EXPECT_EQ(shares_of(1).candidates, shares.candidates);
}

TEST(MemoryShares, TogetherAreNoMoreThanTheLimit) {
  for (std::uint64_t mib = 352; mib < 4096; mib += 7)
    EXPECT_LE(sum_of(shares_of(mib * kMiB)), mib * kMiB) << mib;
}

TEST(MemoryShares, ABigMachineIsHeldToTheBoundsOfEach) {
  const auto shares = shares_of(64ULL << 30U);
  EXPECT_EQ(shares.bodies, limits::kBodiesInFlight);
  EXPECT_EQ(shares.signature_cache, limits::kCacheBytes);
  EXPECT_EQ(shares.small_cache, limits::kTagCacheBytes);
  EXPECT_EQ(shares.records, limits::kAuditQueueBytes);
  EXPECT_EQ(shares.evidence, limits::kEvidenceQueueBytes);
  EXPECT_EQ(shares.connections, limits::kConnections);
  EXPECT_GT(shares.candidates, 24ULL << 30U);
}

TEST(ParseSize, ReadsBytesAndUnits) {
  EXPECT_EQ(*parse_size("0"), 0U);
  EXPECT_EQ(*parse_size("123"), 123U);
  EXPECT_EQ(*parse_size("2Ki"), 2048U);
  EXPECT_EQ(*parse_size("256Mi"), 256 * kMiB);
  EXPECT_EQ(*parse_size("10GiB"), 10ULL << 30U);
  EXPECT_EQ(*parse_size("1024Ti"), 1024ULL << 40U);
  for (const auto* text : {"", "Mi", "1025Ti", "-1", "1.5Gi", "10 Gi", "10G", "10KB", "10B", "1iB", "1Mib",
                           "99999999999999999999"})
    EXPECT_FALSE(parse_size(text).ok()) << text;
}

}  // namespace
}  // namespace tegata::webhook
