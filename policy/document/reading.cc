// SPDX-License-Identifier: Apache-2.0
#include "policy/document/reading.h"

namespace tegata::policy {

std::string text_at(const Node& mapping, std::string_view name) {
  const Node* node = mapping.find(name);
  return node != nullptr && node->kind == Node::Kind::Scalar ? node->text : std::string();
}

const std::vector<Node>& items_at(const Node& mapping, std::string_view name) {
  static const std::vector<Node> kNone;
  const Node* node = mapping.find(name);
  return node != nullptr && node->kind == Node::Kind::Sequence ? node->children : kNone;
}

std::vector<std::string> texts_at(const Node& mapping, std::string_view name) {
  std::vector<std::string> texts;
  for (const auto& item : items_at(mapping, name))
    if (item.kind == Node::Kind::Scalar) texts.push_back(item.text);
  return texts;
}

std::vector<ImageGlob> globs_at(const Reading& reading, const Node& mapping, std::string_view name) {
  std::vector<ImageGlob> globs;
  for (const auto& item : items_at(mapping, name)) {
    if (item.kind != Node::Kind::Scalar) continue;
    auto glob = ImageGlob::parse(item.text);
    if (glob.ok())
      globs.push_back(*std::move(glob));
    else
      reading.wrong(item, in_quotes(item.text) + " is not an image glob: " + glob.error().message);
  }
  return globs;
}

}  // namespace tegata::policy
