// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "policy/model/limits.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

/// Collects referrers from several lists: each digest once, in the order of their coming, at most
/// limits::kReferrers; one more sets `truncated`.
class ReferrersUnion {
 public:
  void add(const std::vector<Descriptor>& list) {
    for (const auto& descriptor : list) {
      if (seen_.contains(descriptor.digest)) continue;
      if (referrers_.manifests.size() == limits::kReferrers) {
        referrers_.truncated = true;
        return;
      }
      seen_.insert(descriptor.digest);
      referrers_.manifests.push_back(descriptor);
    }
  }
  void mark_truncated() { referrers_.truncated = true; }
  [[nodiscard]] const Referrers& referrers() const noexcept { return referrers_; }

 private:
  Referrers referrers_;
  std::set<Digest> seen_;
};

}  // namespace tegata::verifier
