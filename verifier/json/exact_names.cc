// SPDX-License-Identifier: Apache-2.0
#include "verifier/json/exact_names.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "policy/model/ascii.h"
#include "policy/model/printable.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kLongS = "\u017f";
constexpr std::string_view kKelvin = "\u212a";

/// As encoding/json of Go compares names: without case, and with the long s and the Kelvin sign.
std::string folded(std::string_view name) {
  std::string text;
  while (!name.empty()) {
    const bool long_s = name.starts_with(kLongS);
    const bool kelvin = name.starts_with(kKelvin);
    text += long_s ? 's' : kelvin ? 'k' : ascii_lower(name.front());
    name.remove_prefix(long_s ? kLongS.size() : kelvin ? kKelvin.size() : 1);
  }
  return text;
}

}  // namespace

Status exact_names(const nlohmann::json& object, std::initializer_list<std::string_view> known,
                   std::string_view what) {
  if (!object.is_object()) return done();
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto same = folded(name);
    for (const auto one : known)
      if (same == folded(one))
        return Error::malformed("the member " + quoted(name, 80) + " of " + std::string(what) +
                                " would be read as " + quoted(one));
  }
  return done();
}

}  // namespace tegata::verifier
