// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/label_texts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "policy/model/limits.h"
#include "verifier/json/members.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using Texts = ImageLabels::Texts;

Status keep(Texts& texts, const std::string& name, const std::string& value) {
  if (name.size() > limits::kLabelText || value.size() > limits::kLabelText) return done();
  if (texts.size() == limits::kLabels)
    return Error{ErrorCode::LimitExceeded, "more than " + std::to_string(limits::kLabels) + " labels"};
  texts.emplace(name, value);
  return done();
}

}  // namespace

Result<Texts> labels_in_config(std::string_view config) {
  TEGATA_TRY(const json document, parse_strict_json(config));
  if (!document.is_object()) return Error::malformed("an image's config must be a JSON object");
  Texts texts;
  const auto* settings = member(document, "config");
  if (settings == nullptr) return texts;
  if (!settings->is_object()) return Error::malformed("\"config\" must be an object");
  const auto* labels = member(*settings, "Labels");
  if (labels == nullptr) return texts;
  if (!labels->is_object()) return Error::malformed("\"Labels\" must be an object");
  for (const auto& [name, value] : labels->items()) {
    if (!value.is_string()) return Error::malformed("the label \"" + name + "\" must be a string");
    TEGATA_CHECK(keep(texts, name, value.get_ref<const std::string&>()));
  }
  return texts;
}

Result<Texts> bounded(const Annotations& annotations) {
  Texts texts;
  for (const auto& [name, value] : annotations) TEGATA_CHECK(keep(texts, name, value));
  return texts;
}

Texts shared_by_all(const std::vector<Texts>& all) {
  if (all.empty()) return {};
  Texts shared = all.front();
  for (const auto& texts : all)
    std::erase_if(shared, [&](const auto& text) {
      const auto found = texts.find(text.first);
      return found == texts.end() || found->second != text.second;
    });
  return shared;
}

}  // namespace tegata::verifier
