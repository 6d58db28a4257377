// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "policy/model/digest.h"
#include "policy/model/image_reference.h"
#include "policy/model/trust_settings.h"

namespace tegata::verifier {

/// What the fact "this tag names that digest" is kept under.
struct TagKey {
  Repository repository;
  std::string tag;
  friend bool operator==(const TagKey&, const TagKey&) = default;
};

/// What is immutable of an image is kept under this: whether there is one depends on its repository.
struct ImageKey {
  Repository repository;
  Digest digest;
  friend bool operator==(const ImageKey&, const ImageKey&) = default;
};

/// What an image's signature facts are kept under. Never the digest alone: signatures live in a
/// repository, whether the image exists depends on its own, and what counts depends on the keys.
struct SignatureKey {
  Repository image;
  Repository signatures;
  Digest digest;
  std::shared_ptr<const TrustSettings> trust;  ///< compared by its id

  friend bool operator==(const SignatureKey& a, const SignatureKey& b) {
    return a.digest == b.digest && a.image == b.image && a.signatures == b.signatures &&
           (a.trust == b.trust || a.trust->id == b.trust->id);
  }
};

struct FactKeyHash {
  std::size_t operator()(const TagKey& key) const noexcept;
  std::size_t operator()(const ImageKey& key) const noexcept;
  std::size_t operator()(const SignatureKey& key) const noexcept;
};

}  // namespace tegata::verifier
