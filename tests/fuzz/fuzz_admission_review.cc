// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "webhook/kubernetes/admission_review.h"
#include "webhook/kubernetes/manifests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::webhook::kubernetes;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto review = parse_admission_review(text, {});
  if (review.ok()) (void)admission_response(*review, {}, "id");
  (void)read_manifests(text, {}, {});
  return 0;
}
