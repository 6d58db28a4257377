// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/subcommands.h"

#include <ostream>

#include "verifier/oci/registry_source.h"
#include "webhook/cli/read_input.h"
#include "webhook/cli/verification.h"
#include "webhook/clock.h"

namespace tegata::webhook::cli {
namespace {

ExitCode refuse(const Terminal& terminal, const std::string& why) {
  terminal.err << "tegata verify: " << why << "\n";
  return ExitCode::Usage;
}

}  // namespace

Result<std::map<std::string, std::string>> annotations_of(const VerifyOptions& options) {
  std::map<std::string, std::string> annotations;
  for (const auto& pair : options.annotations) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{ErrorCode::Misconfigured, "-a requires KEY=VALUE, not " + pair};
    if (!annotations.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second)
      return Error{ErrorCode::Misconfigured, "-a names the annotation " + pair.substr(0, equals) + " twice"};
  }
  if (!annotations.empty() && !options.authority.type.empty())
    return Error{ErrorCode::Misconfigured, "-a applies to signatures, and --type requires an attestation"};
  return annotations;
}

Result<Repository> signatures_of(const VerifyOptions& options, const ImageReference& image) {
  const bool given = !options.signature_repository.empty();
  const auto& text = given ? options.signature_repository : options.cosign_repository;
  if (text.empty()) return image.repository();
  auto repository = Repository::parse(text);
  if (!repository.ok())
    return Error{ErrorCode::Misconfigured,
                 std::string(given ? "--signature-repository" : "COSIGN_REPOSITORY") +
                     " is not a repository: " + text + ": " + repository.error().message};
  return repository;
}

ExitCode run_verify(const VerifyOptions& options, const Terminal& terminal) {
  const auto image = ImageReference::parse(options.image);
  if (!image.ok()) return refuse(terminal, options.image + ": " + image.error().message);
  const auto annotations = annotations_of(options);
  if (!annotations.ok()) return refuse(terminal, annotations.error().message);
  const auto signatures = signatures_of(options, *image);
  if (!signatures.ok()) return refuse(terminal, signatures.error().message);
  auto trust = std::make_shared<verifier::TrustMaterial>(TrustedRootFiles{}, verifier::Pipes::Read);
  const auto authority = authority_of(options.authority, *trust);
  if (!authority.ok()) return refuse(terminal, authority.error().message);
  auto configured = configured_registries(options.registries, "tegata verify", terminal);
  if (!configured.ok()) return refuse(terminal, configured.error().message);
  const auto registries = verifier::RegistrySource::open(std::move(configured->settings));
  if (!registries.ok()) return refuse(terminal, registries.error().message);

  const auto verification = verify_image(**registries, *image, *signatures, trust, *authority, *annotations,
                                         Deadline::after(options.timeout), now());
  switch (options.format) {
    case Format::Json:
      print_verification_json(verification, *authority, terminal);
      break;
    case Format::Table:
      print_verification(verification, *authority, terminal);
      break;
  }
  return verification.exit_code();
}

}  // namespace tegata::webhook::cli
