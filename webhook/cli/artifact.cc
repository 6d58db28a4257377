// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/artifact.h"

#include <filesystem>

#include "policy/model/digest.h"
#include "policy/model/limits.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook::cli {

Result<Artifact> Artifact::read(const std::string& path) {
  TEGATA_TRY(auto bytes, read_file(path, limits::kArtifact));
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

}  // namespace tegata::webhook::cli
