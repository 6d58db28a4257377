// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "policy/model/limits.h"
#include "verifier/sigstore/root/trusted_root.h"

// A trusted root. What is read keeps the bounds, names every log by a hash, has no authority without
// certificates, and believes no log that has no start.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::verifier;
  const auto root = parse_trusted_root({reinterpret_cast<const char*>(data), size});
  if (!root.ok()) return 0;
  for (const auto* logs : {&root->transparency_logs, &root->certificate_timestamp_logs}) {
    if (logs->size() > tegata::limits::kTrustedRootEntries) std::abort();
    for (const auto& log : *logs)
      if (log.key_id.size() != 32 || (!log.valid.start && log.trusted_at(tegata::Time{}))) std::abort();
  }
  for (const auto& one : root->certificate_authorities)
    if (one.authority.chain().empty()) std::abort();
  return 0;
}
