// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root/trust_material.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {
namespace {

/// A prefix of references that cosign accepts in place of a key file: where the key is stored, and the
/// command that writes the public key into a file. REF is replaced by the reference.
struct KeyStore {
  std::string_view prefix;
  std::string_view name;
  std::string_view command = "cosign public-key --key REF > cosign.pub";
};
constexpr std::array kKeyStores = {KeyStore{"k8s://", "a Kubernetes Secret"},
                                   KeyStore{"awskms://", "AWS KMS"},
                                   KeyStore{"gcpkms://", "Google Cloud KMS"},
                                   KeyStore{"azurekms://", "Azure Key Vault"},
                                   KeyStore{"hashivault://", "HashiCorp Vault"},
                                   KeyStore{"openbao://", "OpenBao"},
                                   KeyStore{"gitlab://", "a GitLab project"},
                                   KeyStore{"github://", "a GitHub repository", ""},
                                   KeyStore{"pkcs11:", "a PKCS#11 token"},
                                   KeyStore{"env://", "an environment variable"},
                                   KeyStore{"http://", "a web server", "curl -fo FILE REF"},
                                   KeyStore{"https://", "a web server", "curl -fo FILE REF"},
                                   KeyStore{"file://", "a file named by its URL", ""}};

std::optional<Error> key_store_error(std::string_view path) {
  const auto* store = std::find_if(kKeyStores.begin(), kKeyStores.end(),
                                   [path](const KeyStore& one) { return path.starts_with(one.prefix); });
  if (store == kKeyStores.end()) return std::nullopt;
  std::string message = "this names " + std::string(store->name) + "; only the path of a file is read here";
  if (const auto at = store->command.find("REF"); at != std::string_view::npos)
    message += ": " + std::string(store->command.substr(0, at)) + "'" + std::string(path) + "'" +
               std::string(store->command.substr(at + 3));
  return Error{ErrorCode::Misconfigured, std::move(message)};
}

}  // namespace

Result<std::vector<Certificate>> certificates_of_file(std::string_view bytes) {
  const auto blocks = decode_certificate_pem(bytes);
  if (!blocks.ok() && blocks.error().code == ErrorCode::Malformed)
    return other_format(bytes, PemFile::Certificates);
  return Certificate::parse_pem(bytes);
}

Result<std::string> read_trust_file(const std::string& path, std::size_t max_bytes, Pipes pipes) {
  auto bytes = read_content(path, max_bytes, pipes);
  if (bytes.ok()) return bytes;
  if (bytes.error().code == ErrorCode::LimitExceeded)
    return Error{ErrorCode::LimitExceeded, "the file has more than " + std::to_string(max_bytes) + " bytes"};
  if (bytes.error().code == ErrorCode::NotFound)
    if (auto store = key_store_error(path)) return *std::move(store);
  return bytes.error().in("the file cannot be read");
}

namespace {

using Certificates = std::vector<Certificate>;

/// Without an end. The start is needed because logs are trusted only from a start on.
ValidFor always() { return {Time{}, std::nullopt}; }

/// The chains in a file of certificates, each in the order that an authority requires: first certificates
/// that are not authorities, then the intermediates in file order, then the anchor. Every self-issued
/// authority is an anchor; without one, the last certificate is.
std::vector<Certificates> chains_of(Certificates all) {
  // Not the std::ranges versions: clang 14, which builds the fuzzers, cannot compile them.
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

/// Reads the parts of a root, and hashes everything that it reads into the root's id.
class PartsReader {
 public:
  explicit PartsReader(const ReadFile& read) : read_(read) { hash_.add("tegata trusted root, files\n"); }

  /// Calls `use` with the content of each file of one kind.
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
  return read_trusted_root(
      files, [](const std::string& path, std::size_t max_bytes) { return read_trust_file(path, max_bytes); });
}

}  // namespace tegata::verifier
