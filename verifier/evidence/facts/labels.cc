// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/makers.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "verifier/evidence/fact_record.h"
#include "verifier/evidence/facts/find_labels.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using SharedLabels = std::shared_ptr<const ImageLabels>;

json texts_json(const ImageLabels::Texts& texts) {
  auto form = json::object();
  for (const auto& [name, value] : texts) form[valid_utf8(name)] = valid_utf8(value);
  return form;
}

Result<ImageLabels::Texts> read_texts(const json& known, std::string_view key) {
  const auto* form = member(known, key);
  if (form == nullptr || !form->is_object())
    return Error::malformed("recorded facts: labels without their " + std::string(key));
  ImageLabels::Texts texts;
  for (const auto& [name, value] : form->items()) {
    if (!value.is_string()) return Error::malformed("recorded facts: a label must be a string");
    texts.emplace(name, value.get_ref<const std::string&>());
  }
  return texts;
}

}  // namespace

void LabelMaker::fetch(const FactKey<LabelKind>& key, const FetchContext& context, Done done) const {
  find_labels(context.source, key.subject.repository, *key.subject.digest, context.terms,
              [done = std::move(done)](Fact<ImageLabels> fact) {
                if (auto* unknown = std::get_if<Unknown>(&fact)) return done(std::move(*unknown));
                auto* known = std::get_if<Known<ImageLabels>>(&fact);
                if (known == nullptr) return done(Absent{});
                done(Known<SharedLabels>{std::make_shared<const ImageLabels>(std::move(known->value))});
              });
}

std::optional<LabelMaker::Duration> LabelMaker::lifetime(const FactKey<LabelKind>&,
                                                         const FactOf<LabelKind>& fact, FetchCost) const {
  return std::holds_alternative<Absent>(fact) ? settings_.absent_lifetime : settings_.verified_lifetime;
}

std::size_t LabelMaker::weight(const ImageLabels& labels) const {
  constexpr std::size_t kNode = 160;  // of a map: two strings, their allocations and the node itself
  auto bytes = sizeof labels;
  for (const auto* texts : {&labels.annotations, &labels.labels})
    for (const auto& [name, value] : *texts) bytes += kNode + name.capacity() + value.capacity();
  return bytes;
}

std::string LabelMaker::write(const ImageLabels& labels, const Evidence&) const {
  return compact({{"annotations", texts_json(labels.annotations)}, {"labels", texts_json(labels.labels)}});
}

Result<Readback<LabelKind>> LabelMaker::read(const json& known) const {
  auto labels = std::make_shared<ImageLabels>();
  TEGATA_TRY(labels->annotations, read_texts(known, "annotations"));
  TEGATA_TRY(labels->labels, read_texts(known, "labels"));
  return Readback<LabelKind>(SharedLabels(std::move(labels)));
}

}  // namespace tegata::verifier
