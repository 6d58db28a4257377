// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/read_image_config.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/evidence/facts/build_history.h"
#include "verifier/evidence/facts/secret_look.h"
#include "verifier/json/exact_names.h"
#include "verifier/json/large_document.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using Names = std::initializer_list<std::string_view>;

constexpr std::size_t kPlatformPart = 64;

Status is_unambiguous(const json& object, Names known) {
  return exact_names(object, known, "an image's config");
}

/// The object at `name`, or nullptr.
Result<const json*> object_at(const json& object, std::string_view name, Names known) {
  const auto* found = member(object, name);
  if (found == nullptr) return found;
  if (!found->is_object()) return Error::malformed("\"" + std::string(name) + "\" must be an object");
  TEGATA_CHECK(is_unambiguous(*found, known));
  return found;
}

/// The list at `name`, or an empty one.
Result<const json*> list_at(const json& object, std::string_view name) {
  static const json kNone = json::array();
  const auto* found = member(object, name);
  if (found == nullptr) return &kNone;
  if (!found->is_array()) return Error::malformed("\"" + std::string(name) + "\" must be a list");
  return found;
}

/// Adds what is new, up to the bound.
void note(std::vector<std::string>& places, std::string place) {
  if (places.size() < limits::kConfigPlaces && std::ranges::find(places, place) == places.end())
    places.push_back(std::move(place));
}

void note_secret(ImageConfig& config, const std::string& kind, std::string_view name) {
  const auto shown = shown_name(name);
  note(config.secrets, kind + " " + (shown.empty() ? "whose name is not shown" : shown));
}

Status read_environment(const json& settings, ImageConfig& config) {
  TEGATA_TRY(const auto* list, list_at(settings, "Env"));
  for (const auto& item : *list) {
    if (!item.is_string()) return Error::malformed("an item of \"Env\" must be a string");
    const std::string_view text = item.get_ref<const std::string&>();
    const auto equals = std::min(text.find('='), text.size());
    const auto value = text.substr(std::min(equals + 1, text.size()));
    if (looks_secret(text.substr(0, equals), value)) note_secret(config, "variable", text.substr(0, equals));
  }
  return done();
}

Status read_labels(const json& settings, ReadConfig& found) {
  TEGATA_TRY(const auto* labels, object_at(settings, "Labels", {}));
  if (labels == nullptr) return done();
  for (const auto& [name, value] : labels->items()) {
    if (!value.is_string()) return Error::malformed("the label " + quoted(name, 80) + " must be a string");
    const auto& text = value.get_ref<const std::string&>();
    if (looks_secret(name, text)) note_secret(found.config, "label", name);
    TEGATA_CHECK(keep_text(found.labels, name, text));
  }
  return done();
}

/// `["CMD", …]` or `["CMD-SHELL", …]`; none, and `["NONE"]`, are no health check.
Status read_healthcheck(const json& settings, ImageConfig& config) {
  TEGATA_TRY(const auto* check, object_at(settings, "Healthcheck", {"Test"}));
  if (check == nullptr) return done();
  TEGATA_TRY(const auto* test, list_at(*check, "Test"));
  for (const auto& item : *test)
    if (!item.is_string()) return Error::malformed("an item of \"Test\" must be a string");
  config.healthcheck = test->size() > 1 && ((*test)[0] == "CMD" || (*test)[0] == "CMD-SHELL");
  return done();
}

void read_step(std::string_view created_by, std::size_t number, ImageConfig& config) {
  const auto step = read_build_step(created_by);
  const std::string kind = step.sets == BuildStep::Sets::Variable ? "variable"
                           : step.sets == BuildStep::Sets::Label  ? "label"
                                                                  : "build argument";
  bool named = false;
  for (const auto& [name, value] : step.values)
    if (looks_secret(name, value)) {
      note_secret(config, kind, name);
      named = true;
    }
  if (!named && is_credential(created_by))
    note(config.secrets, "command " + std::to_string(number) + " of the history");
  for (const auto& source : step.sources) note(config.added_from, source);
}

Status read_history(const json& document, ImageConfig& config) {
  TEGATA_TRY(const auto* history, list_at(document, "history"));
  std::size_t number = 0;
  for (const auto& entry : *history) {
    ++number;
    if (!entry.is_object()) return Error::malformed("an entry of \"history\" must be an object");
    TEGATA_CHECK(is_unambiguous(entry, {"created_by"}));
    TEGATA_TRY(const auto created_by, string_member(entry, "created_by"));
    if (created_by) read_step(*created_by, number, config);
  }
  return done();
}

Result<std::string> platform_of(const json& document) {
  std::string platform;
  for (const auto* name : {"os", "architecture", "variant"}) {
    TEGATA_TRY(const auto part, string_member(document, name));
    if (part && !part->empty()) platform += (platform.empty() ? "" : "/") + part->substr(0, kPlatformPart);
  }
  return platform;
}

}  // namespace

Status keep_text(ImageLabels::Texts& texts, const std::string& name, const std::string& value) {
  if (name.size() > limits::kLabelText || value.size() > limits::kLabelText) return done();
  if (looks_secret(name, value)) return done();
  if (texts.size() == limits::kLabels)
    return Error{ErrorCode::LimitExceeded, "more than " + std::to_string(limits::kLabels) + " labels"};
  texts.emplace(name, value);
  return done();
}

Result<ReadConfig> read_image_config(std::string_view bytes) {
  const LargeDocument large(bytes.size());
  TEGATA_TRY(const json document, parse_strict_json(bytes));
  if (!document.is_object()) return Error::malformed("an image's config must be a JSON object");
  TEGATA_CHECK(is_unambiguous(document, {"config", "history", "created", "os", "architecture", "variant"}));
  ReadConfig found;
  TEGATA_TRY(found.config.platform, platform_of(document));
  TEGATA_TRY(auto created, string_member(document, "created"));
  found.config.created = std::move(created).value_or("").substr(0, kPlatformPart);
  TEGATA_TRY(const auto* settings, object_at(document, "config", {"User", "Env", "Labels", "Healthcheck"}));
  if (settings != nullptr) {
    TEGATA_TRY(auto user, string_member(*settings, "User"));
    found.config.user = std::move(user).value_or("");
    if (found.config.user.size() > limits::kLabelText)
      return Error{ErrorCode::LimitExceeded,
                   "a user of more than " + std::to_string(limits::kLabelText) + " bytes"};
    TEGATA_CHECK(read_environment(*settings, found.config));
    TEGATA_CHECK(read_labels(*settings, found));
    TEGATA_CHECK(read_healthcheck(*settings, found.config));
  }
  TEGATA_CHECK(read_history(document, found.config));
  return found;
}

}  // namespace tegata::verifier
