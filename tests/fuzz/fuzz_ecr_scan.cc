// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/aws_scan.h"

// An answer of DescribeImageScanFindings, or an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto page = tegata::verifier::read_ecr_scan(body);
  tegata::fuzz::examine(page);
  tegata::fuzz::examine_pages({page, page});
  const auto about =
      tegata::verifier::read_ecr_scan(body, {"123456789012", "shop/api", tegata::fuzz::image()});
  tegata::fuzz::examine(about);
  return 0;
}
