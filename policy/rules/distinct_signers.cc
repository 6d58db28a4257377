// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/distinct_signers.h"

#include <map>
#include <optional>
#include <set>

namespace tegata::policy {
namespace {

class Matching {
 public:
  explicit Matching(const std::vector<std::vector<std::string>>& signers) : signers_(signers) {}

  /// Finds a signer for the authority, if need be by giving others another signer.
  bool match(std::size_t authority) {
    tried_.clear();
    return augment(authority);
  }
  [[nodiscard]] const std::map<std::string, std::size_t>& pairs() const { return pairs_; }

 private:
  // Each level passes through another authority, because no signer is tried twice and each matched
  // signer leads to its own.
  bool augment(std::size_t authority) {
    for (const auto& signer : signers_[authority]) {
      if (!tried_.insert(signer).second) continue;
      const auto holder = pairs_.find(signer);
      if (holder != pairs_.end() && !augment(holder->second)) continue;
      pairs_[signer] = authority;
      return true;
    }
    return false;
  }

  const std::vector<std::vector<std::string>>& signers_;
  std::map<std::string, std::size_t> pairs_;
  std::set<std::string> tried_;
};

}  // namespace

std::vector<bool> counted_once(const std::vector<std::vector<std::string>>& signers) {
  Matching matching(signers);
  for (std::size_t i = 0; i < signers.size(); ++i) matching.match(i);
  std::vector<bool> counted(signers.size());
  for (const auto& [signer, authority] : matching.pairs()) counted[authority] = true;
  return counted;
}

}  // namespace tegata::policy
