// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/aws_scan.h"

// An answer of ListFindings or of ListCoverage: both readers of one text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::verifier;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto page = read_inspector_findings(body, tegata::fuzz::image());
  tegata::fuzz::examine(page);
  tegata::fuzz::examine_pages({page, page});
  const auto coverage = read_inspector_coverage(body, tegata::fuzz::image());
  tegata::fuzz::demand(coverage.findings.empty());
  const auto report = inspector_report(coverage, page.report);
  tegata::fuzz::demand(!coverage.gap || report.gap);
  tegata::fuzz::demand(!page.report.gap || report.gap);
  return 0;
}
