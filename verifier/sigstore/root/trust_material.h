// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "policy/model/trust_settings.h"
#include "verifier/crypto/certificate.h"
#include "verifier/crypto/public_key.h"
#include "verifier/file/read_content.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {

/// Reads a file of at most `max_bytes`.
using ReadFile = std::function<Result<std::string>(const std::string& path, std::size_t max_bytes)>;

/// As read_content(); also Misconfigured for a reference to a key store (`k8s://…`, `awskms://…`) where there
/// is no such file, with the command that writes its key into a file.
[[nodiscard]] Result<std::string> read_trust_file(const std::string& path, std::size_t max_bytes,
                                                  Pipes pipes = Pipes::Refused);

/// One to limits::kCertificateChain certificates in PEM. Malformed names the format that was found
/// and the command that converts it.
[[nodiscard]] Result<std::vector<Certificate>> certificates_of_file(std::string_view bytes);

/// As read_trusted_root(files), but reads files through `read`.
[[nodiscard]] Result<TrustedRoot> read_trusted_root(const TrustedRootFiles& files, const ReadFile& read);

/// Keys, certificates, trusted roots and lists of digests that policies name, read and parsed once. Filled
/// while a policy is loaded (as its TrustResolver), then immutable and shared with the SignatureVerifier.
class TrustMaterial final : public TrustResolver {
 public:
  TrustMaterial() = default;
  /// `default_root`: the root that default_root() returns, read at its first call. Without any path: none.
  explicit TrustMaterial(TrustedRootFiles default_root, Pipes pipes = Pipes::Refused)
      : pipes_(pipes), default_root_(std::move(default_root)) {}

  [[nodiscard]] Result<KeyId> key(const std::string& path) override;
  [[nodiscard]] Result<CertificateId> certificate(const std::string& path) override;
  [[nodiscard]] Result<TrustedRootId> root(const TrustedRootFiles& files) override;
  [[nodiscard]] Result<TrustedRootId> default_root() override;
  [[nodiscard]] Result<std::shared_ptr<const DigestList>> digest_list(const std::string& path) override;

  KeyId add(PublicKey key);
  TrustedRootId add(TrustedRoot root);

  [[nodiscard]] const PublicKey* find_key(const KeyId& id) const noexcept;
  /// A certificate that certificate() has read.
  [[nodiscard]] const Certificate* find_certificate(const CertificateId& id) const noexcept;
  [[nodiscard]] const TrustedRoot* find_root(const TrustedRootId& id) const noexcept;
  [[nodiscard]] const std::map<TrustedRootId, TrustedRoot>& roots() const noexcept { return roots_; }
  /// Whether the same keys, certificates and roots were read from the same paths. Then each can verify for
  /// the policies that the other was loaded with. The same files in other roots are not the same.
  [[nodiscard]] bool same_as(const TrustMaterial& other) const noexcept {
    return keys_by_path_ == other.keys_by_path_ && certificates_by_path_ == other.certificates_by_path_ &&
           roots_by_path_ == other.roots_by_path_;
  }

  /// Every file that was requested, with the SHA-256 of its content; none if it could not be read. To detect
  /// changes, compare with this: it describes the content that was loaded.
  using FilesRead = std::map<std::string, std::optional<Digest>>;
  [[nodiscard]] const FilesRead& files_read() const noexcept { return files_read_; }

 private:
  [[nodiscard]] Result<std::string> read(const std::string& path, std::size_t max_bytes);

  Pipes pipes_ = Pipes::Refused;
  std::map<KeyId, PublicKey> keys_;
  std::map<CertificateId, Certificate> certificates_;
  std::map<TrustedRootId, TrustedRoot> roots_;
  FilesRead files_read_;
  std::map<std::string, KeyId> keys_by_path_;
  std::map<std::string, CertificateId> certificates_by_path_;
  std::map<std::string, TrustedRootId> roots_by_path_;
  std::map<std::string, std::shared_ptr<const DigestList>> lists_by_path_;
  std::optional<TrustedRootFiles> default_root_;
};

}  // namespace tegata::verifier
