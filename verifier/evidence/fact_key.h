// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "policy/model/digest.h"
#include "policy/model/fact.h"
#include "policy/model/image_reference.h"

namespace tegata::verifier {

/// What a fact is about: an image, or for a fact about the request as a whole nothing but its question.
struct FactSubject {
  Repository repository = {};         ///< empty: the request
  std::optional<Digest> digest = {};  ///< for kinds that need one
  friend bool operator==(const FactSubject&, const FactSubject&) = default;
};

/// What a fact is kept under. Never the digest alone: whether an image exists depends on its repository.
template <class K>
struct FactKey {
  FactSubject subject;
  typename K::Question question;
  friend bool operator==(const FactKey&, const FactKey&) = default;
};

[[nodiscard]] std::size_t hash_of(const FactSubject& subject) noexcept;
/// About how many bytes of memory a cache spends on an entry for this subject besides key and value.
[[nodiscard]] std::size_t weight_of(const FactSubject& subject) noexcept;

template <class K>
struct FactKeyHash {
  std::size_t operator()(const FactKey<K>& key) const noexcept {
    auto hash = hash_of(key.subject);
    if constexpr (requires { key.question.hash(); }) hash = hash * 31 + key.question.hash();
    return hash;
  }
};

}  // namespace tegata::verifier
