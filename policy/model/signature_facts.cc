// SPDX-License-Identifier: Apache-2.0
#include "policy/model/signature_facts.h"

#include <algorithm>
#include <functional>

namespace tegata {

using Question = SignatureKind::Question;

bool operator==(const Question& a, const Question& b) {
  return a.repository == b.repository && a.reach == b.reach &&
         std::equal(a.trust.begin(), a.trust.end(), b.trust.begin(), b.trust.end(),
                    [](const auto& one, const auto& other) { return one == other || one->id == other->id; });
}

bool Question::unite(const Question& other) {
  if (repository != other.repository) return false;
  for (const auto& added : other.trust) {
    const auto place = std::lower_bound(trust.begin(), trust.end(), added,
                                        [](const auto& a, const auto& b) { return a->id < b->id; });
    if (place == trust.end() || (*place)->id != added->id) trust.insert(place, added);
  }
  reach = std::max(reach, other.reach);
  return true;
}

std::shared_ptr<const TrustSettings> Question::united() const {
  auto all = trust.empty() ? TrustSettings::of({}) : trust.front();
  for (std::size_t i = 1; i < trust.size(); ++i) all = TrustSettings::both(*all, *trust[i]);
  return all->reach < reach ? TrustSettings::reaching_all(*all) : all;
}

std::size_t Question::hash() const {
  // Questions that differ in their trust settings only are few: equality separates them.
  return std::hash<std::string>{}(repository.registry) ^ (std::hash<std::string>{}(repository.path) << 1U);
}

void SignatureKind::observe(ImageQuestions& image) {
  image.ask<SignatureKind>({image.image.repository(), {}, Reach::SignaturesAndAttestations});
  for (auto& question : image.questions.of<SignatureKind>())
    image.ask<SignatureKind>({std::move(question.repository), {}, Reach::SignaturesAndAttestations});
}

}  // namespace tegata
