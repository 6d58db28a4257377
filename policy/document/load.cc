// SPDX-License-Identifier: Apache-2.0
#include "policy/document/load.h"

#include <algorithm>
#include <map>

#include "policy/document/read_yaml.h"
#include "policy/document/reading.h"
#include "policy/document/shape.h"
#include "policy/rules/rules.h"

namespace tegata::policy {
namespace {

std::vector<const Document*> by_name(const std::vector<Document>& documents) {
  std::vector<const Document*> sorted;
  for (const auto& document : documents) sorted.push_back(&document);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Document* a, const Document* b) { return a->name < b->name; });
  return sorted;
}

class Loading {
 public:
  explicit Loading(TrustResolver& trust) : trust_(trust) {}

  void read(const Document& document) {
    const Reading reading{document, trust_, errors_};
    for (const auto& root : read_yaml(document, errors_)) {
      if (root.kind == Node::Kind::Null) continue;  // reported by read_yaml
      check_shape(root, document.name, errors_);
      set_.policies.push_back(read_policy(reading, root));
      check_name(reading, root);
    }
  }

  [[nodiscard]] LoadResult finish() && {
    auto errors = std::move(errors_).sorted();
    if (!errors.empty()) return {std::nullopt, std::move(errors)};
    collect_authorities();
    return {std::move(set_), {}};
  }

 private:
  void check_name(const Reading& reading, const Node& root) {
    const Node* metadata = root.find("metadata");
    const Node* name = metadata == nullptr ? nullptr : metadata->find("name");
    if (name == nullptr || name->kind != Node::Kind::Scalar) return;
    const auto [first, is_new] = names_.emplace(name->text, reading.mark(*name));
    if (!is_new)
      reading.wrong(*name, "two policies are named " + in_quotes(name->text) + "; the first is at " +
                               first->second.file + ":" + std::to_string(first->second.line));
  }

  void collect_authorities() {
    std::vector<Authority> all;
    for (const auto& policy : set_.policies)
      for (const auto& rule : policy.rules)
        if (const auto* demand = signer_demand_of(rule.check))
          all.insert(all.end(), demand->trust->authorities.begin(), demand->trust->authorities.end());
    set_.authorities = TrustSettings::of(std::move(all))->authorities;
  }

  TrustResolver& trust_;
  Diagnostics errors_;
  PolicySet set_;
  std::map<std::string, SourceMark> names_;
};

}  // namespace

LoadResult load(const std::vector<Document>& documents, TrustResolver& trust) {
  if (documents.empty()) return {std::nullopt, {{SourceMark{}, "no policy: expected at least one file"}}};
  Loading loading(trust);
  for (const auto* document : by_name(documents)) loading.read(*document);
  return std::move(loading).finish();
}

}  // namespace tegata::policy
