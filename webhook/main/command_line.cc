// SPDX-License-Identifier: Apache-2.0
#include "webhook/main/command_line.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

#include "policy/model/limits.h"
#include "webhook/cli/subcommands.h"
#include "webhook/clock.h"
#include "webhook/config/read_file.h"
#include "webhook/config/size.h"
#include "webhook/main/arguments.h"
#include "webhook/main/usage_error.h"
#include "webhook/main/usage_examples.h"
#include "webhook/serve/serve_settings.h"

namespace tegata::webhook {
namespace {

using cli::ExitCode;
using cli::Terminal;

/// Options that are reserved but not implemented yet: they are an error, never silently ignored.
void refuse_options(CLI::App& app, const std::vector<std::string>& names) {
  for (const auto& name : names)
    app.add_option_function<std::vector<std::string>>(name,
                                                      [name](const std::vector<std::string>&) {
                                                        throw CLI::ValidationError(name,
                                                                                   "not in this version");
                                                      })
        ->expected(0, 1)
        ->group("");
}

CLI::Option* add_trusted_root(CLI::App& app, std::string& trusted_root) {
  return add_text(app, "--trusted-root", trusted_root, "FILE",
                  "trusted_root.json for policies that do not name one (TEGATA_TRUSTED_ROOT)");
}

void add_unmatched(CLI::App& app, policy::Unmatched& unmatched) {
  add_choice<policy::Unmatched>(app, "--unmatched", unmatched,
                                {{"allow", policy::Unmatched::Allow},
                                 {"warn", policy::Unmatched::Warn},
                                 {"deny", policy::Unmatched::Deny}},
                                "what happens to a request that no policy matches (default: allow)");
}

void add_dry_run(CLI::App& app, policy::Mode& mode) {
  app.add_flag_callback(
      "--dry-run", [&mode] { mode = policy::Mode::DryRun; }, "judge and report, but deny nothing");
}

void add_check(CLI::App& app, Runs& runs, const Terminal& terminal) {
  auto options = std::make_shared<cli::CheckOptions>();
  auto* command = add_command(
      app, "check", "Judge manifests, AdmissionReviews, task definitions and AWS events", kCheckExamples);
  add_list(*command, "-f,--filename", options->files, "FILE|DIR|-",
           "what to judge; repeatable; - is standard input")
      ->required();
  add_text(*command, "--policy", options->policy, "FILE|DIR", "the policies")->required();
  add_trusted_root(*command, options->trusted_root)->envname("TEGATA_TRUSTED_ROOT");
  add_text(*command, "--as", options->as, "USER|ROLE-ARN",
           "who applies the manifests, or the role that deploys the task definitions");
  add_list(*command, "--as-group", options->as_groups, "GROUP", "a group of that user; repeatable");
  add_text(*command, "-n,--namespace", options->ns, "NAMESPACE",
           "namespace of manifests that do not name one (default: default)");
  add_text(*command, "--account", options->account, "ACCOUNT",
           "AWS account of task definitions whose ARN does not contain it");
  add_text(*command, "--region", options->region, "REGION",
           "AWS region of task definitions whose ARN does not contain it");
  add_text(*command, "--cluster", options->cluster, "NAME|ARN", "ECS cluster in which task definitions run");
  add_text(*command, "--task-definitions", options->task_definitions, "DIR",
           "the task definitions that events name, one *.json file each");
  add_dry_run(*command, options->mode);
  add_unmatched(*command, options->unmatched);
  add_choice<cli::FailOn>(*command, "--fail-on", options->fail_on,
                          {{"warn", cli::FailOn::Warn}, {"dryrun", cli::FailOn::DryRun}},
                          "exit with 1 or 2 for findings of this cost, too");
  add_list(*command, "--scan-report", options->scan_reports, "FILE",
           "a report of Trivy or Grype (JSON) to judge one of the images by, unverified, in place of the "
           "policy's scan sources; repeatable");
  add_format(*command, options->format);
  add_registries(*command, options->registries);
  refuse_options(*command, {"--world"});
  runs[command] = [options, &terminal] { return cli::run_check(*options, std::cin, terminal); };
}

void add_policy(CLI::App& app, Runs& runs, const Terminal& terminal) {
  auto* command = add_command(app, "policy", "Check and explain policy documents", kPolicyExamples);
  command->require_subcommand(1);
  auto paths = std::make_shared<std::vector<std::string>>();
  auto trusted_root = std::make_shared<std::string>();
  auto strict = std::make_shared<bool>(false);
  auto* lint = add_command(*command, "lint", "Errors and warnings of a policy, with file, line and column",
                           kPolicyExamples);
  lint->add_option("PATH", *paths, "policies, each file or folder by itself")
      ->type_name("FILE|DIR")
      ->required();
  add_trusted_root(*lint, *trusted_root)->envname("TEGATA_TRUSTED_ROOT");
  lint->add_flag("--strict", *strict, "exit with 1 if there are warnings");
  runs[lint] = [paths, trusted_root, strict, &terminal] {
    return cli::run_policy_lint(*paths, *trusted_root,
                                *strict ? cli::Strictness::WarningsFail : cli::Strictness::WarningsPass,
                                now(), terminal);
  };
  auto* schema = add_command(*command, "schema", "The JSON Schema of a policy document", kPolicyExamples);
  runs[schema] = [&terminal] { return cli::run_policy_schema(terminal); };
  auto field = std::make_shared<std::string>();
  auto* explain =
      add_command(*command, "explain", "What a field of a policy document means", kPolicyExamples);
  add_text(*explain, "FIELD", *field, "FIELD", "for example spec.rules.tag; default: the top level");
  runs[explain] = [field, &terminal] { return cli::run_policy_explain(*field, terminal); };
}

void add_replay(CLI::App& app, Runs& runs, const Terminal& terminal) {
  auto options = std::make_shared<cli::ReplayOptions>();
  auto* command = add_command(app, "replay", "Judge recorded decisions again, offline", kReplayExamples);
  command
      ->add_option("AUDIT", options->audit,
                   "audit logs of tegata serve, the oldest first; - is standard input")
      ->type_name("FILE|-")
      ->required();
  add_text(*command, "--policy", options->policy, "FILE|DIR", "the policies to judge by")->required();
  add_trusted_root(*command, options->trusted_root)->envname("TEGATA_TRUSTED_ROOT");
  add_text(*command, "--evidence-dir", options->evidence_dir, "DIR",
           "the evidence store of that tegata serve");
  command->add_option("--jobs", options->jobs, "threads that judge (default: as many as there are cores)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, limits::kReplayJobs));
  add_format(*command, options->format);
  runs[command] = [options, &terminal] { return cli::run_replay(*options, terminal); };
}

/// The options of `serve`. The command line comes first, then the environment, then the file of --config.
struct ServeOptions {
  ServeSettings settings;
  std::string config;
};

void add_serve_options(CLI::App& command, ServeOptions& options) {
  auto& settings = options.settings;
  add_text(command, "--config", options.config, "FILE",
           "a file with these options: NAME = \"VALUE\", one per line");
  add_text(command, "--policy", settings.policy, "FILE|DIR", "the policies");
  add_trusted_root(command, settings.trusted_root);
  add_text(command, "--listen", settings.listen, "HOST:PORT",
           "for the API server, TLS (default: 0.0.0.0:8443)");
  add_text(command, "--metrics-listen", settings.metrics_listen, "HOST:PORT",
           "for probes and metrics, plain HTTP (default: 0.0.0.0:8080)");
  add_text(command, "--tls-cert-file", settings.tls_cert_file, "FILE", "certificate chain, PEM");
  add_text(command, "--tls-private-key-file", settings.tls_private_key_file, "FILE", "its private key, PEM");
  add_text(command, "--client-ca-file", settings.client_ca_file, "FILE",
           "PEM certificates of the CA that issues the API server's client certificate");
  add_list(command, "--client-name", settings.client_names, "NAME",
           "exact DNS name or common name of a client that may use /validate; repeatable")
      ->delimiter(',');
  add_text(command, "--audit-log", settings.audit_log, "FILE|-",
           "where every decision is recorded; - is standard output");
  add_text(command, "--evidence-dir", settings.evidence_dir, "DIR",
           "folder for the bytes that facts were made from");
  add_duration(command, "--evidence-max-age", settings.evidence_max_age,
               "evidence that was not used for this long is removed; 0: never (default: 2160h)");
  add_size(command, "--evidence-max-size", settings.evidence_max_size,
           "above this the oldest evidence is removed; 0: never (default: 10Gi)");
  add_text(command, "--state-dir", settings.state_dir, "DIR",
           "folder for state that is kept across restarts");
  add_dry_run(command, settings.mode);
  command.add_flag_function(
      "--observe", [&settings](std::int64_t on) { settings.observe = on > 0 ? Observe::Yes : Observe::No; },
      "record digests and signatures for later policies, too (default: in dry-run)");
  add_unmatched(command, settings.unmatched);
  add_choice<OnAuditFailure>(command, "--on-audit-failure", settings.on_audit_failure,
                             {{"deny", OnAuditFailure::Deny}, {"allow", OnAuditFailure::Allow}},
                             "what happens to a decision that cannot be recorded (default: deny)");
  add_duration(command, "--min-budget", settings.min_budget,
               "if the caller leaves less time, onUnknown cannot soften CheckTimedOut (default: 5s)");
  add_duration(command, "--drain-grace", settings.drain_grace,
               "after SIGTERM, how long new requests are still answered (default: 5s)");
  add_list(command, "--insecure-plain-http", settings.insecure_plain_http, "HOST[:PORT]",
           "use plain HTTP for this registry; exact, repeatable")
      ->delimiter(',');
  add_size(command, "--memory-limit", settings.memory_limit,
           "memory that is shared out (default: that of the container)")
      ->check([](const std::string& text) -> std::string {
        const auto bytes = parse_size(text);
        return bytes.ok() && *bytes < limits::kSmallestMemory ? "less than 64Mi cannot be shared out" : "";
      });
  add_text(command, "--registry-ca", settings.registry_ca, "FILE",
           "PEM certificates to trust for registries, instead of those of the system");
  add_aws(command, settings.aws_roles, settings.aws_external_ids);
}

/// `TEGATA_TLS_CERT_FILE` for `--tls-cert-file`.
std::string variable_of(const CLI::Option& option) {
  std::string name = "TEGATA_" + option.get_single_name();
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

void fill(CLI::Option& option, const std::vector<std::string>& values) {
  for (const auto& value : values) option.add_result(value);
  option.run_callback();
}

void fill_from_environment(CLI::App& command) {
  for (auto* option : command.get_options()) {
    if (option->count() > 0 || option->get_single_name() == "help") continue;
    const char* value = std::getenv(variable_of(*option).c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value != nullptr && *value != '\0') fill(*option, {value});
  }
}

void fill_from_file(CLI::App& command, const std::string& path) {
  const auto text = read_file(path, limits::kPolicyFile);
  if (!text.ok()) throw CLI::FileError(text.error().message);
  std::istringstream lines(*text);
  for (const auto& item : CLI::ConfigTOML().from_config(lines)) {
    auto* option = item.parents.empty() ? command.get_option_no_throw("--" + item.name) : nullptr;
    if (option == nullptr || item.name == "help" || item.name == "config")
      throw CLI::ConfigError(path + ": unknown option " + item.fullname(), CLI::ExitCodes::ConfigError);
    if (option->count() == 0) fill(*option, item.inputs);
  }
}

void add_serve(CLI::App& app, Runs& runs, const Terminal& terminal) {
  auto options = std::make_shared<ServeOptions>();
  auto* command =
      add_command(app, "serve", "Answer a Kubernetes API server's admission reviews", kServeExamples);
  add_serve_options(*command, *options);
  runs[command] = [options, command, &terminal] {
    fill_from_environment(*command);
    if (!options->config.empty()) fill_from_file(*command, options->config);
    const auto served = run_serve(options->settings);
    if (served.ok()) return ExitCode::Ok;
    terminal.err << "tegata serve: " << served.error().message << "\n";
    return ExitCode::Usage;
  };
}

void add_version(CLI::App& app, Runs& runs, const Terminal& terminal) {
  auto format = std::make_shared<cli::Format>(cli::Format::Table);
  auto* command =
      add_command(app, "version", "The version, and the libraries it was built with", kVersionExamples);
  add_format(*command, *format);
  runs[command] = [format, &terminal] { return cli::run_version(*format, terminal); };
}

std::vector<std::string> dashed_names(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_snames()) names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

cli::Follows what_follows(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return cli::Follows::Nothing;
  const auto type = option.get_type_name();
  const bool path = type.find("FILE") != std::string::npos || type.find("DIR") != std::string::npos;
  return path ? cli::Follows::Path : cli::Follows::Word;
}

void collect_words(const CLI::App& app, const std::string& path, std::vector<cli::CommandWords>& all) {
  cli::CommandWords words{path, app.get_description(), {}, {}};
  for (const auto* option : app.get_options())
    if (!option->get_group().empty() && option->nonpositional())
      words.options.push_back({dashed_names(*option), option->get_description(), what_follows(*option)});
  const auto place = all.size();
  all.push_back(std::move(words));
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (sub->get_group().empty()) continue;
    all[place].commands.push_back(sub->get_name());
    collect_words(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), all);
  }
}

void add_completion(CLI::App& app, Runs& runs, const Terminal& terminal) {
  auto shell = std::make_shared<std::string>();
  auto* command = add_command(app, "completion", "A completion script for your shell", kCompletionExamples);
  add_text(*command, "SHELL", *shell, "bash|zsh|fish", "the shell")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  runs[command] = [shell, &app, &terminal] {
    std::vector<cli::CommandWords> words;
    collect_words(app, "", words);
    terminal.out << cli::completion_script(*shell, words).value();
    return ExitCode::Ok;
  };
}

void refuse_commands(CLI::App& app) {
  for (const char* name : {"report", "explain", "test"}) {
    auto* command = app.add_subcommand(name, "")->group("");
    command->prefix_command();
    command->set_help_flag();
    command->final_callback([name] { throw CLI::ValidationError(name, "not in this version"); });
  }
}

}  // namespace

ExitCode run_command_line(int argc, const char* const* argv, const Terminal& terminal) {
  CLI::App app("Tegata decides whether a deployment may run.", "tegata");
  app.require_subcommand(1);
  app.set_version_flag("--version", "tegata " TEGATA_VERSION);
  app.footer(kExamples);
  Runs runs;
  add_serve(app, runs, terminal);
  add_check(app, runs, terminal);
  add_verify(app, runs, terminal);
  add_scan(app, runs, terminal);
  add_verify_bundle(app, runs, terminal);
  add_verify_blob(app, runs, terminal);
  add_policy(app, runs, terminal);
  add_replay(app, runs, terminal);
  add_version(app, runs, terminal);
  add_completion(app, runs, terminal);
  refuse_commands(app);
  try {
    app.parse(argc, argv);
    for (const auto& [command, run] : runs)
      if (command->parsed()) return run();
    return ExitCode::Usage;
  } catch (const CLI::Success& success) {  // --help, --version
    app.exit(success, terminal.out, terminal.err);
    return ExitCode::Ok;
  } catch (const CLI::ParseError& wrong) {
    terminal.err << usage_error(app, wrong) << "\nSee tegata --help, or --help after a command.\n";
    return ExitCode::Usage;
  }
}

}  // namespace tegata::webhook
