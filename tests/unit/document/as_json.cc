// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/as_json.h"

namespace tegata::policy::testing {

using Json = nlohmann::ordered_json;

Json as_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Null:
      return nullptr;
    case Node::Kind::Sequence: {
      Json list = Json::array();
      for (const auto& child : node.children) list.push_back(as_json(child));
      return list;
    }
    case Node::Kind::Mapping: {
      Json object = Json::object();
      for (const auto& child : node.children) object[child.key] = as_json(child);
      return object;
    }
    case Node::Kind::Scalar:
      break;
  }
  if (node.style == Node::Style::Quoted) return node.text;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  if (node.text.find_first_not_of("-.0123456789") == std::string::npos && Json::accept(node.text) &&
      node.text.size() < 19)
    return Json::parse(node.text);
  if (node.text.find_first_not_of("0123456789") != std::string::npos) return node.text;
  return node.text.size() < 19 ? Json(std::stoll(node.text)) : Json(1e19);
}

}  // namespace tegata::policy::testing
