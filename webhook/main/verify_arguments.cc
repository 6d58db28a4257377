// SPDX-License-Identifier: Apache-2.0
#include "webhook/main/command_line.h"

#include <cstdlib>

#include "webhook/cli/subcommands.h"
#include "webhook/main/arguments.h"
#include "webhook/main/usage_examples.h"

namespace tegata::webhook {
namespace {

constexpr const char* kRootVariable = "TEGATA_TRUSTED_ROOT";
constexpr const char* kStagingRootVariable = "TEGATA_STAGING_TRUSTED_ROOT";
constexpr const char* kRepositoryVariable = "COSIGN_REPOSITORY";

// CLI11's envname() is not used: a default must not look as if the user had given the option.
std::string from_environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread runs yet
  return value == nullptr ? "" : value;
}

}  // namespace

void add_verify(CLI::App& app, Runs& runs, const cli::Terminal& terminal) {
  auto options = std::make_shared<cli::VerifyOptions>();
  options->authority.root.default_root = from_environment(kRootVariable);
  auto* command =
      add_command(app, "verify", "Verify signatures or attestations of one image", kVerifyExamples);
  add_text(*command, "IMAGE", options->image, "IMAGE", "the image, by digest or by tag")->required();
  add_authority_options(*command, options->authority);
  add_list(*command, "-a,--annotations", options->annotations, "KEY=VALUE",
           "an annotation that must be signed; repeatable");
  options->cosign_repository = from_environment(kRepositoryVariable);
  add_text(*command, "--signature-repository", options->signature_repository, "HOST/PATH",
           "repository of the signatures, if not that of the image (default: COSIGN_REPOSITORY)");
  add_duration(*command, "--timeout", options->timeout, "time limit for the whole command (default: 20s)");
  add_format(*command, options->format);
  add_registries(*command, options->registries);
  runs[command] = [options, &terminal] { return cli::run_verify(*options, terminal); };
}

void add_scan(CLI::App& app, Runs& runs, const cli::Terminal& terminal) {
  auto options = std::make_shared<cli::ScanOptions>();
  options->authority.root.default_root = from_environment(kRootVariable);
  auto* command =
      add_command(app, "scan", "What scans say about the vulnerabilities of one image", kScanExamples);
  add_text(*command, "IMAGE", options->image, "IMAGE", "the image, by digest or by tag")->required();
  add_list(*command, "--scan-report", options->reports, "FILE",
           "a report of Trivy or Grype (JSON) about this image; repeatable");
  add_list(*command, "--source", options->sources, "ecr", "a service of AWS that is asked; repeatable");
  add_authority_options(*command, options->authority);
  add_duration(*command, "--timeout", options->timeout, "time limit for the whole command (default: 20s)");
  add_format(*command, options->format);
  add_registries(*command, options->registries);
  runs[command] = [options, &terminal] { return cli::run_scan(*options, terminal); };
}

void add_verify_bundle(CLI::App& app, Runs& runs, const cli::Terminal& terminal) {
  auto options = std::make_shared<cli::VerifyBundleOptions>();
  auto& default_root = options->authority.root.default_root;
  default_root = from_environment(kRootVariable);
  auto* command =
      add_command(app, "verify-bundle", "Verify a sigstore bundle about one file", kVerifyBundleExamples);
  add_text(*command, "FILE_OR_DIGEST", options->artifact, "FILE|sha256:HEX", "the file, or its digest")
      ->required();
  add_text(*command, "--bundle", options->bundle, "FILE", "the bundle, v0.1 to v0.3")->required();
  add_signer_options(*command, options->authority);
  command->add_flag_callback(
      "--staging", [&default_root] { default_root = from_environment(kStagingRootVariable); },
      "the default root is TEGATA_STAGING_TRUSTED_ROOT");
  add_format(*command, options->format);
  runs[command] = [options, &terminal] { return cli::run_verify_bundle(*options, terminal); };
}

void add_verify_blob(CLI::App& app, Runs& runs, const cli::Terminal& terminal) {
  auto options = std::make_shared<cli::VerifyBlobOptions>();
  options->authority.root.default_root = from_environment(kRootVariable);
  auto* command = add_command(app, "verify-blob", "Verify the signature of one file", kVerifyBlobExamples);
  add_text(*command, "FILE", options->artifact, "FILE", "the file that was signed")->required();
  add_text(*command, "--signature", options->signature, "FILE", "the signature, raw or in base64");
  add_text(*command, "--bundle", options->bundle, "FILE", "a sigstore bundle, v0.1 to v0.3");
  add_authority_options(*command, options->authority);
  add_format(*command, options->format);
  runs[command] = [options, &terminal] { return cli::run_verify_blob(*options, terminal); };
}

}  // namespace tegata::webhook
