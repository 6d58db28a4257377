// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/image_labels.h"
#include "verifier/evidence/fact_maker.h"
#include "verifier/evidence/gather.h"

namespace tegata::verifier {

/// The labels and annotations of an image, cached for a long time, since they cannot change for a digest.
/// Recorded and read back as {"annotations": {name: value}, "labels": {name: value}}.
class LabelMaker final : public FactMaker<LabelKind> {
 public:
  explicit LabelMaker(const GatherSettings& settings) : settings_(settings) {}

  void fetch(const FactKey<LabelKind>& key, const FetchContext& context, Done done) const override;
  std::optional<Duration> lifetime(const FactKey<LabelKind>& key, const FactOf<LabelKind>& fact,
                                   FetchCost cost) const override;
  std::size_t weight(const ImageLabels& labels) const override;
  std::size_t cache_bytes() const override { return settings_.label_cache_bytes; }
  std::string write(const ImageLabels& labels, const Evidence& evidence) const override;
  Result<Readback<LabelKind>> read(const nlohmann::json& known) const override;

 private:
  const GatherSettings settings_;
};

}  // namespace tegata::verifier
