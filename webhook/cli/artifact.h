// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/model/result.h"
#include "verifier/crypto/signed_message.h"

namespace tegata::webhook::cli {

/// A file that somebody may have signed; or no more of it than its SHA-256.
class Artifact {
 public:
  /// The file at `path`. NotFound, LimitExceeded above limits::kArtifact, Misconfigured.
  [[nodiscard]] static Result<Artifact> read(const std::string& path);
  /// The same; or the digest that `text` is, where it is one and no such path exists.
  [[nodiscard]] static Result<Artifact> read_or_digest(const std::string& text);

  /// A view of this Artifact.
  [[nodiscard]] verifier::SignedMessage message() const;

 private:
  enum class Known { Bytes, Sha256 };
  Artifact(Known known, std::string text) : known_(known), text_(std::move(text)) {}
  Known known_;
  std::string text_;
};

}  // namespace tegata::webhook::cli
