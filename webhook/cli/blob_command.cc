// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/blob_command.h"

#include <ostream>

#include "policy/model/limits.h"
#include "verifier/crypto/base64.h"
#include "verifier/sigstore/blob_verifier.h"
#include "webhook/cli/artifact.h"
#include "webhook/cli/print_blob.h"
#include "webhook/clock.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook::cli {
namespace {

using BlobOutcome = verifier::OrRejection<verifier::ProvenSigner>;

ExitCode refuse(const char* command, const Error& error, ExitCode code, const Terminal& terminal) {
  terminal.err << command << ": " << error.message << "\n";
  return code;
}

// Of what is named on the command line and not there; what is there and makes no sense is Usage.
ExitCode code_of(const Error& error) {
  return error.code == ErrorCode::NotFound ? ExitCode::Unchecked : ExitCode::Usage;
}

// The two spellings in which signatures are kept; only one of them can hold.
Result<std::vector<std::string>> read_signature(const std::string& path) {
  TEGATA_TRY(auto raw, read_file(path, limits::kKeyFile));
  auto text = raw;  // base64's lines, as `base64` and openssl write them
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
  auto decoded = verifier::decode_base64(text);
  std::vector signatures{std::move(raw)};
  if (decoded) signatures.push_back(*std::move(decoded));
  return signatures;
}

bool has_root(const RootOptions& root) { return !root.trusted_root.empty() || !root.default_root.empty(); }

// A key whose bundle nobody could hold against a log is held against none.
AuthorityOptions with_log_where_known(AuthorityOptions options) {
  if (!options.key.empty() && !has_root(options.root)) options.transparency_log = Demand::NotRequired;
  return options;
}

Status check_choice(const VerifyBlobOptions& options) {
  if (options.signature.empty() == options.bundle.empty())
    return misconfigured("give either --signature FILE or --bundle FILE");
  if (options.signature.empty()) return done();
  if (!options.authority.type.empty())
    return misconfigured(
        "--type asks for an attestation, which is in a bundle: give --bundle in place of --signature");
  if (!options.authority.key.empty()) return done();
  if (options.authority.certificate.empty())
    return misconfigured(
        "say whose signature is wanted: --key FILE; or, as a bare signature brings no certificate along, "
        "--certificate FILE with --certificate-identity and --certificate-oidc-issuer");
  if (options.authority.transparency_log == Demand::Required)
    return misconfigured(
        "a bare signature brings no log entry along: give --bundle FILE, or say with "
        "--insecure-ignore-tlog that you do without");
  return done();
}

AuthorityOptions authority_for(const VerifyBlobOptions& options) {
  auto authority = options.authority;
  if (!options.signature.empty() && !authority.key.empty()) authority.transparency_log = Demand::NotRequired;
  return authority;
}

Result<BlobOutcome> verify(const VerifyBlobOptions& options, const Authority& authority,
                           const verifier::TrustMaterial& trust, Time at) {
  TEGATA_TRY(const auto artifact, Artifact::read(options.artifact));
  if (options.bundle.empty()) {
    TEGATA_TRY(const auto signatures, read_signature(options.signature));
    return verifier::verify_blob_signature(artifact.message(), signatures, authority, trust, at);
  }
  TEGATA_TRY(const auto bundle, read_file(options.bundle, limits::kBundle));
  return verifier::verify_blob_bundle(artifact.message(), bundle, verifier::Speaks::AsAskedFor, authority,
                                      trust, at);
}

Result<BlobOutcome> verify(const VerifyBundleOptions& options, const Authority& authority,
                           const verifier::TrustMaterial& trust, Time at) {
  TEGATA_TRY(const auto artifact, Artifact::read_or_digest(options.artifact));
  TEGATA_TRY(const auto bundle, read_file(options.bundle, limits::kBundle));
  return verifier::verify_blob_bundle(artifact.message(), bundle, verifier::Speaks::AnyBundle, authority,
                                      trust, at);
}

template <typename Options>
ExitCode run(const char* command, const Options& options, const AuthorityOptions& asked,
             const Terminal& terminal) {
  verifier::TrustMaterial trust;
  const auto authority = authority_of(asked, trust);
  if (!authority.ok()) return refuse(command, authority.error(), code_of(authority.error()), terminal);
  const Time at = now();
  const auto outcome = verify(options, *authority, trust, at);
  if (!outcome.ok()) return refuse(command, outcome.error(), ExitCode::Unchecked, terminal);
  print_blob({options.artifact, *outcome, *authority, at}, options.format, terminal);
  return std::holds_alternative<Rejection>(*outcome) ? ExitCode::Denied : ExitCode::Ok;
}

}  // namespace

ExitCode run_verify_bundle(const VerifyBundleOptions& options, const Terminal& terminal) {
  return run("tegata verify-bundle", options, with_log_where_known(options.authority), terminal);
}

ExitCode run_verify_blob(const VerifyBlobOptions& options, const Terminal& terminal) {
  constexpr auto kCommand = "tegata verify-blob";
  if (const auto choice = check_choice(options); !choice.ok())
    return refuse(kCommand, choice.error(), ExitCode::Usage, terminal);
  return run(kCommand, options, authority_for(options), terminal);
}

}  // namespace tegata::webhook::cli
