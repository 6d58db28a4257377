// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/aws_scan.h"

// An answer of GetFindings.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::verifier;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto page = read_security_hub_findings(body, tegata::fuzz::image());
  tegata::fuzz::examine(page);
  tegata::fuzz::examine_pages({page, page});
  const auto report = security_hub_report({page});
  tegata::fuzz::demand(report.gap || page.mentioned > 0);
  return 0;
}
