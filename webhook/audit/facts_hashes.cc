// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/facts_hashes.h"

#include <algorithm>
#include <utility>

#include "verifier/crypto/hash.h"
#include "verifier/evidence/fact_record.h"

namespace tegata::webhook {

std::string FactsHashes::key_of(const ImageFacts& facts) {
  std::string key = facts.image;
  for (const auto& entry : facts.facts.all()) {
    const auto* address = entry.answer.get();
    key.append(reinterpret_cast<const char*>(&address), sizeof address);
  }
  return key;
}

bool FactsHashes::all_live(const Answers& answers) {
  return std::ranges::none_of(answers, [](const auto& answer) { return answer.expired(); });
}

std::string FactsHashes::hash_of(const ImageFacts& facts) {
  auto key = key_of(facts);
  {
    const std::lock_guard lock(mutex_);
    const auto found = remembered_.find(key);
    if (found != remembered_.end() && all_live(found->second.answers)) return found->second.hash;
  }
  Remembered made{{}, verifier::sha256(verifier::facts_text(facts)).hex()};
  for (const auto& entry : facts.facts.all()) made.answers.emplace_back(entry.answer);
  auto hash = made.hash;
  const std::lock_guard lock(mutex_);
  if (remembered_.size() >= max_) remembered_.clear();
  remembered_.insert_or_assign(std::move(key), std::move(made));
  return hash;
}

}  // namespace tegata::webhook
