// SPDX-License-Identifier: Apache-2.0
#include "policy/document/read_trusted_root.h"

#include "policy/document/read_signers.h"

namespace tegata::policy {
namespace {

std::vector<std::string> files_at(const Reading& reading, const Node& node, std::string_view name) {
  std::vector<std::string> files;
  for (const auto& path : texts_at(node, name)) files.push_back(absolute_path(reading, path));
  return files;
}

TrustedRootFiles files_of(const Reading& reading, const Node& root) {
  TrustedRootFiles files;
  if (const auto file = text_at(root, "file"); !file.empty())
    files.trusted_root = absolute_path(reading, file);
  files.certificate_authorities = files_at(reading, root, "certificateAuthorities");
  files.certificate_timestamp_logs = files_at(reading, root, "certificateTransparencyLogs");
  files.transparency_logs = files_at(reading, root, "transparencyLogs");
  files.timestamp_authorities = files_at(reading, root, "timestampAuthorities");
  return files;
}

bool has_parts(const TrustedRootFiles& files) {
  return !files.certificate_authorities.empty() || !files.certificate_timestamp_logs.empty() ||
         !files.transparency_logs.empty() || !files.timestamp_authorities.empty();
}

std::optional<TrustedRootId> known(const Reading& reading, const Node& node, Result<TrustedRootId> root) {
  if (root.ok()) return *root;
  reading.wrong(node, "the trusted root cannot be used: " + root.error().message);
  return std::nullopt;
}

std::optional<TrustedRootId> default_root(const Reading& reading, const Node& authority) {
  auto root = reading.trust.default_root();
  if (root.ok() || root.error().code != ErrorCode::Misconfigured)
    return known(reading, authority, std::move(root));
  reading.wrong(authority, root.error().message);
  return std::nullopt;
}

}  // namespace

std::optional<TrustedRootId> read_trusted_root(const Reading& reading, const Node& authority) {
  const Node* written = authority.find("trustedRoot");
  const Node* roots = authority.find("roots");
  if (written != nullptr && roots != nullptr) {
    reading.wrong(*roots, "'roots' cannot stand beside 'trustedRoot': the roots are named once");
    return std::nullopt;
  }
  if (roots != nullptr) {
    TrustedRootFiles files;
    files.certificate_authorities = files_at(reading, authority, "roots");
    if (!has_parts(files)) return std::nullopt;
    return known(reading, *roots, reading.trust.root(files));
  }
  if (written == nullptr) return default_root(reading, authority);
  const auto files = files_of(reading, *written);
  if (!files.trusted_root.empty() && has_parts(files)) {
    reading.wrong(*written, "'file' cannot stand beside parts of a trusted root: it is a whole one");
    return std::nullopt;
  }
  if (files.trusted_root.empty() && !has_parts(files)) return std::nullopt;
  return known(reading, *written, reading.trust.root(files));
}

}  // namespace tegata::policy
