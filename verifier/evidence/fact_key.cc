// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_key.h"

#include <functional>

namespace tegata::verifier {
namespace {

std::size_t mixed(std::size_t seed, std::size_t hash) {
  return seed ^ (hash + 0x9E3779B97F4A7C15U + (seed << 6U) + (seed >> 2U));
}

}  // namespace

std::size_t hash_of(const FactSubject& subject) noexcept {
  const std::hash<std::string> hash;
  const auto repository = mixed(hash(subject.repository.registry), hash(subject.repository.path));
  return subject.digest ? mixed(DigestHash{}(*subject.digest), repository) : repository;
}

std::size_t weight_of(const FactSubject& subject) noexcept {
  constexpr std::size_t kEntry = 256;  // list node, two index nodes' worth of keys, control blocks
  constexpr std::size_t kAllocations = 2 * 32;
  return kEntry + sizeof subject + kAllocations + subject.repository.registry.capacity() +
         subject.repository.path.capacity();
}

}  // namespace tegata::verifier
