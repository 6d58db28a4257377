// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "policy/model/image_facts.h"
#include "verifier/evidence/gather.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::verifier {

class FactFetcher;
class FactFetchers;
class FactReplayer;

/// A kind of fact with its maker. made_facts.h turns a FactMaker into one.
class FactKind {
 public:
  virtual ~FactKind() = default;
  [[nodiscard]] virtual const KindId& id() const noexcept = 0;
  /// Adds the questions of `--observe` about an image; none for most kinds.
  virtual void observe(ImageQuestions& image) const = 0;
  /// `all` must outlive it.
  [[nodiscard]] virtual std::unique_ptr<FactFetcher> fetcher(FactFetchers& all) const = 0;
  [[nodiscard]] virtual std::unique_ptr<FactReplayer> replayer() const = 0;
};

using FactKinds = std::vector<std::shared_ptr<const FactKind>>;

/// Every kind of fact that the program knows.
[[nodiscard]] FactKinds fact_kinds(SignatureVerifier verifier, const GatherSettings& settings);

}  // namespace tegata::verifier
