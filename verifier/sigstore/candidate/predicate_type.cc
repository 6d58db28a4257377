// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <nlohmann/json.hpp>

#include "verifier/sigstore/candidate/statement.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

// Scans a document and keeps the string members `predicateType` of its outermost object.
class PredicateTypeListener final : public nlohmann::json_sax<json> {
 public:
  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t& text) override {
    if (wanted_) {
      found_ = std::move(text);
      ++times_;
    }
    return value();
  }
  bool binary(binary_t&) override { return value(); }
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    wanted_ = depth_ == 1 && name == "predicateType";
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

  [[nodiscard]] std::optional<std::string> the_type() && {
    if (times_ != 1) return std::nullopt;
    return std::move(found_);
  }

 private:
  bool value() {
    wanted_ = false;
    return true;
  }
  bool open() {
    ++depth_;
    return value();
  }
  bool close() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;
  bool wanted_ = false;
  int times_ = 0;
  std::string found_;
};

}  // namespace

std::optional<std::string> predicate_type_of(std::string_view statement) {
  PredicateTypeListener listener;
  try {
    if (!json::sax_parse(statement.begin(), statement.end(), &listener)) return std::nullopt;
  } catch (const std::exception&) {
    return std::nullopt;  // the strict parser reports the error
  }
  return std::move(listener).the_type();
}

}  // namespace tegata::verifier
