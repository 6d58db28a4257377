// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/resolved_tag.h"
#include "verifier/evidence/fact_maker.h"
#include "verifier/evidence/gather.h"

namespace tegata::verifier {

/// The digest that a tag names: read from the registry, cached for a few seconds, recorded as the digest
/// only.
class TagMaker final : public FactMaker<TagKind> {
 public:
  explicit TagMaker(const GatherSettings& settings) : settings_(settings) {}

  void fetch(const FactKey<TagKind>& key, const FetchContext& context, Done done) const override;
  std::optional<Duration> lifetime(const FactKey<TagKind>& key, const FactOf<TagKind>& fact,
                                   FetchCost cost) const override;
  std::size_t weight(const ResolvedTag& tag) const override;
  std::size_t cache_bytes() const override { return settings_.tag_cache_bytes; }
  std::string write(const ResolvedTag& tag, const Evidence& evidence) const override;
  Result<Readback<TagKind>> read(const nlohmann::json& known) const override;

 private:
  const GatherSettings settings_;
};

}  // namespace tegata::verifier
