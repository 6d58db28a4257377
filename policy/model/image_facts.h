// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/model/fact.h"
#include "policy/model/image_reference.h"
#include "policy/model/resolved_tag.h"

namespace tegata {

/// The questions about one distinct image.
struct ImageQuestions {
  ImageReference image;
  Questions questions = {};

  /// What needs a digest, of a reference that has none, needs what its tag names now.
  template <class K>
  void ask(typename K::Question question) {
    if (K::kNeeds == Needs::Digest && !image.digest()) ask_tag();
    questions.ask<K>(std::move(question));
  }
  /// The digest that effective_tag() names now; nothing for a reference that has a digest alone.
  void ask_tag() {
    if (const auto tag = image.effective_tag()) questions.ask<TagKind>({*tag});
  }
  [[nodiscard]] bool empty() const noexcept { return questions.all().empty(); }
};

inline void TagKind::observe(ImageQuestions& image) { image.ask_tag(); }

/// The facts that the matching rules require. Images that an enforced `allowedRegistries` refuses are
/// not in it: users must not choose the hosts that Tegata calls.
struct EvidencePlan {
  std::vector<ImageQuestions> images = {};  ///< one for each distinct image
  Questions request = {};                   ///< about the request as a whole
  std::string user = {};                    ///< whose turn it is to have facts fetched (turn.h)
  bool cached_only = false;                 ///< nothing is fetched: the request is denied already
};

/// The facts about one image. Never fails as a whole; holds an entry for each question.
struct ImageFacts {
  std::string image;  ///< ImageReference::canonical()
  Facts facts = {};
};

/// The answers to an EvidencePlan.
struct GatheredFacts {
  std::vector<ImageFacts> images = {};  ///< in the order of the plan
  Facts request = {};
};

}  // namespace tegata
