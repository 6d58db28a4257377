// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/mutations.h"

namespace tegata::policy::testing {
namespace {

using Json = nlohmann::ordered_json;
using Pointer = Json::json_pointer;

void collect_places(const Json& node, const Pointer& place, std::vector<Pointer>& places) {
  places.push_back(place);
  if (node.is_object())
    for (const auto& [key, child] : node.items()) collect_places(child, place / key, places);
  if (node.is_array())
    for (std::size_t i = 0; i < node.size(); ++i) collect_places(node[i], place / i, places);
}

class Mutator {
 public:
  explicit Mutator(const Json& document) : document_(document) {}

  void mutate(const Pointer& place) {
    for (const Json& other : {Json(nullptr), Json(true), Json(7), Json(1.5), Json(""), Json("wrong"),
                              Json("deny"), Json(Json::array()), Json(Json::object())})
      add("retyped " + place.to_string() + " as " + other.dump(),
          [&](Json& changed) { changed[place] = other; });
    add("put into a list " + place.to_string(),
        [&](Json& changed) { changed[place] = Json::array({document_[place]}); });
    if (document_[place].is_object())
      add("a stranger in " + place.to_string(), [&](Json& changed) { changed[place]["stranger"] = "x"; });
    if (place.empty()) return;
    if (document_[place.parent_pointer()].is_object())
      mutate_member(place);
    else
      mutate_item(place);
  }

  std::vector<Mutation> found;

 private:
  template <typename Change>
  void add(const std::string& what, Change change) {
    Json changed = document_;
    change(changed);
    if (changed != document_) found.push_back({what, changed.dump()});
  }

  void mutate_member(const Pointer& place) {
    add("dropped " + place.to_string(),
        [&](Json& changed) { changed[place.parent_pointer()].erase(place.back()); });
    add("renamed " + place.to_string(), [&](Json& changed) {
      changed[place.parent_pointer()].erase(place.back());
      changed[place.parent_pointer()][place.back() + "s"] = document_[place];
    });
  }

  void mutate_item(const Pointer& place) {
    add("dropped " + place.to_string(),
        [&](Json& changed) { changed[place.parent_pointer()].erase(std::stoul(place.back())); });
    add("doubled " + place.to_string(),
        [&](Json& changed) { changed[place.parent_pointer()].push_back(document_[place]); });
  }

  const Json& document_;
};

}  // namespace

std::vector<Mutation> mutations_of(const Json& document) {
  std::vector<Pointer> places;
  collect_places(document, Pointer(), places);
  Mutator mutator(document);
  for (const auto& place : places) mutator.mutate(place);
  return std::move(mutator.found);
}

}  // namespace tegata::policy::testing
