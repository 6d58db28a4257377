// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "verifier/sigstore/proof/inclusion.h"

// A signed note. What was read is the whole of it: text, a blank line, signatures.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::verifier;
  const std::string_view note(reinterpret_cast<const char*>(data), size);
  const auto read = parse_checkpoint(note);
  const auto* checkpoint = std::get_if<Checkpoint>(&read);
  if (!checkpoint) return 0;
  if (!note.starts_with(checkpoint->text + "\n") || !checkpoint->text.starts_with(checkpoint->origin + "\n"))
    std::abort();
  if (checkpoint->tree_size < 0 || checkpoint->root_hash.size() != 32 || checkpoint->signatures.empty())
    std::abort();
  for (const auto& signature : checkpoint->signatures)
    if (signature.key_id.size() != 4 || signature.bytes.empty()) std::abort();
  return 0;
}
