// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/xml_text.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

TEST(XmlText, IsReadAsAwsWritesIt) {
  const auto root = *parse_xml(
      "<?xml version=\"1.0\"?>\n<!-- c --><R xmlns=\"http://x/\" a='1'>\n <A>\n  <B>x &lt;&amp;&gt; "
      "&#65;&#x20AC;</B>\n"
      " </A><E/><A>second</A><!-- d --></R>\n");
  EXPECT_EQ(root.name, "R");
  EXPECT_EQ(root.text_at({"A", "B"}), "x <&> A\xE2\x82\xAC");
  EXPECT_EQ(root.text_at({"A", "C"}), "");
  EXPECT_EQ(root.child("E")->text, "");
  EXPECT_EQ(root.children.size(), 3U);
}

TEST(XmlText, IsRefusedInEveryOtherForm) {
  for (const char* text : {"",
                           "x",
                           "<a>",
                           "<a></b>",
                           "<a><b></a></b>",
                           "<a/><b/>",
                           "<a/>x",
                           "<a>&bad;</a>",
                           "<a>&#0;</a>",
                           "<a>&#xD800;</a>",
                           "<a>&#x110000;</a>",
                           "<a>& </a>",
                           "<!DOCTYPE a><a/>",
                           "<a><![CDATA[x]]></a>",
                           "<a b></a>",
                           "<a b=c></a>",
                           "<a b=\"<\"></a>",
                           "<1a/>",
                           "<a",
                           "<a b='",
                           "<a><!-- ",
                           "<?xml ",
                           "<a><?pi?></a>",
                           "<a>&#;</a>",
                           "< a/>"})
    EXPECT_FALSE(parse_xml(text).ok()) << text;
}

TEST(XmlText, HasUpToTheLimitOfLevelsAndElements) {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "<a>";
    for (std::size_t i = 0; i < depth; ++i) text += "</a>";
    return text;
  };
  EXPECT_TRUE(parse_xml(nested(limits::kAwsXmlDepth)).ok());
  EXPECT_EQ(parse_xml(nested(limits::kAwsXmlDepth + 1)).error().code, ErrorCode::LimitExceeded);
  std::string wide = "<r>";
  for (std::size_t i = 1; i < limits::kAwsXmlElements; ++i) wide += "<a/>";
  EXPECT_TRUE(parse_xml(wide + "</r>").ok());
  EXPECT_EQ(parse_xml(wide + "<a/></r>").error().code, ErrorCode::LimitExceeded);
}

}  // namespace
}  // namespace tegata::verifier
