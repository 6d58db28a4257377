// SPDX-License-Identifier: Apache-2.0
// Runs recorded cosign cases: every check that needs a key and nothing else must give its `expect`.
#include <CLI/CLI.hpp>
#include <iomanip>
#include <iostream>

#include "tests/integration/sigstore_cases/case_server.h"

namespace {

using namespace tegata;
using namespace tegata::testing;

struct Counts {
  std::size_t checks = 0, ran = 0, mismatches = 0, either = 0, not_held = 0;
  std::map<std::string, std::size_t> skipped;
};

void print_row(const std::string& name, const std::string& check, const std::string& expected,
               const std::string& got) {
  std::cout << std::left << std::setw(44) << name << ' ' << std::setw(20) << check << ' ' << std::setw(9)
            << expected << ' ' << got << '\n';
}

void run(const RecordedCase& one, const RecordedCheck& check, const CaseSource& where,
         const std::filesystem::path& fixtures, Counts& counts) {
  const CheckResult result = run_check(check, where, fixtures);
  ++counts.ran;
  const bool answered = result.got == "verified" || result.got == "rejected";
  const bool good = check.expect == "either" ? answered : result.got == check.expect;
  if (check.expect == "either") ++counts.either;
  if (!good) ++counts.mismatches;
  print_row(
      one.name, check.label, check.expect,
      (good ? "" : "MISMATCH ") + result.got + (result.detail.empty() ? "" : " (" + result.detail + ")"));
}

void run(const RecordedCase& one, CaseServer& server, const std::filesystem::path& fixtures, Counts& counts) {
  const auto where = server.serve(one);
  for (const RecordedCheck& check : one.checks) {
    ++counts.checks;
    if (check.needs) {
      ++counts.skipped[*check.needs];
      print_row(one.name, check.label, check.expect, "skipped: needs " + *check.needs);
    } else if (where.ok()) {
      run(one, check, *where, fixtures, counts);
    } else if (where.error().code == ErrorCode::NotFound) {
      ++counts.not_held;
      print_row(one.name, check.label, check.expect, "skipped: not held here: " + where.error().message);
    } else {
      ++counts.ran;
      ++counts.mismatches;
      print_row(one.name, check.label, check.expect, "MISMATCH unknown (" + where.error().message + ")");
    }
  }
}

void print(const Counts& counts) {
  std::cout << "\nchecks " << counts.checks << ", ran " << counts.ran << " (either " << counts.either
            << "), mismatches " << counts.mismatches << ", not held here " << counts.not_held;
  for (const auto& [need, number] : counts.skipped) std::cout << ", skipped for " << need << ' ' << number;
  std::cout << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Runs recorded cosign cases against the verifier.");
  std::filesystem::path cases, fixtures;
  std::optional<std::size_t> must_run;
  app.add_option("--cases", cases, "Folder of cases: NAME/case.json, NAME/oci")->required();
  app.add_option("--fixtures", fixtures, "What keys/ and mock/ in arguments are relative to")->required();
  app.add_option("--must-run", must_run, "Fail unless exactly so many checks were run");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    return app.exit(failure) == 0 ? 0 : 64;
  }
  const auto read = read_cases(cases);
  if (!read.ok()) {
    std::cerr << read.error().message << '\n';
    return 64;
  }
  const auto server = recorded_layouts();
  Counts counts;
  for (const auto& one : *read) run(one, *server, fixtures, counts);
  print(counts);
  const bool all_ran = !must_run || counts.ran == *must_run;
  if (!all_ran) std::cout << "expected " << *must_run << " checks to be run\n";
  return counts.mismatches == 0 && all_ran ? 0 : 1;
}
