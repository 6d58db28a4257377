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

json configs_json(const std::vector<ImageConfig>& configs) {
  const auto texts_of = [](const std::vector<std::string>& texts) {
    auto list = json::array();
    for (const auto& text : texts) list.push_back(valid_utf8(text));
    return list;
  };
  auto list = json::array();
  for (const auto& config : configs)
    list.push_back({{"platform", valid_utf8(config.platform)},
                    {"user", valid_utf8(config.user)},
                    {"healthcheck", config.healthcheck},
                    {"secrets", texts_of(config.secrets)},
                    {"addedFrom", texts_of(config.added_from)},
                    {"created", valid_utf8(config.created)}});
  return list;
}

Result<std::vector<std::string>> read_list(const json& config, std::string_view name) {
  const auto* list = member(config, name);
  if (list == nullptr || !list->is_array())
    return Error::malformed("recorded facts: a config without its " + std::string(name));
  std::vector<std::string> texts;
  for (const auto& item : *list) {
    if (!item.is_string()) return Error::malformed("recorded facts: a text of a config must be a string");
    texts.push_back(item.get_ref<const std::string&>());
  }
  return texts;
}

Result<std::string> read_text(const json& config, std::string_view name) {
  TEGATA_TRY(auto text, string_member(config, name));
  if (!text) return Error::malformed("recorded facts: a config without its " + std::string(name));
  return *std::move(text);
}

Result<ImageConfig> read_config(const json& form) {
  ImageConfig config;
  TEGATA_TRY(config.platform, read_text(form, "platform"));
  TEGATA_TRY(config.user, read_text(form, "user"));
  const auto* healthcheck = member(form, "healthcheck");
  if (healthcheck == nullptr || !healthcheck->is_boolean())
    return Error::malformed("recorded facts: a config without its healthcheck");
  config.healthcheck = healthcheck->get<bool>();
  TEGATA_TRY(config.secrets, read_list(form, "secrets"));
  TEGATA_TRY(config.added_from, read_list(form, "addedFrom"));
  TEGATA_TRY(config.created, read_text(form, "created"));
  return config;
}

/// None in records of versions that did not keep them.
Result<std::optional<std::vector<ImageConfig>>> read_configs(const json& known) {
  const auto* list = member(known, "configs");
  std::optional<std::vector<ImageConfig>> configs;
  if (list == nullptr) return configs;
  if (!list->is_array()) return Error::malformed("recorded facts: the configs must be a list");
  configs.emplace();
  for (const auto& form : *list) {
    TEGATA_TRY(auto config, read_config(form));
    configs->push_back(std::move(config));
  }
  return configs;
}

std::size_t weight_of(const ImageConfig& config) {
  constexpr std::size_t kText = 64;
  auto bytes =
      sizeof config + config.platform.capacity() + config.user.capacity() + config.created.capacity();
  for (const auto* list : {&config.secrets, &config.added_from})
    for (const auto& text : *list) bytes += kText + text.capacity();
  return bytes;
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
  if (labels.configs)
    for (const auto& config : *labels.configs) bytes += weight_of(config);
  return bytes;
}

std::string LabelMaker::write(const ImageLabels& labels, const Evidence&) const {
  json form{{"annotations", texts_json(labels.annotations)}, {"labels", texts_json(labels.labels)}};
  if (labels.configs) form["configs"] = configs_json(*labels.configs);
  return compact(form);
}

Result<Readback<LabelKind>> LabelMaker::read(const json& known) const {
  auto labels = std::make_shared<ImageLabels>();
  TEGATA_TRY(labels->annotations, read_texts(known, "annotations"));
  TEGATA_TRY(labels->labels, read_texts(known, "labels"));
  TEGATA_TRY(labels->configs, read_configs(known));
  return Readback<LabelKind>(SharedLabels(std::move(labels)));
}

}  // namespace tegata::verifier
