// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/root_options.h"

#include "verifier/sigstore/root/trust_files.h"

namespace tegata::webhook::cli {
namespace {

bool has_authority(const RootOptions& options) {
  return !options.ca_roots.empty() || !options.ca_intermediates.empty() || !options.certificate_chain.empty();
}

Status check_choice(const RootOptions& options) {
  if (!options.trusted_root.empty() && (has_authority(options) || !options.timestamp_chain.empty()))
    return misconfigured(
        "--trusted-root names everybody who is trusted: --ca-roots, --ca-intermediates, "
        "--certificate-chain and --timestamp-certificate-chain cannot stand beside it");
  if (!options.certificate_chain.empty() && (!options.ca_roots.empty() || !options.ca_intermediates.empty()))
    return misconfigured(
        "--certificate-chain stands in place of --ca-roots and --ca-intermediates, not beside them");
  if (!options.ca_intermediates.empty() && options.ca_roots.empty())
    return misconfigured("--ca-intermediates lead to --ca-roots, which is not given");
  return done();
}

// cosign takes roots and intermediates from two files, which together are one authority.
verifier::ReadFile reader_with_intermediates(const RootOptions& options) {
  return [&options](const std::string& path, std::size_t max_bytes) -> Result<std::string> {
    TEGATA_TRY(auto text, verifier::read_trust_file(path, max_bytes));
    if (path != options.ca_roots || options.ca_intermediates.empty()) return text;
    auto intermediates = verifier::read_trust_file(options.ca_intermediates, max_bytes);
    if (!intermediates.ok()) return intermediates.error().in(options.ca_intermediates);
    return *intermediates + "\n" + text;
  };
}

Result<TrustedRootId> root_of_files(const RootOptions& options, verifier::TrustMaterial& trust) {
  TrustedRootFiles files;
  for (const auto* path : {&options.ca_roots, &options.certificate_chain})
    if (!path->empty()) files.certificate_authorities.push_back(*path);
  if (!options.timestamp_chain.empty()) files.timestamp_authorities.push_back(options.timestamp_chain);
  TEGATA_TRY(auto root, verifier::read_trusted_root(files, reader_with_intermediates(options)));
  return trust.add(std::move(root));
}

}  // namespace

Result<std::optional<TrustedRootId>> root_of(const RootOptions& options, verifier::TrustMaterial& trust) {
  TEGATA_CHECK(check_choice(options));
  if (has_authority(options) || !options.timestamp_chain.empty()) {
    TEGATA_TRY(auto id, root_of_files(options, trust));
    return std::optional(id);
  }
  const auto& path = options.trusted_root.empty() ? options.default_root : options.trusted_root;
  if (path.empty()) return std::optional<TrustedRootId>();
  TrustedRootFiles files;
  files.trusted_root = path;
  TEGATA_TRY(auto id, trust.root(files));
  return std::optional(id);
}

}  // namespace tegata::webhook::cli
