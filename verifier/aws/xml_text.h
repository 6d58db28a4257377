// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"

namespace tegata::verifier {

/// An element of an XML answer: attributes, comments and the XML declaration are left out.
struct XmlElement {
  std::string name;  ///< as written, with its prefix
  std::string text;  ///< its character data, without the whitespace around it
  std::vector<XmlElement> children;

  /// The first child of that name; null if there is none.
  [[nodiscard]] const XmlElement* child(std::string_view name) const;
  /// The text of the element at that path below this one; empty if there is none.
  [[nodiscard]] std::string_view text_at(std::initializer_list<std::string_view> path) const;
};

/// Reads the part of XML 1.0 that AWS answers in: elements, attributes, character data, the five predefined
/// entities and character references, comments, and an XML declaration at the start. Malformed: everything
/// else, document types and CDATA sections too. LimitExceeded above limits::kAwsXmlDepth or
/// limits::kAwsXmlElements. The caller limits the number of bytes.
[[nodiscard]] Result<XmlElement> parse_xml(std::string_view text);

}  // namespace tegata::verifier
