// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/xml_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kXmlSpace = " \t\r\n";

bool is_name_char(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("_-.:").find(c) != std::string_view::npos;
}

void append_utf8(std::string& text, std::uint32_t c) {
  const auto put = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xc0 | c >> 6);
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
  }
  put(0x80 | (c & 0x3f));
}

/// The character of `#38` or `#x26`; 0 if it is none that XML 1.0 allows.
std::uint32_t character_of(std::string_view reference) {
  const bool hex = reference.starts_with("#x");
  const auto digits = reference.substr(hex ? 2 : 1);
  std::uint32_t value = 0;
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (digits.empty() || failed != std::errc() || end != digits.data() + digits.size()) return 0;
  const bool control = value < ' ' && value != '\t' && value != '\n' && value != '\r';
  const bool allowed = !control && value < 0x110000 && (value < 0xd800 || value > 0xdfff);
  return allowed ? value : 0;
}

class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : rest_(text) {}

  Result<XmlElement> document() {
    if (take("<?xml ")) {
      const auto end = rest_.find("?>");
      if (end == rest_.npos) return broken("a declaration without end");
      rest_.remove_prefix(end + 2);
    }
    TEGATA_CHECK(skip_between());
    TEGATA_TRY(auto root, element(1));
    TEGATA_CHECK(skip_between());
    if (!rest_.empty()) return broken("text after the root element");
    return root;
  }

 private:
  static Error broken(std::string_view what) {
    return Error::malformed("not the XML of an AWS answer: " + std::string(what));
  }
  bool take(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(kXmlSpace), rest_.size())); }

  /// Comments and space outside of the root element.
  Status skip_between() {
    for (skip_space(); take("<!--"); skip_space()) TEGATA_CHECK(skip_comment());
    return done();
  }
  Status skip_comment() {
    const auto end = rest_.find("-->");
    if (end == rest_.npos) return broken("a comment without end");
    rest_.remove_prefix(end + 3);
    return done();
  }
  Result<std::string> name() {
    const auto size =
        static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_name_char) - rest_.begin());
    if (size == 0 || is_digit(rest_.front()) || rest_.front() == '-' || rest_.front() == '.')
      return broken("a name was expected");
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  /// After the name of a start tag: true if the element has content.
  Result<bool> attributes() {
    for (skip_space();; skip_space()) {
      if (take("/>")) return false;
      if (take(">")) return true;
      TEGATA_CHECK(attribute());
    }
  }
  Status attribute() {
    TEGATA_TRY([[maybe_unused]] const auto attribute_name, name());
    skip_space();
    if (!take("=")) return broken("an attribute without value");
    skip_space();
    if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\''))
      return broken("a value without quotes");
    const auto end = rest_.find(rest_.front(), 1);
    if (end == rest_.npos || rest_.substr(0, end).find('<') != rest_.npos)
      return broken("a value without end");
    rest_.remove_prefix(end + 1);
    return done();
  }
  Result<XmlElement> element(std::size_t depth) {
    if (depth > limits::kAwsXmlDepth || ++elements_ > limits::kAwsXmlElements)
      return Error{ErrorCode::LimitExceeded, "an XML answer with too many levels or elements"};
    if (!take("<")) return broken("an element was expected");
    XmlElement read;
    TEGATA_TRY(read.name, name());
    TEGATA_TRY(const bool has_content, attributes());
    if (has_content) TEGATA_CHECK(content(read, depth));
    read.text = trimmed(read.text, kXmlSpace);
    return read;
  }
  Status content(XmlElement& into, std::size_t depth) {
    while (true) {
      TEGATA_CHECK(character_data(into.text));
      if (take("<!--")) {
        TEGATA_CHECK(skip_comment());
      } else if (take("</")) {
        TEGATA_TRY(const auto closed, name());
        skip_space();
        if (closed != into.name || !take(">")) return broken("an end tag that does not match");
        return done();
      } else {
        TEGATA_TRY(auto inner, element(depth + 1));
        into.children.push_back(std::move(inner));
      }
    }
  }
  Status character_data(std::string& text) {
    while (!rest_.empty() && rest_.front() != '<') {
      const auto size = std::min(rest_.find_first_of("<&"), rest_.size());
      text.append(rest_.substr(0, size));
      rest_.remove_prefix(size);
      if (rest_.starts_with('&')) TEGATA_CHECK(reference(text));
    }
    if (rest_.empty()) return broken("it ends within an element");
    return done();
  }
  Status reference(std::string& text) {
    constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
        {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}};
    constexpr std::size_t kLongest = 12;
    const auto end = rest_.substr(0, kLongest).find(';');
    if (end == rest_.npos) return broken("a reference without ;");
    const auto entity = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    for (const auto& [entity_name, character] : kEntities)
      if (entity == entity_name) {
        text += character;
        return done();
      }
    const auto character = entity.starts_with('#') ? character_of(entity) : 0;
    if (character == 0) return broken("an unknown entity");
    append_utf8(text, character);
    return done();
  }

  std::string_view rest_;
  std::size_t elements_ = 0;
};

}  // namespace

const XmlElement* XmlElement::child(std::string_view wanted) const {
  for (const auto& each : children)
    if (each.name == wanted) return &each;
  return nullptr;
}

std::string_view XmlElement::text_at(std::initializer_list<std::string_view> path) const {
  const auto* at = this;
  for (const auto step : path)
    if ((at = at->child(step)) == nullptr) return {};
  return at->text;
}

Result<XmlElement> parse_xml(std::string_view text) { return XmlReader(text).document(); }

}  // namespace tegata::verifier
