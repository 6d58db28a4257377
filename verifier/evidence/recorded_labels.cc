// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/recorded_labels.h"

#include <nlohmann/json.hpp>

#include "verifier/evidence/json_text.h"
#include "verifier/json/members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

json texts_json(const ImageLabels::Texts& texts) {
  auto form = json::object();
  for (const auto& [name, value] : texts) form[valid_utf8(name)] = valid_utf8(value);
  return form;
}

Result<ImageLabels::Texts> read_texts(const json& known, std::string_view key) {
  const auto* form = member(known, key);
  if (form == nullptr || !form->is_object())
    return Error{ErrorCode::Malformed, "recorded facts: labels without their " + std::string(key)};
  ImageLabels::Texts texts;
  for (const auto& [name, value] : form->items()) {
    if (!value.is_string()) return Error{ErrorCode::Malformed, "recorded facts: a label is a text"};
    texts.emplace(name, value.get_ref<const std::string&>());
  }
  return texts;
}

}  // namespace

json labels_json(const ImageLabels& labels) {
  return {{"annotations", texts_json(labels.annotations)},
          {"labels", texts_json(labels.labels)},
          {"evidence", labels.evidence_hash.empty() ? json() : json(labels.evidence_hash)}};
}

Result<std::shared_ptr<const ImageLabels>> read_labels(const json& known) {
  auto labels = std::make_shared<ImageLabels>();
  TEGATA_TRY(labels->annotations, read_texts(known, "annotations"));
  TEGATA_TRY(labels->labels, read_texts(known, "labels"));
  TEGATA_TRY(auto hash, string_member(known, "evidence"));
  labels->evidence_hash = std::move(hash).value_or("");
  return std::shared_ptr<const ImageLabels>(std::move(labels));
}

}  // namespace tegata::verifier
