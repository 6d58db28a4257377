// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "policy/model/printable.h"
#include "policy/rules/pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (tegata::printable(text, 64).size() > 64) std::abort();
  const auto glob = tegata::policy::ImageGlob::parse(text);
  if (glob.ok()) (void)glob->matches({"registry.example", "a/b"});
  const auto image = tegata::ImageReference::parse(text);
  if (!image.ok()) return 0;
  const auto again = tegata::ImageReference::parse(image->canonical());
  if (!again.ok() || !(*again == *image) || again->repository() != image->repository()) std::abort();
  const auto own = tegata::policy::ImageGlob::parse(image->repository().text());
  if (own.ok() && !own->matches(image->repository())) std::abort();
  return 0;
}
