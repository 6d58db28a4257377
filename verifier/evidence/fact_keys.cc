// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_keys.h"

#include <functional>

namespace tegata::verifier {
namespace {

std::size_t mixed(std::size_t seed, std::size_t hash) {
  return seed ^ (hash + 0x9E3779B97F4A7C15U + (seed << 6U) + (seed >> 2U));
}

std::size_t hash_of(const Repository& repository) {
  return mixed(std::hash<std::string>{}(repository.registry), std::hash<std::string>{}(repository.path));
}

}  // namespace

std::size_t FactKeyHash::operator()(const TagKey& key) const noexcept {
  return mixed(hash_of(key.repository), std::hash<std::string>{}(key.tag));
}

std::size_t FactKeyHash::operator()(const ImageKey& key) const noexcept {
  return mixed(DigestHash{}(key.digest), hash_of(key.repository));
}

std::size_t FactKeyHash::operator()(const SignatureKey& key) const noexcept {
  // Keys that differ in their trust settings only are few: equality tells them apart.
  return mixed(mixed(DigestHash{}(key.digest), hash_of(key.image)), hash_of(key.signatures));
}

}  // namespace tegata::verifier
