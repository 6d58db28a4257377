// SPDX-License-Identifier: Apache-2.0
// The only file that includes yaml-cpp. Its events are used, not its nodes: aliases are never
// followed, and every bound is kept while the text is read.
#include "policy/document/read_yaml.h"

#include <re2/re2.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <sstream>

#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  ///< 0: not UTF-8
};

std::size_t length_by_first_byte(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

/// RFC 3629: shortest form only, no surrogates, nothing above U+10FFFF.
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const std::size_t length = length_by_first_byte(byte(0));
  if (length == 0 || at + length > text.size()) return {};
  if (length == 1) return {byte(0), 1};
  std::uint32_t code = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  if ((length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10FFFF))) return {};
  if (code >= 0xD800 && code <= 0xDFFF) return {};
  return {code, length};
}

bool turns_direction(std::uint32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool is_forbidden(std::uint32_t code) {
  if (code == '\t' || code == '\n') return false;
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x2028 || code == 0x2029 ||
         code == 0xFEFF || code == 0xFFFE || code == 0xFFFF || turns_direction(code);
}

std::string named(std::uint32_t code) {
  char text[16];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(code));
  return "the character " + std::string(text) + ", which cannot be seen, is not allowed here";
}

}  // namespace

std::optional<ForbiddenText> find_forbidden(std::string_view text) {
  ForbiddenText place;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
      ++at;
      continue;
    }
    const auto character = character_at(text, at);
    if (character.bytes == 0) place.what = "not UTF-8: a policy document is UTF-8 text";
    if (character.bytes != 0 && is_forbidden(character.code)) place.what = named(character.code);
    if (!place.what.empty()) return place;
    at += character.bytes;
    place.column += static_cast<int>(character.bytes);
    if (character.code == '\n') {
      ++place.line;
      place.column = 1;
    }
  }
  return std::nullopt;
}

// The resolutions of YAML 1.1 (yaml.org/type) and of the 1.2 core schema, both: what one reader
// takes for a number and the other for text is refused, so that no two readers can differ.
bool plain_is_not_text(std::string_view text) {
  static const re2::RE2 resolved(
      "(?i:~|null|true|false|yes|no|on|off|y|n|"
      "[-+]?[.]inf|[.]nan|"
      "[-+]?0b[01_]+|[-+]?0o[0-7_]+|[-+]?0x[0-9a-f_]+|"
      "[-+]?[0-9][0-9_]*(:[0-5]?[0-9])*([.][0-9_]*)?(e[-+]?[0-9]+)?|"
      "[-+]?[.][0-9][0-9_]*(e[-+]?[0-9]+)?)");
  return text.empty() || re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), resolved);
}

namespace {

struct StopReading {};  // ends the file after an error that was already reported

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string file, Diagnostics& errors) : file_(std::move(file)), errors_(errors) {}

  void OnDocumentStart(const YAML::Mark&) override { root_ = Node{}; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(made(Node::Kind::Null, mark, "?", anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases (*name) are not allowed in a policy: write the value out");
    add(made(Node::Kind::Null, mark, "?", YAML::NullAnchor));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto node = made(Node::Kind::Scalar, mark, tag, anchor);
    node.style = tag == "?" ? Node::Style::Plain : Node::Style::Quoted;
    node.text = value;
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(made(Node::Kind::Sequence, mark, tag, anchor));
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(made(Node::Kind::Mapping, mark, tag, anchor));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  [[nodiscard]] Node take_root() { return std::move(root_); }

 private:
  struct Open {
    Node node;
    std::optional<Node> key;          // of a mapping: the key whose value comes next
    std::map<std::string, int> seen;  // its keys, and the line of each
  };

  [[nodiscard]] SourceMark place(const YAML::Mark& mark) const {
    return {file_, mark.line + 1, mark.column + 1};
  }
  void refuse(const YAML::Mark& mark, std::string message) { errors_.add(place(mark), std::move(message)); }

  Node made(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (++nodes_ > limits::kPolicyNodes) {
      refuse(mark, "more than " + std::to_string(limits::kPolicyNodes) +
                       " values in one file: split it into several");
      throw StopReading{};
    }
    if (anchor != YAML::NullAnchor)
      refuse(mark, "anchors (&name) are not allowed in a policy: write the value out where it is used");
    if (!tag.empty() && tag != "?" && tag != "!")
      refuse(mark, "tags are not allowed in a policy; found " + in_quotes(tag));
    Node node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  void open(Node node) {
    if (open_.size() >= limits::kPolicyDepth) {
      errors_.add({file_, node.line, node.column},
                  "nested too deeply: at most " + std::to_string(limits::kPolicyDepth) + " levels");
      throw StopReading{};
    }
    open_.push_back({std::move(node), std::nullopt, {}});
  }

  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.kind == Node::Kind::Sequence) {
      open_.back().node.children.push_back(std::move(node));
    } else if (!open_.back().key) {
      add_key(open_.back(), std::move(node));
    } else {
      add_value(open_.back(), std::move(node));
    }
  }

  void add_key(Open& mapping, Node key) {
    const SourceMark mark{file_, key.line, key.column};
    if (key.kind != Node::Kind::Scalar) {
      errors_.add(mark, "a key must be text");
    } else if (key.text == "<<") {
      errors_.add(mark, "merge keys (<<) are not allowed in a policy: write the fields out");
    } else if (const auto [first, is_new] = mapping.seen.emplace(key.text, key.line); !is_new) {
      errors_.add(mark, in_quotes(key.text) + " is given twice in this mapping, first in line " +
                            std::to_string(first->second));
    }
    mapping.key = std::move(key);
  }

  static void add_value(Open& mapping, Node value) {
    value.key = std::move(mapping.key->text);
    value.key_style = mapping.key->style;
    value.key_line = mapping.key->line;
    value.key_column = mapping.key->column;
    mapping.key.reset();
    // For a missing value, yaml-cpp reports the current position of the parser.
    if (value.kind == Node::Kind::Null) {
      value.line = value.key_line;
      value.column = value.key_column;
    }
    mapping.node.children.push_back(std::move(value));
  }

  std::string file_;
  Diagnostics& errors_;
  std::vector<Open> open_;
  Node root_;
  std::size_t nodes_ = 0;
};

/// Whether the file may be parsed.
bool is_readable(const Document& document, std::string_view text, Diagnostics& errors) {
  if (document.text.size() > limits::kPolicyFile) {
    errors.add({document.name, 1, 1}, "the file has " + std::to_string(document.text.size()) +
                                          " bytes, more than the " + std::to_string(limits::kPolicyFile) +
                                          " that a policy may have");
    return false;
  }
  if (auto forbidden = find_forbidden(text)) {
    errors.add({document.name, forbidden->line, forbidden->column}, forbidden->what);
    return false;
  }
  return true;
}

/// Several documents, each by its events. An empty document ends the file: after
/// some errors yaml-cpp gives empty ones forever.
std::vector<Node> parse_all(std::istream& stream, TreeBuilder& builder, const std::string& file,
                            Diagnostics& errors) {
  std::vector<Node> roots;
  YAML::Parser parser(stream);
  while (parser.HandleNextDocument(builder)) {
    roots.push_back(builder.take_root());
    if (roots.back().kind != Node::Kind::Null) continue;
    errors.add({file, roots.back().line, roots.back().column},
               "an empty document: expected a DeploymentPolicy");
    break;
  }
  if (roots.empty()) errors.add({file, 1, 1}, "the file is empty: expected a DeploymentPolicy");
  return roots;
}

}  // namespace

std::vector<Node> read_yaml(const Document& document, Diagnostics& errors) {
  std::string_view text = document.text;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (!is_readable(document, text, errors)) return {};
  std::istringstream stream{std::string(text)};
  TreeBuilder builder(document.name, errors);
  try {
    return parse_all(stream, builder, document.name, errors);
  } catch (const StopReading&) {
    return {};
  } catch (const YAML::Exception& wrong) {
    errors.add({document.name, std::max(wrong.mark.line, 0) + 1, std::max(wrong.mark.column, 0) + 1},
               "not YAML: " + wrong.msg);
    return {};
  }
}

}  // namespace tegata::policy
