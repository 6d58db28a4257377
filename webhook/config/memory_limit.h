// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tegata::webhook {

struct MemoryLimit {
  std::uint64_t bytes = 0;
  std::string source;  ///< the file that it was read from, or why there is none
};

/// The memory cgroups of a process, from its `/proc/self/cgroup` (cgroups(7)), as paths below the mounts.
struct MemoryCgroups {
  std::optional<std::string> unified;  ///< version 2: `0::PATH`
  std::optional<std::string> memory;   ///< version 1: `N:memory:PATH`
};
[[nodiscard]] MemoryCgroups memory_cgroups(std::string_view proc_self_cgroup);

/// The number in memory.max (version 2) or memory.limit_in_bytes (version 1). None: `max`, version 1's
/// largest number, which means the same, or not a number.
[[nodiscard]] std::optional<std::uint64_t> parse_memory_max(std::string_view text);

/// The lowest limit of the process's cgroup and those above it. Without one: half of the machine's memory, at
/// most limits::kMemoryWithoutLimit. Reads files, once at the start.
[[nodiscard]] MemoryLimit memory_limit_of_process(const std::string& proc_self_cgroup = "/proc/self/cgroup",
                                                  const std::string& mounts = "/sys/fs/cgroup");

/// How a process's memory is shared out, in bytes, after limits::kProgramMemory, limits::kParsing
/// and limits::kJsonTree.
struct MemoryShares {
  std::size_t candidates = 0;       ///< 15/32: MemoryBudget
  std::size_t bodies = 0;           ///< 5/32: of requests, at most limits::kBodiesInFlight
  std::size_t connections = 0;      ///< 3/32, at most limits::kConnections; a number, not bytes
  std::size_t signature_cache = 0;  ///< 3/32, at most limits::kCacheBytes
  std::size_t small_cache =
      0;  ///< 1/32 for tags and as much for all other kinds but signatures, at most limits::kTagCacheBytes
  std::size_t records = 0;   ///< 1/16: that wait, at most limits::kAuditQueueBytes
  std::size_t evidence = 0;  ///< 1/16: that waits, at most limits::kEvidenceQueueBytes
};
/// For a limit below limits::kLeastMemory, those of that.
[[nodiscard]] MemoryShares shares_of(std::uint64_t limit);

/// For the log line at the start: names and MiB.
[[nodiscard]] std::map<std::string, std::string> shares_text(const MemoryLimit& limit,
                                                             const MemoryShares& shares);

}  // namespace tegata::webhook
