// SPDX-License-Identifier: Apache-2.0
// Runs recorded cosign cases: every check must give its `expect`.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iomanip>
#include <iostream>

#include "tests/integration/sigstore_cases/case_server.h"

namespace {

using namespace tegata;
using namespace tegata::testing;

struct Counts {
  std::size_t checks = 0, ran = 0, mismatches = 0, either = 0, not_held = 0;
};

void print_row(const std::string& name, const std::string& check, const std::string& expected,
               const std::string& got) {
  std::cout << std::left << std::setw(44) << name << ' ' << std::setw(20) << check << ' ' << std::setw(9)
            << expected << ' ' << got << '\n';
}

void run(const RecordedCase& one, const RecordedCheck& check, const CaseSource& where, Counts& counts) {
  const CheckResult result = run_check(check, where);
  ++counts.ran;
  const bool answered = result.got == "verified" || result.got == "rejected";
  const bool good = check.expect == "either" ? answered : result.got == check.expect;
  if (check.expect == "either") ++counts.either;
  if (!good) ++counts.mismatches;
  print_row(
      one.name, check.label, check.expect,
      (good ? "" : "MISMATCH ") + result.got + (result.detail.empty() ? "" : " (" + result.detail + ")"));
}

// Cases that the place they are read from cannot hold: by name, with the reason.
using LeftOut = std::map<std::string, std::string>;

void run(const RecordedCase& one, CaseServer& server, const LeftOut& left_out, Counts& counts) {
  const auto where = server.serve(one);
  const auto reason = left_out.find(one.name);
  for (const RecordedCheck& check : one.checks) {
    ++counts.checks;
    if (reason != left_out.end()) {
      ++counts.not_held;
      print_row(one.name, check.label, check.expect, "skipped: not held here: " + reason->second);
    } else if (where.ok()) {
      run(one, check, *where, counts);
    } else {
      ++counts.ran;
      ++counts.mismatches;
      print_row(one.name, check.label, check.expect, "MISMATCH unknown (" + where.error().message + ")");
    }
  }
}

void print(const Counts& counts) {
  std::cout << "\nchecks " << counts.checks << ", ran " << counts.ran << " (either " << counts.either
            << "), mismatches " << counts.mismatches << ", not held here " << counts.not_held << '\n';
}

struct Options {
  std::filesystem::path cases, fixtures, left_out;
  std::string registry;
  bool serve = false;
  std::optional<std::size_t> must_run;
};

void describe(CLI::App& app, Options& options) {
  app.add_option("--cases", options.cases, "Folder of cases: NAME/case.json, NAME/oci")->required();
  app.add_option("--fixtures", options.fixtures, "What keys/ and mock/ in arguments are relative to")
      ->required();
  app.add_option("--must-run", options.must_run, "Fail unless exactly so many checks were run");
  auto* serve =
      app.add_flag("--serve", options.serve,
                   "Read through the registry client, from a server with referrers in pages of three");
  app.add_option("--registry", options.registry, "Read from this registry, over plain HTTP")->excludes(serve);
  app.add_option("--left-out", options.left_out, "File of cases that it does not hold: NAME REASON a line");
}

Result<std::unique_ptr<CaseServer>> server_for(const Options& options) {
  if (options.serve) return served_layouts(options.cases);
  if (!options.registry.empty()) return live_registry(options.registry);
  return recorded_layouts();
}

LeftOut read_left_out(const std::filesystem::path& path) {
  LeftOut left_out;
  std::ifstream file(path);
  for (std::string name, reason; file >> name && std::getline(file >> std::ws, reason);)
    left_out[name] = reason;
  return left_out;
}

int run(Options options) {
  options.cases = std::filesystem::absolute(options.cases);
  if (!options.left_out.empty()) options.left_out = std::filesystem::absolute(options.left_out);
  std::filesystem::current_path(options.fixtures);  // to which paths in arguments are relative
  const auto cases = read_cases(options.cases);
  const auto server = server_for(options);
  for (const Error* error : {cases.ok() ? nullptr : &cases.error(), server.ok() ? nullptr : &server.error()})
    if (error) {
      std::cerr << error->message << '\n';
      return 64;
    }
  const LeftOut left_out = read_left_out(options.left_out);
  Counts counts;
  for (const auto& one : *cases) run(one, **server, left_out, counts);
  print(counts);
  const bool all_ran = !options.must_run || counts.ran == *options.must_run;
  if (!all_ran) std::cout << "expected " << *options.must_run << " checks to be run\n";
  return counts.mismatches == 0 && all_ran ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Runs recorded cosign cases against the verifier. Exit codes: 0 every verdict as expected, 1 not, 64 "
      "usage.");
  Options options;
  describe(app, options);
  try {
    app.parse(argc, argv);
    return run(options);
  } catch (const CLI::ParseError& failure) {
    return app.exit(failure) == 0 ? 0 : 64;
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 64;
  }
}
