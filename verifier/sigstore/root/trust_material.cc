// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root/trust_material.h"

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

/// A text that is equal only for the same paths in the same places.
std::string paths_of(const TrustedRootFiles& files) {
  std::string all;
  const auto add = [&all](const std::string& text) { all += std::to_string(text.size()) + ":" + text; };
  add(files.trusted_root);
  for (const auto* list : {&files.certificate_authorities, &files.certificate_timestamp_logs,
                           &files.transparency_logs, &files.timestamp_authorities}) {
    add(std::to_string(list->size()));
    for (const auto& path : *list) add(path);
  }
  return all;
}

bool names_nothing(const TrustedRootFiles& files) { return paths_of(files) == paths_of({}); }

Result<Certificate> certificate_in(std::string_view pem) {
  TEGATA_TRY(auto certificates, certificates_of_file(pem));
  if (certificates.size() != 1)
    return Error{ErrorCode::Malformed,
                 "expected one certificate, found " + std::to_string(certificates.size())};
  return std::move(certificates.front());
}

}  // namespace

Result<std::string> TrustMaterial::read(const std::string& path, std::size_t max_bytes) {
  auto bytes = read_trust_file(path, max_bytes, pipes_);
  files_read_[path] = bytes.ok() ? std::optional(sha256(*bytes)) : std::nullopt;
  return bytes;
}

Result<KeyId> TrustMaterial::key(const std::string& path) {
  if (const auto known = keys_by_path_.find(path); known != keys_by_path_.end()) return known->second;
  const auto pem = read(path, limits::kKeyFile);
  if (!pem.ok()) return pem.error().in(path);
  auto parsed = PublicKey::parse_pem(*pem);
  if (!parsed.ok()) return parsed.error().in(path);
  return keys_by_path_.emplace(path, add(*std::move(parsed))).first->second;
}

Result<CertificateId> TrustMaterial::certificate(const std::string& path) {
  if (const auto known = certificates_by_path_.find(path); known != certificates_by_path_.end())
    return known->second;
  const auto pem = read(path, limits::kKeyFile);
  if (!pem.ok()) return pem.error().in(path);
  auto read = certificate_in(*pem);
  if (!read.ok()) return read.error().in(path);
  const CertificateId id = read->id();
  certificates_.try_emplace(id, *std::move(read));
  return certificates_by_path_.emplace(path, id).first->second;
}

Result<TrustedRootId> TrustMaterial::root(const TrustedRootFiles& files) {
  const auto paths = paths_of(files);
  if (const auto known = roots_by_path_.find(paths); known != roots_by_path_.end()) return known->second;
  TEGATA_TRY(auto root, read_trusted_root(files, [this](const std::string& path, std::size_t max_bytes) {
               return read(path, max_bytes);
             }));
  return roots_by_path_.emplace(paths, add(std::move(root))).first->second;
}

Result<TrustedRootId> TrustMaterial::default_root() {
  if (!default_root_ || names_nothing(*default_root_))
    return Error{ErrorCode::Misconfigured,
                 "no trusted root was given: name one here with trustedRoot, or one for all policies with "
                 "--trusted-root FILE"};
  return root(*default_root_);
}

Result<std::shared_ptr<const DigestList>> TrustMaterial::digest_list(const std::string& path) {
  if (const auto known = lists_by_path_.find(path); known != lists_by_path_.end()) return known->second;
  const auto text = read(path, limits::kDigestList);
  if (!text.ok()) return text.error().in(path);
  TEGATA_TRY(auto list, read_digest_list(*text, path));
  return lists_by_path_.emplace(path, std::make_shared<const DigestList>(std::move(list))).first->second;
}

KeyId TrustMaterial::add(PublicKey key) {
  const KeyId id = key.id();
  keys_.try_emplace(id, std::move(key));
  return id;
}

TrustedRootId TrustMaterial::add(TrustedRoot root) {
  const TrustedRootId id = root.id;
  roots_.try_emplace(id, std::move(root));
  return id;
}

const PublicKey* TrustMaterial::find_key(const KeyId& id) const noexcept {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

const Certificate* TrustMaterial::find_certificate(const CertificateId& id) const noexcept {
  const auto found = certificates_.find(id);
  return found == certificates_.end() ? nullptr : &found->second;
}

const TrustedRoot* TrustMaterial::find_root(const TrustedRootId& id) const noexcept {
  const auto found = roots_.find(id);
  return found == roots_.end() ? nullptr : &found->second;
}

}  // namespace tegata::verifier
