// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "policy/model/limits.h"
#include "verifier/crypto/sha256.h"
#include "verifier/sigstore/log_key_id.h"
#include "verifier/sigstore/trust_files.h"

namespace tegata::verifier {
namespace {

using Certificates = std::vector<Certificate>;

/// Always; logs are believed only from a start on.
ValidFor always() { return {Time{}, std::nullopt}; }

/// The chains that a file of certificates holds, each in the order that an authority wants: first what is
/// no authority, then the intermediates in their order, then the anchor. Every certificate that is its own
/// issuer is an anchor; where none is, the last is the one.
std::vector<Certificates> chains_of(Certificates all) {
  // Not those of std::ranges: clang 14, our fuzzer, cannot read them.
  std::stable_partition(all.begin(), all.end(), [](const Certificate& one) { return !one.is_authority(); });
  const auto anchors = std::stable_partition(all.begin(), all.end(), [](const Certificate& one) {
    return !(one.is_authority() && one.is_self_issued());
  });
  if (anchors == all.end()) return {std::move(all)};
  std::vector<Certificates> chains;
  for (auto anchor = anchors; anchor != all.end(); ++anchor) {
    chains.emplace_back(all.begin(), anchors);
    chains.back().push_back(*anchor);
  }
  return chains;
}

/// Reads the parts of a root, and remembers all that it read for the root's id.
class PartsReader {
 public:
  explicit PartsReader(const ReadFile& read) : read_(read) { hash_.add("tegata trusted root, files\n"); }

  /// Hands what stands in each file of one kind to `use`.
  template <typename Use>
  Status each(std::string_view kind, const std::vector<std::string>& paths, Use use) {
    if (paths.size() > limits::kTrustedRootEntries)
      return Error{ErrorCode::LimitExceeded, "a trusted root of more than " +
                                                 std::to_string(limits::kTrustedRootEntries) + " " +
                                                 std::string(kind)};
    add_piece(kind);
    add_piece(std::to_string(paths.size()));
    for (const auto& path : paths) {
      auto text = read_(path, limits::kKeyFile);
      if (!text.ok()) return text.error().in(path);
      add_piece(*text);
      if (const Status used = use(*text); !used.ok()) return used.error().in(path);
    }
    return done();
  }
  [[nodiscard]] TrustedRootId id() { return hash_.finish(); }

 private:
  void add_piece(std::string_view piece) {
    hash_.add(std::to_string(piece.size()) + ":");
    hash_.add(piece);
  }

  const ReadFile& read_;
  Sha256 hash_;
};

auto log_into(std::vector<LogKey>& logs) {
  return [&logs](const std::string& pem) -> Status {
    TEGATA_TRY(auto key, PublicKey::parse_pem(pem));
    auto id = log_key_id(key);
    logs.push_back({std::move(key), id, "", always(), id});
    return done();
  };
}

auto authority_into(std::vector<TrustedCertificateAuthority>& authorities) {
  return [&authorities](const std::string& pem) -> Status {
    TEGATA_TRY(auto certificates, certificates_of_file(pem));
    for (auto& chain : chains_of(std::move(certificates))) {
      TEGATA_TRY(auto authority,
                 CertificateAuthority::of(std::move(chain), CertificateAuthority::Purpose::CodeSigning));
      authorities.push_back({std::move(authority), always()});
    }
    return done();
  };
}

auto timestamps_into(std::vector<TrustedTimestampAuthority>& authorities) {
  return [&authorities](const std::string& pem) -> Status {
    TEGATA_TRY(auto certificates, certificates_of_file(pem));
    for (auto& chain : chains_of(std::move(certificates))) {
      TEGATA_TRY(auto authority, TimestampAuthority::of(std::move(chain)));
      authorities.push_back({std::move(authority), always()});
    }
    return done();
  };
}

Result<TrustedRoot> read_parts(const TrustedRootFiles& files, const ReadFile& read) {
  PartsReader parts(read);
  TrustedRoot root{{}, {}, {}, {}, Digest(Digest::Bytes{})};
  TEGATA_CHECK(parts.each("certificate authorities", files.certificate_authorities,
                          authority_into(root.certificate_authorities)));
  TEGATA_CHECK(parts.each("certificate timestamp logs", files.certificate_timestamp_logs,
                          log_into(root.certificate_timestamp_logs)));
  TEGATA_CHECK(parts.each("transparency logs", files.transparency_logs, log_into(root.transparency_logs)));
  TEGATA_CHECK(parts.each("timestamp authorities", files.timestamp_authorities,
                          timestamps_into(root.timestamp_authorities)));
  root.id = parts.id();
  return root;
}

bool has_parts(const TrustedRootFiles& files) {
  return !files.certificate_authorities.empty() || !files.certificate_timestamp_logs.empty() ||
         !files.transparency_logs.empty() || !files.timestamp_authorities.empty();
}

}  // namespace

Result<TrustedRoot> read_trusted_root(const TrustedRootFiles& files, const ReadFile& read) {
  if (files.trusted_root.empty() != has_parts(files))
    return Error{ErrorCode::Misconfigured,
                 "a trusted root is one trusted_root.json or files of its parts, and not both"};
  if (files.trusted_root.empty()) return read_parts(files, read);
  auto text = read(files.trusted_root, limits::kTrustedRoot);
  if (!text.ok()) return text.error().in(files.trusted_root);
  auto root = parse_trusted_root(*text);
  if (!root.ok()) return root.error().in(files.trusted_root);
  return root;
}

Result<TrustedRoot> read_trusted_root(const TrustedRootFiles& files) {
  return read_trusted_root(files, read_trust_file);
}

}  // namespace tegata::verifier
