// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/memory_limit.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "policy/model/limits.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook {
namespace {

constexpr std::size_t kCgroupFile = 64 * 1024;
// Version 1 writes the largest multiple of the page size where there is no limit.
constexpr std::uint64_t kNoLimit = 1ULL << 60U;

bool lists_memory(std::string_view controllers) {
  while (true) {
    const auto comma = controllers.find(',');
    if (controllers.substr(0, comma) == "memory") return true;
    if (comma == std::string_view::npos) return false;
    controllers.remove_prefix(comma + 1);
  }
}

/// Takes the lowest limit in `file` of the folder `path` below `mount`, and of those above it.
void take_lowest(std::optional<MemoryLimit>& lowest, const std::string& mount, std::string path,
                 const std::string& file) {
  while (true) {
    const auto name = mount + path + (path.ends_with('/') ? "" : "/") + file;
    const auto text = read_file(name, kCgroupFile);
    const auto bytes = text.ok() ? parse_memory_max(*text) : std::nullopt;
    if (bytes && (!lowest || *bytes < lowest->bytes)) lowest = MemoryLimit{*bytes, name};
    if (path.empty() || path == "/") return;
    path.erase(path.rfind('/'));
  }
}

std::uint64_t memory_of_machine() {
  const auto pages = ::sysconf(_SC_PHYS_PAGES);
  const auto bytes = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || bytes <= 0) return 0;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(bytes);
}

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20U) + "Mi"; }

}  // namespace

MemoryCgroups memory_cgroups(std::string_view text) {
  MemoryCgroups found;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto first = line.find(':');
    const auto second = line.find(':', first == line.npos ? first : first + 1);
    if (second == line.npos || second + 1 == line.size() || line[second + 1] != '/') continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    if (line.substr(0, first) == "0" && controllers.empty())
      found.unified = line.substr(second + 1);
    else if (lists_memory(controllers))
      found.memory = line.substr(second + 1);
  }
  return found;
}

std::optional<std::uint64_t> parse_memory_max(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::uint64_t bytes = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (failed != std::errc() || end != text.data() + text.size() || bytes >= kNoLimit) return std::nullopt;
  return bytes;
}

MemoryLimit memory_limit_of_process(const std::string& proc_self_cgroup, const std::string& mounts) {
  std::optional<MemoryLimit> lowest;
  if (const auto text = read_file(proc_self_cgroup, kCgroupFile); text.ok()) {
    const auto cgroups = memory_cgroups(*text);
    if (cgroups.unified) take_lowest(lowest, mounts, *cgroups.unified, "memory.max");
    if (cgroups.memory) take_lowest(lowest, mounts + "/memory", *cgroups.memory, "memory.limit_in_bytes");
  }
  if (lowest) return *std::move(lowest);
  const auto half = memory_of_machine() / 2;
  const auto bytes = half == 0 ? limits::kLeastMemory : std::min(half, limits::kMemoryWithoutLimit);
  return {bytes, "no cgroup has a limit: half of the machine's memory, at most 2Gi"};
}

MemoryShares shares_of(std::uint64_t limit) {
  const auto shared =
      std::max(limit, limits::kLeastMemory) - limits::kProgramMemory - limits::kParsing - limits::kJsonTree;
  const auto share = [part = shared / 32](std::uint64_t parts, std::uint64_t most) {
    return static_cast<std::size_t>(std::min(part * parts, most));
  };
  constexpr std::uint64_t kUnbounded = ~0ULL;
  constexpr auto kOfConnections = limits::kConnections * limits::kIdleConnection;
  return {.candidates = share(15, kUnbounded),
          .bodies = share(5, limits::kBodiesInFlight),
          .connections = share(3, kOfConnections) / limits::kIdleConnection,
          .signature_cache = share(3, limits::kCacheBytes),
          .small_cache = share(1, limits::kTagCacheBytes),
          .records = share(2, limits::kAuditQueueBytes),
          .evidence = share(2, limits::kEvidenceQueueBytes)};
}

std::map<std::string, std::string> shares_text(const MemoryLimit& limit, const MemoryShares& shares) {
  return {{"limit", mebibytes(limit.bytes)},
          {"source", limit.source},
          {"candidates", mebibytes(shares.candidates)},
          {"bodies", mebibytes(shares.bodies)},
          {"connections", std::to_string(shares.connections)},
          {"caches", mebibytes(shares.signature_cache + 2 * shares.small_cache)},
          {"records", mebibytes(shares.records)},
          {"evidence", mebibytes(shares.evidence)}};
}

}  // namespace tegata::webhook
