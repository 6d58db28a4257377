// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/subcommands.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/crypto/hash.h"
#include "webhook/audit/verdict_json.h"
#include "webhook/cli/command.h"
#include "webhook/cli/decision_table.h"
#include "webhook/cli/read_input.h"
#include "webhook/cli/scan_reports.h"
#include "webhook/clock.h"
#include "webhook/ecs/names.h"
#include "webhook/engine/engine.h"

namespace tegata::webhook::cli {
namespace {

ExitCode refuse(const Terminal& terminal, const Error& error) {
  terminal.err << "tegata check: " << error.message << "\n";
  return ExitCode::Usage;
}

/// Where task definitions would run. The ARN of a cluster also contains account and region.
Result<EcsPlace> place_of(const CheckOptions& options) {
  EcsPlace place{options.account, options.region, std::nullopt};
  if (!place.account.empty() && !ecs::is_account(place.account))
    return Error{ErrorCode::Misconfigured,
                 "--account must be 12 digits, not " + tegata::quoted(place.account)};
  if (options.cluster.empty()) return place;
  const auto arn = ecs::Arn::parse(options.cluster);
  const auto name = ecs::last_name(options.cluster);
  if (name.empty() || name.find_first_of(":/") != std::string::npos ||
      (arn && (arn->service != "ecs" || !arn->resource.starts_with("cluster/"))))
    return Error{ErrorCode::Misconfigured, "--cluster must be the name or the ARN of an ECS cluster, not " +
                                               tegata::quoted(options.cluster)};
  place.cluster = name;
  if (!arn) return place;
  if ((!place.account.empty() && place.account != arn->account) ||
      (!place.region.empty() && place.region != arn->region))
    return Error{ErrorCode::Misconfigured, "--account or --region does not match the ARN given as --cluster"};
  place.account = arn->account;
  place.region = arn->region;
  return place;
}

Result<InputContext> context_of(const CheckOptions& options) {
  InputContext context;
  // A random key: hashes of equal values have to be equal within this run only.
  context.hasher = [keyed = verifier::KeyedHash::generate()](std::string_view value) {
    return keyed.hex(value);
  };
  if (!options.ns.empty()) context.ns = options.ns;
  context.as = options.as;
  context.as_groups = options.as_groups;
  TEGATA_TRY(context.place, place_of(options));
  if (options.as.empty() && !options.as_groups.empty())
    return Error{ErrorCode::Misconfigured, "--as-group requires --as, which is not given"};
  if (!options.task_definitions.empty()) {
    TEGATA_TRY(context.definitions, ecs::read_task_definitions(options.task_definitions, context.hasher));
  }
  return context;
}

Result<std::vector<SourcedReading>> readings_of(const CheckOptions& options, std::istream& standard_input) {
  TEGATA_TRY(const auto context, context_of(options));
  TEGATA_TRY(const auto files, read_input_files(options.files, standard_input));
  std::vector<SourcedReading> all;
  for (const auto& file : files) {
    TEGATA_TRY(auto read, read_input(file, context));
    for (auto& each : read) all.push_back(std::move(each));
  }
  return all;
}

std::vector<DecisionItem> decide_all(const Decider& decider, std::vector<SourcedReading> readings) {
  std::vector<DecisionItem> items;
  for (auto& [source, reading] : readings) {
    auto answer = decider.decide({.reading = reading,
                                  .source = source,
                                  .now = now(),
                                  .deadline = Deadline::after(limits::kFetch),
                                  .budget = policy::CallerBudget::Enough});
    items.push_back({std::move(source), std::move(reading), std::move(answer.verdict), std::move(answer.id)});
  }
  return items;
}

/// Whether each image has a digest. One that could not be looked up may be the one that a report is about.
bool all_digests_known(const std::vector<DecisionItem>& items) {
  for (const auto& item : items)
    for (const auto& image : item.verdict.images)
      if (!image.digest) return false;
  return true;
}

/// The digests of all images that were judged.
std::vector<Digest> digests_of(const std::vector<DecisionItem>& items) {
  std::vector<Digest> digests;
  for (const auto& item : items)
    for (const auto& image : item.verdict.images)
      if (image.digest) digests.push_back(*image.digest);
  return digests;
}

void print(const std::vector<DecisionItem>& items, const policy::PolicySet& policies, Format format,
           const Terminal& terminal) {
  switch (format) {
    case Format::Json:
      terminal.out << decision_list(items).dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
                   << "\n";
      print_uncovered(items, terminal.err);
      return;
    case Format::Table:
      print_table(items, policies, terminal);
      print_uncovered(items, terminal.out);
      return;
  }
}

}  // namespace

ExitCode run_check(const CheckOptions& options, std::istream& standard_input, const Terminal& terminal) {
  auto loaded = load_policy(options.policy, options.trusted_root, terminal);
  if (!loaded) return ExitCode::Usage;
  auto readings = readings_of(options, standard_input);
  if (!readings.ok()) return refuse(terminal, readings.error());
  auto registries = configured_registries(options.registries, "tegata check", terminal);
  if (!registries.ok()) return refuse(terminal, registries.error());
  const auto reports = read_scan_reports(options.scan_reports);
  if (!reports.ok()) return refuse(terminal, reports.error());
  const auto engine = Engine::open(*std::move(loaded), {.registries = std::move(registries->settings),
                                                        .aws = std::move(registries->aws),
                                                        .mode = options.mode,
                                                        .unmatched = options.unmatched,
                                                        .scan_reports = reports_by_digest(*reports)});
  if (!engine.ok()) return refuse(terminal, engine.error());

  const auto decider = (*engine)->decider()->get();
  const auto items = decide_all(*decider, *std::move(readings));
  if (all_digests_known(items))
    if (const auto checked = check_reports(*reports, digests_of(items)); !checked.ok())
      return refuse(terminal, checked.error());
  print(items, decider->policies(), options.format, terminal);
  auto code = ExitCode::Ok;
  for (const auto& item : items) code = graver(code, exit_code_of(item.verdict, options.fail_on));
  return code;
}

}  // namespace tegata::webhook::cli
