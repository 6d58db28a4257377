// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "policy/model/digest.h"
#include "policy/model/fact.h"
#include "policy/model/image_reference.h"

namespace tegata::verifier {

/// What a fact is about: an image; or the request as a whole, if the repository is empty.
struct FactSubject {
  Repository repository = {};         ///< empty for the request
  std::optional<Digest> digest = {};  ///< for kinds that need one
  friend bool operator==(const FactSubject&, const FactSubject&) = default;
};

/// The cache key of a fact. The digest alone is not enough: whether an image exists depends on its
/// repository.
template <class K>
struct FactKey {
  FactSubject subject;
  typename K::Question question;
  friend bool operator==(const FactKey&, const FactKey&) = default;
};

[[nodiscard]] inline std::size_t hash_of(const FactSubject& subject) noexcept {
  constexpr auto mixed = [](std::size_t seed, std::size_t hash) {
    return seed ^ (hash + 0x9E3779B97F4A7C15U + (seed << 6U) + (seed >> 2U));
  };
  const std::hash<std::string> hash;
  const auto repository = mixed(hash(subject.repository.registry), hash(subject.repository.path));
  return subject.digest ? mixed(DigestHash{}(*subject.digest), repository) : repository;
}
/// Approximate memory in bytes of a cache entry for this subject, without key and value.
[[nodiscard]] inline std::size_t weight_of(const FactSubject& subject) noexcept {
  constexpr std::size_t kEntry = 256;  // list node, two index nodes' worth of keys, control blocks
  constexpr std::size_t kAllocations = 2 * 32;
  return kEntry + sizeof subject + kAllocations + subject.repository.registry.capacity() +
         subject.repository.path.capacity();
}

template <class K>
struct FactKeyHash {
  std::size_t operator()(const FactKey<K>& key) const noexcept {
    auto hash = hash_of(key.subject);
    if constexpr (requires { key.question.hash(); }) hash = hash * 31 + key.question.hash();
    return hash;
  }
};

}  // namespace tegata::verifier
