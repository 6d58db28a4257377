// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "policy/model/image_facts.h"

namespace tegata::webhook {

/// The hash of the text of an image's facts, remembered for as long as the answers live: cached decisions
/// share answers, and writing and hashing them again costs as much as the rest of a record. Thread-safe.
class FactsHashes {
 public:
  /// At most `max` are remembered.
  explicit FactsHashes(std::size_t max) : max_(max) {}

  /// SHA-256 in hex, over verifier::facts_text().
  [[nodiscard]] std::string hash_of(const ImageFacts& facts);

 private:
  using Answers = std::vector<std::weak_ptr<const AnyAnswer>>;
  struct Remembered {
    Answers answers;
    std::string hash;
  };
  [[nodiscard]] static std::string key_of(const ImageFacts& facts);
  /// Whether the answers at the addresses in the key are still those that were hashed.
  [[nodiscard]] static bool all_live(const Answers& answers);

  const std::size_t max_;
  std::mutex mutex_;
  std::unordered_map<std::string, Remembered> remembered_;
};

}  // namespace tegata::webhook
