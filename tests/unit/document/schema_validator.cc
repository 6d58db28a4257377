// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/schema_validator.h"

#include <nlohmann/json.hpp>
// valijson is another house's header, and shadows names of its own.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wswitch-enum"
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

#include "policy/document/load.h"

namespace tegata::policy::testing {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

const valijson::Schema& compiled_schema() {
  static const auto* schema = [] {
    auto* made = new valijson::Schema;  // lives as long as the process
    const auto text = nlohmann::json::parse(json_schema());
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(Adapter(text), *made);
    return made;
  }();
  return *schema;
}

}  // namespace

bool schema_accepts(const std::string& json_text) {
  const auto document = nlohmann::json::parse(json_text);
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  return validator.validate(compiled_schema(), Adapter(document), nullptr);
}

std::string schema_errors(const std::string& json_text) {
  const auto document = nlohmann::json::parse(json_text);
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  validator.validate(compiled_schema(), Adapter(document), &results);
  std::string text;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    for (const auto& part : error.context) text += part;
    text += ": " + error.description + "\n";
  }
  return text;
}

}  // namespace tegata::policy::testing
