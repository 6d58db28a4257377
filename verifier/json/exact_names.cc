// SPDX-License-Identifier: Apache-2.0
#include "verifier/json/exact_names.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "policy/model/ascii.h"
#include "policy/model/printable.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kLongS = "\u017f";
constexpr std::string_view kKelvin = "\u212a";

/// As encoding/json of Go compares names: without case, and with the long s and the Kelvin sign. `known` is
/// ASCII.
bool is_read_as(std::string_view name, std::string_view known) {
  for (const char c : known) {
    const bool long_s = name.starts_with(kLongS);
    const bool kelvin = name.starts_with(kKelvin);
    if (name.empty() || (long_s ? 's' : kelvin ? 'k' : ascii_lower(name.front())) != ascii_lower(c))
      return false;
    name.remove_prefix(long_s ? kLongS.size() : kelvin ? kKelvin.size() : 1);
  }
  return name.empty();
}

}  // namespace

Status exact_names(const nlohmann::json& object, std::initializer_list<std::string_view> known,
                   std::string_view what) {
  if (!object.is_object()) return done();
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    for (const auto one : known)
      if (is_read_as(name, one))
        return Error::malformed("the member " + quoted(name, 80) + " of " + std::string(what) +
                                " would be read as " + quoted(one));
  }
  return done();
}

}  // namespace tegata::verifier
