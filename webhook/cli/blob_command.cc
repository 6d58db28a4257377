// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/subcommands.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "policy/model/digest.h"
#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "policy/model/result.h"
#include "verifier/crypto/public_key.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/sigstore/blob_verifier.h"
#include "verifier/sigstore/proof/prove_signer.h"
#include "webhook/cli/command.h"
#include "webhook/cli/verification.h"
#include "webhook/clock.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;
using verifier::ProvenSigner;
using BlobOutcome = verifier::OrRejection<verifier::ProvenSigner>;

/// A file that may be signed, or only its SHA-256 digest.
class Artifact {
 public:
  /// The file at `path`. NotFound, LimitExceeded above limits::kArtifact, Misconfigured.
  [[nodiscard]] static Result<Artifact> read(const std::string& path);
  /// The same; or `text` as a digest, if it is a valid digest and no file has this name.
  [[nodiscard]] static Result<Artifact> read_or_digest(const std::string& text);

  /// A view of this Artifact.
  [[nodiscard]] verifier::SignedMessage message() const;

 private:
  enum class Known { Bytes, Sha256 };
  Artifact(Known known, std::string text) : known_(known), text_(std::move(text)) {}
  Known known_;
  std::string text_;
};

Result<Artifact> Artifact::read(const std::string& path) {
  TEGATA_TRY(auto bytes, read_file(path, limits::kArtifact, verifier::Pipes::Read));
  return Artifact(Known::Bytes, std::move(bytes));
}

Result<Artifact> Artifact::read_or_digest(const std::string& text) {
  std::error_code failed;
  const auto digest = Digest::parse(text);
  if (!digest.ok() || std::filesystem::exists(text, failed)) return read(text);
  const auto& bytes = digest->bytes();
  return Artifact(Known::Sha256, std::string(bytes.begin(), bytes.end()));
}

verifier::SignedMessage Artifact::message() const {
  if (known_ == Known::Bytes) return verifier::SignedMessage::of_bytes(text_);
  return verifier::SignedMessage::of_digest(verifier::HashAlgorithm::Sha256, text_);
}

/// The result of verifying one file.
struct BlobVerification {
  const std::string& artifact;  ///< as written
  const verifier::OrRejection<verifier::ProvenSigner>& outcome;
  const Authority& authority;
  Time at;  ///< the time of verification
};

ProofWords proof_of(const ProvenSigner& proven) {
  return {proven.signer, proven.identity, proven.times, proven.logs};
}

void print_blob_table(const BlobVerification& verification, const Terminal& terminal) {
  auto& out = terminal.out;
  const auto* rejection = std::get_if<Rejection>(&verification.outcome);
  out << (rejection ? painted("rejected", Colour::Red, terminal.style)
                    : painted("verified", Colour::Green, terminal.style))
      << "  " << printable(verification.artifact, 500) << "\n";
  if (rejection) {
    out << "  " << name_of(rejection->reason) << ": " << sentence(rejection->detail, 500) << "\n";
    return;
  }
  const auto proof = proof_of(std::get<ProvenSigner>(verification.outcome));
  out << "  by " << signer_words(proof, verification.authority) << "\n";
  for (const auto& line : proof_lines(proof, verification.authority, verification.at))
    out << "    " << line << "\n";
}

void print_blob_json(const BlobVerification& verification, const Terminal& terminal) {
  const auto* rejection = std::get_if<Rejection>(&verification.outcome);
  json form{{"apiVersion", "tegata.dev/v1alpha1"},
            {"kind", "BlobVerification"},
            {"artifact", verification.artifact},
            {"verdict", rejection ? "rejected" : "verified"},
            {"verified", nullptr},
            {"rejected", nullptr}};
  add_demands_json(verification.authority, form);
  if (rejection)
    form["rejected"] = {{"reason", name_of(rejection->reason)}, {"detail", rejection->detail}};
  else
    add_proof_json(proof_of(std::get<ProvenSigner>(verification.outcome)), form["verified"]);
  terminal.out << form.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
}

void print_blob(const BlobVerification& verification, Format format, const Terminal& terminal) {
  switch (format) {
    case Format::Json:
      return print_blob_json(verification, terminal);
    case Format::Table:
      return print_blob_table(verification, terminal);
  }
}

ExitCode refuse(const char* command, const Error& error, ExitCode code, const Terminal& terminal) {
  terminal.err << command << ": " << error.message << "\n";
  return code;
}

// For a file on the command line: Unchecked if it does not exist, Usage if it is not valid.
ExitCode code_of(const Error& error) {
  return error.code == ErrorCode::NotFound ? ExitCode::Unchecked : ExitCode::Usage;
}

// The two encodings of a signature file, raw and base64; at most one of them can verify.
Result<std::vector<std::string>> read_signature(const std::string& path) {
  TEGATA_TRY(auto raw, read_file(path, limits::kKeyFile, verifier::Pipes::Read));
  auto text = raw;  // base64's lines, as `base64` and openssl write them
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
  auto decoded = verifier::decode_base64(text);
  std::vector signatures{std::move(raw)};
  if (decoded) signatures.push_back(*std::move(decoded));
  return signatures;
}

bool has_root(const RootOptions& root) { return !root.trusted_root.empty() || !root.default_root.empty(); }

// Without a trusted root, a log entry cannot be verified: with --key the log is then not required.
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
        "--type requires an attestation, which is in a bundle: give --bundle instead of --signature");
  if (!options.authority.key.empty()) return done();
  if (options.authority.certificate.empty())
    return misconfigured(
        "say whose signature is required: --key FILE; or, because a bare signature contains no certificate, "
        "--certificate FILE with --certificate-identity and --certificate-oidc-issuer");
  if (options.authority.transparency_log == Demand::Required)
    return misconfigured(
        "a bare signature contains no log entry: give --bundle FILE, or pass --insecure-ignore-tlog to skip "
        "the transparency log");
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
  TEGATA_TRY(const auto bundle, read_file(options.bundle, limits::kBundle, verifier::Pipes::Read));
  return verifier::verify_blob_bundle(artifact.message(), bundle, verifier::Speaks::AsAskedFor, authority,
                                      trust, at);
}

Result<BlobOutcome> verify(const VerifyBundleOptions& options, const Authority& authority,
                           const verifier::TrustMaterial& trust, Time at) {
  TEGATA_TRY(const auto artifact, Artifact::read_or_digest(options.artifact));
  TEGATA_TRY(const auto bundle, read_file(options.bundle, limits::kBundle, verifier::Pipes::Read));
  return verifier::verify_blob_bundle(artifact.message(), bundle, verifier::Speaks::AnyBundle, authority,
                                      trust, at);
}

template <typename Options>
ExitCode run(const char* command, const Options& options, const AuthorityOptions& asked,
             const Terminal& terminal) {
  verifier::TrustMaterial trust(TrustedRootFiles{}, verifier::Pipes::Read);
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
