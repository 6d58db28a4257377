// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sigstore/flipped_leaves.h"

#include <algorithm>

#include "tests/support/virtual_bytes.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using Pointer = json::json_pointer;
using Try = std::function<void(const Flip&, const json&)>;

std::size_t step_of(std::size_t size) { return size > 256 ? 7 : 1; }

/// What the string encodes; none of short words, which may look like base64.
std::optional<std::string> bytes_in(const json& value) {
  auto bytes = verifier::decode_base64(value.get_ref<const std::string&>());
  return bytes && bytes->size() >= 16 ? bytes : std::nullopt;
}

// Bytes that are no UTF-8 would be seen by the reader of JSON and by nothing else.
void flip_text(std::string_view text, std::size_t from,
               const std::function<void(std::size_t, const std::string&)>& try_it) {
  const std::size_t step = step_of(text.size() - from);
  for (std::size_t i = from; i < text.size(); i += step) {
    if (static_cast<unsigned char>(text[i]) >= 0x80) continue;
    std::string flipped(text);
    flipped[i] = static_cast<char>(flipped[i] ^ (i % 2 == 0 ? 0x01 : 0x20));
    try_it(i, flipped);
  }
}

void flip_string(const json& good, const Pointer& at, const Try& try_it) {
  json document = good;
  json& place = document[at];
  const auto bytes = bytes_in(place);
  const auto text = place.get<std::string>();
  // Of base64 the end is its own matter: padding, and bits that encode nothing.
  flip_text(text, bytes ? text.size() - 4 : 0, [&](std::size_t i, const std::string& flipped) {
    place = flipped;
    try_it({at.to_string(), Flip::Of::Text, i}, document);
  });
  if (!bytes) return;
  flip_each_byte(*bytes, step_of(bytes->size()), [&](std::size_t i, const std::string& flipped) {
    place = base64(flipped);
    try_it({at.to_string(), Flip::Of::Bytes, i}, document);
  });
}

void flip_number(const json& good, const Pointer& at, const Try& try_it) {
  for (const int by : {-1, 1}) {
    json document = good;
    document[at] = good[at].get<std::int64_t>() + by;
    try_it({at.to_string(), Flip::Of::Number, 0}, document);
  }
}

void flip_name(const json& good, const Pointer& object, const std::string& name, const Try& try_it) {
  std::string flipped = name;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  json document = good;
  document[object][flipped] = good[object][name];
  document[object].erase(name);
  try_it({(object / name).to_string(), Flip::Of::Name, name.size() - 1}, document);
}

void walk(const json& good, const Pointer& at, const Try& try_it) {
  const json& here = good[at];
  if (here.is_object())
    for (const auto& [name, value] : here.items()) {
      flip_name(good, at, name, try_it);
      walk(good, at / name, try_it);
    }
  if (here.is_array())
    for (std::size_t i = 0; i < here.size(); ++i) walk(good, at / i, try_it);
  if (here.is_number_integer()) flip_number(good, at, try_it);
  if (here.is_string()) flip_string(good, at, try_it);
}

/// Whether the flip is inside of a place where `what` stands; for base64, in what it encodes.
bool is_within(const json& value, const Flip& flip, const std::string& what) {
  const auto bytes = bytes_in(value);
  const auto text = bytes ? *bytes : value.get<std::string>();
  const std::size_t at =
      bytes && flip.of == Flip::Of::Text ? std::min(flip.at * 3 / 4, text.size() - 1) : flip.at;
  for (auto from = text.find(what); from != std::string::npos; from = text.find(what, from + 1))
    if (at >= from && at < from + what.size()) return true;
  return false;
}

}  // namespace

void flip_each_leaf(const json& good, const Try& try_it) { walk(good, Pointer(), try_it); }

bool is_uncovered(const json& good, const Flip& flip, std::span<const Uncovered> list) {
  return std::any_of(list.begin(), list.end(), [&](const Uncovered& part) {
    if (!flip.pointer.ends_with(part.pointer_end)) return false;
    if (part.what.empty()) return true;
    return flip.of != Flip::Of::Name && is_within(good[Pointer(flip.pointer)], flip, part.what);
  });
}

void flip_each_byte(std::string_view good, std::size_t step,
                    const std::function<void(std::size_t at, const std::string& flipped)>& try_it) {
  for (std::size_t i = 0; i < good.size(); i += step) {
    std::string flipped(good);
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    try_it(i, flipped);
  }
}

}  // namespace tegata::testing
