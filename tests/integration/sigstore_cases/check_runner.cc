// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/sigstore_cases/check_runner.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "webhook/cli/subcommands.h"
#include "webhook/cli/verification.h"
#include "webhook/main/arguments.h"

namespace tegata::testing {
namespace {

using namespace webhook;

// Hours after the recordings: their own CA's certificates are valid for years, Fulcio's were for minutes.
constexpr Time kThatDay = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(12);

Result<cli::VerifyOptions> options_of(const RecordedCheck& check) {
  cli::VerifyOptions options;
  CLI::App app;
  add_authority_options(app, options.authority);
  app.add_option("-a,--annotations", options.annotations)->allow_extra_args(false);
  try {
    app.parse(std::vector(check.arguments.rbegin(), check.arguments.rend()));
  } catch (const CLI::ParseError& wrong) {
    return Error{ErrorCode::Misconfigured, wrong.what()};
  }
  return options;
}

CheckResult result_of(const cli::Verification& verification) {
  const auto code = verification.exit_code();
  if (code == cli::ExitCode::Ok) return {"verified", ""};
  if (code != cli::ExitCode::Denied)
    return {"unknown", verification.unknown ? verification.unknown->message : "exit code"};
  if (verification.absent) return {"rejected", "no such image"};
  if (verification.too_many) return {"rejected", "too many candidates"};
  if (!verification.other_claims.empty()) return {"rejected", "other annotations"};
  if (verification.rejected.empty()) return {"rejected", "no candidate"};
  const Rejection& first = verification.rejected.front();
  return {"rejected", std::string(name_of(first.reason)) + ": " + first.detail};
}

Result<CheckResult> run(const RecordedCheck& check, const CaseSource& where) {
  TEGATA_TRY(const auto recorded, ImageReference::parse(check.image));
  if (!recorded.digest()) return Error{ErrorCode::Malformed, "the check names no digest"};
  TEGATA_TRY(const auto image,
             ImageReference::parse(where.repository.text() + "@" + recorded.digest()->text()));
  TEGATA_TRY(const auto options, options_of(check));
  TEGATA_TRY(const auto annotations, cli::annotations_of(options));
  auto trust = std::make_shared<verifier::TrustMaterial>();
  TEGATA_TRY(const auto authority, cli::authority_of(options.authority, *trust));
  return result_of(cli::verify_image(where.source, image, image.repository(), trust, authority, annotations,
                                     Deadline::after(std::chrono::seconds(60)), kThatDay));
}

}  // namespace

CheckResult run_check(const RecordedCheck& check, const CaseSource& where) {
  const auto result = run(check, where);
  return result.ok() ? *result : CheckResult{"unknown", result.error().message};
}

}  // namespace tegata::testing
