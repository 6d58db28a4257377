// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/engine/engine.h"
#include "policy/model/deadline.h"
#include "policy/model/image_reference.h"
#include "policy/model/limits.h"
#include "webhook/cli/authority_options.h"
#include "webhook/cli/command.h"
#include "webhook/config/registry_options.h"

/// The subcommands and their options. Each is in the file of its name; `serve` is in webhook/serve.
namespace tegata::webhook::cli {

struct CheckOptions {
  std::vector<std::string> files;  ///< -f
  std::string policy;              ///< --policy
  std::string trusted_root;        ///< --trusted-root: for policies that name none; empty: none
  std::string as;                  ///< --as: a user, or for task definitions a role's ARN; empty: unknown
  std::vector<std::string> as_groups;
  std::string ns;                ///< -n; empty: `default`
  std::string account;           ///< --account: of task definitions
  std::string region;            ///< --region
  std::string cluster;           ///< --cluster: a name or an ARN
  std::string task_definitions;  ///< --task-definitions; empty: none
  policy::Mode mode = policy::Mode::Enforce;
  policy::Unmatched unmatched = policy::Unmatched::Allow;
  FailOn fail_on = FailOn::Deny;
  std::vector<std::string> scan_reports;  ///< --scan-report: in place of the sources of `vulnerabilities`
  Format format = Format::Table;
  RegistryOptions registries;
};

/// `tegata check`: judges the requests in files as `serve` would, and records nothing.
[[nodiscard]] ExitCode run_check(const CheckOptions& options, std::istream& standard_input,
                                 const Terminal& terminal);

struct VerifyOptions {
  std::string image;
  AuthorityOptions authority;
  std::vector<std::string> annotations;  ///< -a: K=V, all of them must be signed
  std::string signature_repository;      ///< HOST/PATH of the signatures; empty: see below
  std::string cosign_repository;         ///< COSIGN_REPOSITORY; empty: that of the image
  std::chrono::milliseconds timeout = limits::kFetch;
  Format format = Format::Table;
  RegistryOptions registries;
};

/// The annotations of -a. Misconfigured: not K=V, or one of them twice.
[[nodiscard]] Result<std::map<std::string, std::string>> annotations_of(const VerifyOptions& options);

/// The repository of the signatures of `image`: --signature-repository, otherwise COSIGN_REPOSITORY,
/// otherwise that of the image. Misconfigured; the message says which of the two is not a repository.
[[nodiscard]] Result<Repository> signatures_of(const VerifyOptions& options, const ImageReference& image);

/// `tegata verify`: whether an image has a signature, or an attestation, by this authority. 0: it has; 1:
/// it has none, or none that is valid; 2: this could not be checked; 64: usage.
[[nodiscard]] ExitCode run_verify(const VerifyOptions& options, const Terminal& terminal);

struct ScanOptions {
  std::string image;
  std::vector<std::string> reports;  ///< --scan-report
  std::vector<std::string> sources;  ///< --source, as written
  AuthorityOptions authority;        ///< whose vulnerability attestations count; none given: none
  std::chrono::milliseconds timeout = limits::kFetch;
  Format format = Format::Table;
  RegistryOptions registries;
};

/// `tegata scan`: what reports in files, in attestations by this authority, and services of AWS say about the
/// vulnerabilities of an image. 0: it was scanned, whatever was found; 1: it was not; 2: a source could not
/// be checked; 64: usage, or a report that is about another image.
[[nodiscard]] ExitCode run_scan(const ScanOptions& options, const Terminal& terminal);

struct VerifyBundleOptions {
  std::string artifact;  ///< a path, or `sha256:` and 64 hex digits if no file has this name
  std::string bundle;
  AuthorityOptions authority;
  Format format = Format::Table;
};

/// `tegata verify-bundle`: verifies a sigstore bundle for a file, with the interface of the conformance suite
/// of the Sigstore clients. With a key, the transparency log is required if there is a trusted root.
/// 0: verified; 1: rejected; 2: a file cannot be read; 64: usage.
[[nodiscard]] ExitCode run_verify_bundle(const VerifyBundleOptions& options, const Terminal& terminal);

struct VerifyBlobOptions {
  std::string artifact;   ///< a path
  std::string signature;  ///< a file, raw or in base64; or else:
  std::string bundle;
  AuthorityOptions authority;
  Format format = Format::Table;
};

/// `tegata verify-blob`: whether a file was signed by this authority. A bare signature by a key has no log
/// entry, so none is required. The same exit codes.
[[nodiscard]] ExitCode run_verify_blob(const VerifyBlobOptions& options, const Terminal& terminal);

struct ReplayOptions {
  std::string policy;              ///< --policy
  std::string trusted_root;        ///< --trusted-root: for policies that name none; empty: none
  std::string evidence_dir;        ///< --evidence-dir; empty: no evidence
  std::vector<std::string> audit;  ///< the audit files, the oldest first; `-`: standard input
  std::size_t jobs = 0;            ///< --jobs: threads that judge; 0: as many as there are cores
  Format format = Format::Table;
};

/// `tegata replay`: judges the records of audit files again, with the recorded time and options, under the
/// current policies.
///
/// A record of the same policy must give the same verdict, byte for byte except for texts that another
/// version words differently. If it does not, the record is printed and the exit code is 1. Otherwise the
/// exit code is 1 if the current policy denies because something violates or is missing (newly denied records
/// count by their wouldBe), 2 if it denies only what could not be checked or was not recorded, and 65 if
/// lines of the files cannot be read; such lines are reported and skipped.
[[nodiscard]] ExitCode run_replay(const ReplayOptions& options, const Terminal& terminal);

enum class Strictness { WarningsPass, WarningsFail };

/// `tegata policy lint PATH…`: of each path by itself, every error (64), or else every warning (0; 1 with
/// WarningsFail), each with file, line and column. 64 comes before 1. `now` decides which exemptions have
/// expired. `trusted_root`: --trusted-root, the root for policies that name none; empty: none.
[[nodiscard]] ExitCode run_policy_lint(const std::vector<std::string>& paths, const std::string& trusted_root,
                                       Strictness strictness, Time now, const Terminal& terminal);
/// `tegata policy schema`
[[nodiscard]] ExitCode run_policy_schema(const Terminal& terminal);
/// `tegata policy explain FIELD`; an empty field is the top level.
[[nodiscard]] ExitCode run_policy_explain(const std::string& field, const Terminal& terminal);

/// `tegata version`: the program's version and commit, and the libraries it was built with.
[[nodiscard]] ExitCode run_version(Format format, const Terminal& terminal);

/// What may follow an option.
enum class Follows { Nothing, Word, Path };

struct OptionWords {
  std::vector<std::string> names;  ///< `-o`, `--output`
  std::string help;
  Follows follows = Follows::Nothing;
};
/// One command for shell completion.
struct CommandWords {
  std::string path;  ///< `policy lint`; empty for the program itself
  std::string help;
  std::vector<OptionWords> options;
  std::vector<std::string> commands;  ///< names of subcommands
};

/// The script for `bash`, `zsh` or `fish`, generated from the options of the program; empty for
/// another shell.
[[nodiscard]] std::optional<std::string> completion_script(const std::string& shell,
                                                           const std::vector<CommandWords>& commands);

}  // namespace tegata::webhook::cli
