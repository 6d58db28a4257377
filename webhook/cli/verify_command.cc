// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/verify_command.h"

#include <ostream>

#include "webhook/cli/open_registries.h"
#include "webhook/clock.h"
#include "webhook/cli/verification.h"

namespace tegata::webhook::cli {
namespace {

ExitCode refuse(const Terminal& terminal, const std::string& why) {
  terminal.err << "tegata verify: " << why << "\n";
  return ExitCode::Usage;
}

Result<std::map<std::string, std::string>> annotations_of(const std::vector<std::string>& pairs) {
  std::map<std::string, std::string> annotations;
  for (const auto& pair : pairs) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{ErrorCode::Misconfigured, "-a wants KEY=VALUE, not " + pair};
    if (!annotations.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second)
      return Error{ErrorCode::Misconfigured, "-a names the annotation " + pair.substr(0, equals) + " twice"};
  }
  return annotations;
}

}  // namespace

ExitCode run_verify(const VerifyOptions& options, const Terminal& terminal) {
  if (options.log == TransparencyLog::Required)
    return refuse(
        terminal,
        "transparency logs cannot be verified in this version, and an answer without them would not be "
        "the one you asked for; --insecure-ignore-tlog says that you do without");
  const auto image = ImageReference::parse(options.image);
  if (!image.ok()) return refuse(terminal, options.image + ": " + image.error().message);
  const auto annotations = annotations_of(options.annotations);
  if (!annotations.ok()) return refuse(terminal, annotations.error().message);
  auto trust = std::make_shared<verifier::TrustMaterial>();
  const auto key = trust->key(options.key);
  if (!key.ok()) return refuse(terminal, "--key: " + key.error().message);
  const auto registries = open_registries(options.registries, "tegata verify", terminal);
  if (!registries.ok()) return refuse(terminal, registries.error().message);

  const auto verification = verify_image(**registries, *image, trust, key_authority(*key, options.key), *annotations,
                                         Deadline::after(options.timeout), now());
  switch (options.format) {
    case Format::Json:
      print_verification_json(verification, options.key, terminal);
      break;
    case Format::Table:
      print_verification(verification, options.key, terminal);
      break;
  }
  return verification.exit_code();
}

}  // namespace tegata::webhook::cli
