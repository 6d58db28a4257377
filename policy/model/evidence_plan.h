// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "policy/model/image_reference.h"
#include "policy/model/trust_settings.h"

namespace tegata {

/// The signatures that stand beside an image's digest in one repository, held against these
/// authorities. The digest is the reference's own, or the one that its tag names now.
struct SignatureQuestion {
  Repository repository;  ///< where the signatures are: the image's own, or the rule's `repository`
  std::shared_ptr<const TrustSettings> trust;
};

/// What has to be found out about one distinct image, and nothing else.
struct ImageQuestions {
  ImageReference image;
  bool resolve_tag = false;                   ///< the digest that effective_tag() names now
  std::vector<SignatureQuestion> signatures;  ///< one a repository: rules that share one share the question
  bool labels = false;                        ///< what the image says of itself

  [[nodiscard]] bool empty() const noexcept { return !resolve_tag && signatures.empty() && !labels; }
};

/// For each distinct image, the facts that the matching rules ask for. Images that an enforced
/// `allowedRegistries` refuses are not in it: nobody may choose the hosts that we call.
struct EvidencePlan {
  std::vector<ImageQuestions> images;
};

}  // namespace tegata
