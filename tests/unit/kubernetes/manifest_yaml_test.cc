// SPDX-License-Identifier: Apache-2.0
//
// What YAML means in manifests, and what bounds it.
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/unit/kubernetes/manifest_readings.h"

namespace tegata::webhook::kubernetes {
namespace {

TEST(Manifests, ExpandAliases) {
  const auto request = request_of(R"(
apiVersion: v1
kind: Pod
spec:
  containers:
    - &c {name: &n app, image: "nginx:1.27"}
  initContainers: [*c, {name: *n, image: busybox}]
)");
  ASSERT_EQ(request.images.size(), 3U);
  EXPECT_EQ(request.images[1].text, "nginx:1.27");
  EXPECT_EQ(request.images[2].container, "app");
}

TEST(Manifests, RefuseWhatTheyWouldReadOtherwiseThanKubernetes) {
  struct Case {
    std::string text, why;
  };
  for (const auto& [text, why] :
       std::vector<Case>{{"apiVersion: v1\nkind: Pod\nx: {<<: 7}\n", "a mapping or a list of mappings"},
                         {"apiVersion: v1\nkind: Pod\nx: {<<: [{}, 7]}\n", "a mapping or a list of mappings"},
                         {"apiVersion: v1\nkind: Pod\nx: {<<: {}, <<: {}}\n", "two merge keys"},
                         {"apiVersion: v1\nkind: Pod\nx: {a: 1, <<: {a: 2}}\n", "write << first"},
                         {"apiVersion: v1\nkind: Pod\nx: {<<: {a: 1, a: 2}}\n", "twice"},
                         {"apiVersion: v1\nkind: Pod\nx: !!int one\n", "!!int"},
                         {"apiVersion: v1\nkind: Pod\nx: !!bool 1\n", "!!bool"},
                         {"apiVersion: v1\nkind: Pod\nx: !!seq {}\n", "tag"},
                         {"apiVersion: v1\nkind: Pod\nx: !!binary aGk=\n", "tag"},
                         {"apiVersion: v1\nkind: Pod\nx: !evil {a: 1}\n", "tag"},
                         {"apiVersion: v1\nkind: Pod\n? {a: 1}\n: b\n", "key"},
                         {"apiVersion: v1\nkind: Pod\nx: &a [*a]\n", "anchor"},
                         {"apiVersion: v1\nkind: Pod\nx: .nan\n", "JSON"},
                         {"apiVersion: v1\nkind: Pod\nx: *unknown\n", "line 3"}}) {
    const auto readings = read(text);
    ASSERT_EQ(readings.size(), 1U) << text;
    EXPECT_NE(invalid_detail(readings[0].reading).find(why), std::string::npos)
        << text << invalid_detail(readings[0].reading);
  }
}

TEST(Manifests, RefuseCharactersThatOnlySomeReadersTakeForALineEnd) {
  struct Case {
    std::string character, name;
  };
  const std::string hidden = "  - {name: b, image: \"evil.example.net/x:1\"}\n";
  for (const auto& [character, name] : std::vector<Case>{{"\r", "carriage return (U+000D)"},
                                                         {"\r\r\n", "carriage return (U+000D)"},
                                                         {"\xC2\x85", "U+0085"},
                                                         {"\xE2\x80\xA8", "U+2028"},
                                                         {"\xE2\x80\xA9", "U+2029"},
                                                         {"\xEF\xBB\xBF", "U+FEFF"},
                                                         {std::string(1, '\0'), "U+0000"},
                                                         {"\x04", "U+0004"},
                                                         {"\x0B", "U+000B"},
                                                         {"\x0C", "U+000C"},
                                                         {"\x1F", "U+001F"},
                                                         {"\x7F", "U+007F"},
                                                         {"\xC2\x80", "U+0080"},
                                                         {"\xC2\x9F", "U+009F"},
                                                         {"\xFF", "not UTF-8"}})
    for (const std::string before : {"# comment", "x: text", "x: 'quoted", "--- # comment"}) {
      const auto readings = read(std::string(kPod) + before + character + hidden);
      ASSERT_EQ(readings.size(), 1U) << before << name;
      const auto detail = invalid_detail(readings[0].reading);
      EXPECT_TRUE(detail.starts_with("line 10: ")) << before << detail;
      EXPECT_NE(detail.find(name), std::string::npos) << before << detail;
    }
  EXPECT_NE(invalid_detail(read(std::string(kPod) + "\r").at(0).reading).find("U+000D"), std::string::npos);
}

TEST(Manifests, KeepCrLfTabsAndOtherCharacters) {
  EXPECT_EQ(request_of("apiVersion: v1\r\nkind: Pod\r\nx:\t\"\\u2028 \xC2\xA0 \xE2\x80\xAA\"\t# \xC3\xA9\r\n"
                       "spec:\r\n  containers: [{name: a, image: b}]\r\n")
                .images.at(0)
                .text,
            "b");
  EXPECT_EQ(request_of("{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"x\": \"\xE2\x80\xA8\xC2\x85\",\r"
                       "\"spec\": {\"containers\": [{\"name\": \"a\", \"image\": \"b\"}]}}")
                .images.at(0)
                .text,
            "b");
}

TEST(Manifests, RefuseDocumentMarkersThatOnlyKubectlTakesForOne) {
  const std::string hidden = "# x: |\n  apiVersion: v1\n  kind: Pod\n";
  for (const std::string marker :
       {"---", "---\xC2\xA0", "--- \xC2\xA0", "---\xE3\x80\x80", "----", "--- x", "--- {} "}) {
    const auto readings = read(std::string(kPod) + marker + hidden);
    ASSERT_EQ(readings.size(), 1U) << marker;
    const auto detail = invalid_detail(readings[0].reading);
    EXPECT_TRUE(detail.starts_with("line 10: after ---")) << marker << detail;
  }
  for (const std::string marker : {"---\n", "--- \t\n", "---\r\n", "--- # comment\n", "---\t# comment\r\n"})
    EXPECT_EQ(read(std::string(kPod) + marker + std::string(kPod)).size(), 2U) << marker;
}

TEST(Manifests, MergeMappingsAsKubectlDoes) {
  const auto request = request_of(R"(
x-base: &base {name: app, image: "nginx:1.27", tty: true}
x-more: &more {image: "busybox:1", stdin: true, "<<": "an ordinary key"}
apiVersion: v1
kind: Pod
spec:
  containers:
    - *base
    - <<: *base
      name: own
    - <<: [*more, *base]
    - {<<: [{<<: *base, image: "nested:1"}], stdin: true}
    - !!map {"<<": {}, !!str name: quoted, image: !!str "q:1"}
    - {!!merge <<: *base}
)");
  ASSERT_EQ(request.images.size(), 6U);
  const auto image = [&](std::size_t i) {
    return request.images[i].container + " " + request.images[i].text;
  };
  EXPECT_EQ(image(1), "own nginx:1.27");
  EXPECT_EQ(image(2), "app busybox:1");
  EXPECT_EQ(image(3), "app nested:1");
  EXPECT_EQ(image(4), "quoted q:1");
  EXPECT_EQ(image(5), "app nginx:1.27");
}

TEST(Manifests, ResolveAnchorsInsideMergedMappings) {
  const auto request = request_of(R"(
apiVersion: v1
kind: Pod
metadata:
  annotations:
    <<: {pad: "ppppppppppppppppppp", merged: &merged "merged:1", kept: &kept {image: "kept:1"}}
    q: &after "after:1"
    r: "another:1"
    pad: ""
    list: [{<<: {x: &nested "nested:1", y: yyyyyyyyyyyyyyyyyyyyyyy}, y: &own "own:1"}]
x: &whole
  <<: {name: from-merge, image: &dropped "dropped:1", extra: eeeeeeeeeeeeeeee}
  image: &replaced "replaced:1"
spec:
  containers:
    - {name: a, image: *after}
    - {name: b, image: *merged}
    - {name: c, <<: *kept}
    - {name: d, image: *nested}
    - {name: e, image: *own}
    - *whole
    - {name: f, image: *dropped}
    - {name: g, image: *replaced}
)");
  const std::vector<std::string> expected{"after:1", "merged:1",   "kept:1",    "nested:1",
                                          "own:1",   "replaced:1", "dropped:1", "replaced:1"};
  std::vector<std::string> images;
  for (const auto& image : request.images) images.push_back(image.text);
  EXPECT_EQ(images, expected);
  EXPECT_EQ(request.images.at(5).container, "from-merge");
}

TEST(Manifests, TakeTheTagsOfTheCoreSchema) {
  EXPECT_EQ(invalid_detail(read("{apiVersion: v1, kind: Pod, x: [!!int 5, !!int '5', !!float 1, !!float 1.5, "
                                "!!bool true, !!null ~, !!seq [], !!map {}, ! 7]}")
                               .at(0)
                               .reading),
            "");
  EXPECT_EQ(request_of("{apiVersion: v1, kind: Pod, spec: {activeDeadlineSeconds: !!int 5, containers: "
                       "[{name: a, image: !!str 7}]}}")
                .images.at(0)
                .text,
            "7");
}

TEST(Manifests, HaveAnyNumberOfNodes) {
  std::string text = "apiVersion: v1\nkind: Pod\nx: [0";
  for (std::size_t i = 0; i < 200'000; ++i) text += ",0";
  EXPECT_EQ(invalid_detail(read(text + "]\n").at(0).reading), "");
}

/// A Pod in flow style with so many characters that can separate tokens.
std::string of_tokens(std::size_t tokens) {
  const std::string before = "{apiVersion: v1, kind: Pod, x: [";  // has 7
  return before + std::string(tokens - 9, ',') + "]}";
}

TEST(Manifests, BoundTheTokensOfAFlowCollection) {
  const auto detail = [](const std::string& text) { return invalid_detail(read(text).at(0).reading); };
  constexpr std::string_view kTooMany = "more than 1000000 brackets";
  static_assert(limits::kYamlTokens == 1'000'000);
  EXPECT_EQ(detail(of_tokens(limits::kYamlTokens)).find(kTooMany), std::string::npos);
  EXPECT_NE(detail(of_tokens(limits::kYamlTokens + 1)).find(kTooMany), std::string::npos);
  for (const std::string repeated :
       {"[", "{", "a,", "\"\"", "''", "*a ", "&a ", "!a ", "? ", "a: ", "---\n"}) {
    std::string text = "[";
    for (std::size_t i = 0; i <= limits::kYamlTokens; ++i) text += repeated;
    EXPECT_NE(detail(text).find(kTooMany), std::string::npos) << repeated << detail(text);
  }
}

TEST(Manifests, BoundTheTokensOfEachCollectionByItself) {
  std::string text(kPod);
  std::string many = "0";
  for (std::size_t i = 0; i < limits::kYamlTokens / 4; ++i) many += ",0";
  for (const std::string key : {"a", "b", "c", "d", "e"}) text += key + ": [" + many + "]\n";
  EXPECT_EQ(invalid_detail(read(text).at(0).reading), "");
}

std::string of_json_bytes(std::size_t bytes) {
  constexpr std::size_t kTimes = 15;
  constexpr std::size_t kEach = limits::kInputFile / (kTimes + 1) - 100;
  const auto around = std::string_view(R"({"apiVersion":"v1","kind":"Pod","x":[],"y":""})").size();
  const auto anchored = kEach + 2;  // counted once in its place, and once for its aliases
  const auto list = kTimes * anchored + kTimes - 1 + anchored;
  std::string text = "---\n{apiVersion: v1, kind: Pod, x: [&a " + std::string(kEach, 'x');
  for (std::size_t i = 1; i < kTimes; ++i) text += ", *a";
  return text + "], y: " + std::string(bytes - around - list, 'y') + "}\n";
}

TEST(Manifests, BoundTheBytesOfADocumentWithAliasesExpanded) {
  EXPECT_EQ(invalid_detail(read(of_json_bytes(limits::kInputFile)).at(0).reading), "");
  const auto readings = read(of_json_bytes(limits::kInputFile + 1) + "---" + std::string(kPod));
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_NE(invalid_detail(readings[0].reading).find("larger than 16777216 bytes"), std::string::npos);
  EXPECT_EQ(std::get<DeploymentRequest>(readings[1].reading).name, "web");
}

TEST(Manifests, BoundTheBytesOfAllDocumentsOfAFile) {
  static_assert(limits::kManifestText == 4 * limits::kInputFile);
  std::string text;
  for (int i = 0; i < 4; ++i) text += of_json_bytes(limits::kInputFile);
  const auto most = read(text);
  ASSERT_EQ(most.size(), 4U);
  EXPECT_EQ(invalid_detail(most[3].reading), "");
  const auto more = read(text + "---\n7");
  ASSERT_EQ(more.size(), 5U);
  EXPECT_EQ(invalid_detail(more[3].reading), "");
  EXPECT_NE(invalid_detail(more[4].reading).find("the documents of the file up to here"), std::string::npos);
}

TEST(Manifests, BoundTheBytesThatMergesDrop) {
  std::string text = "{apiVersion: v1, kind: Pod, b: &b {x: " + std::string(1024 * 1024, 'x') + "}, l: [";
  for (int i = 0; i < 16; ++i) text += "{<<: *b, x: 1},";
  EXPECT_NE(invalid_detail(read(text + "]}").at(0).reading).find("larger than"), std::string::npos);
}

TEST(Manifests, ADocumentThatIsRefusedCostsOnlyItself) {
  for (const std::string refused :
       {"x: !evil 1", "x: &a [*a]", "x: .inf", "{<<: 1}", "? [a]\n: b", "x: !!int y"}) {
    const auto readings =
        read("apiVersion: v1\nkind: ConfigMap\n---\n" + refused + "\n---\n" + std::string(kPod));
    ASSERT_EQ(readings.size(), 3U) << refused;
    EXPECT_NE(invalid_detail(readings[1].reading).find("line "), std::string::npos) << refused;
    EXPECT_EQ(readings[2].name, "#3");
    EXPECT_EQ(std::get<DeploymentRequest>(readings[2].reading).name, "web") << refused;
  }
}

TEST(Manifests, BeforeWhatIsNotYamlAreRead) {
  const auto readings = read(std::string(kPod) + "---\na: [\n---\n" + std::string(kPod));
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(std::get<DeploymentRequest>(readings[0].reading).name, "web");
  EXPECT_NE(invalid_detail(readings[1].reading).find("not YAML"), std::string::npos);
}

TEST(Manifests, BoundTheDepthInBothFormsAndThroughAliases) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  for (const std::string prefix :
       {"{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"x\": ", "{apiVersion: v1, kind: Pod, x: "}) {
    EXPECT_EQ(invalid_detail(read(prefix + nested(limits::kJsonDepth - 1) + "}").at(0).reading), "")
        << prefix;
    EXPECT_NE(invalid_detail(read(prefix + nested(limits::kJsonDepth) + "}").at(0).reading), "") << prefix;
    EXPECT_NE(invalid_detail(read(prefix + nested(100'000) + "}").at(0).reading), "") << prefix;
  }
  const auto aliased = [&](std::size_t levels) {
    return "{apiVersion: v1, kind: Pod, x: &x " + nested(levels) + ", y: [[[*x]]]}";
  };
  EXPECT_EQ(invalid_detail(read(aliased(limits::kJsonDepth - 4)).at(0).reading), "");
  EXPECT_NE(invalid_detail(read(aliased(limits::kJsonDepth - 3)).at(0).reading), "");
}

TEST(Manifests, TypePlainScalarsAsYaml12Does) {
  const auto image = [](const std::string& scalar) {
    const auto readings =
        read("{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: " + scalar + "}]}}");
    const auto* request = std::get_if<DeploymentRequest>(&readings.at(0).reading);
    return request == nullptr ? invalid_detail(readings.at(0).reading) : request->images.at(0).text;
  };
  constexpr std::string_view kNoString = "spec.containers[0].image must be a string";
  for (const std::string scalar :
       {"nginx", "yes", "1.2.3", "0b1", "1_000", "12e", "-", "+", ".", "0x", "0o9"})
    EXPECT_EQ(image(scalar), scalar);
  for (const std::string scalar :
       {"1", "007", "-3", "+3", "1.5", ".5", "5.", "1e3", "0x1F", "0o17", "true", "FALSE"})
    EXPECT_EQ(image(scalar), kNoString) << scalar;
  for (const std::string scalar : {"null", "~", "''", "!!str"}) EXPECT_EQ(image(scalar), "") << scalar;
  EXPECT_EQ(image("'1'"), "1");
  EXPECT_EQ(image("!!str 1"), "1");
  EXPECT_EQ(image(R"("a\"b\\c\td")"), "a\"b\\c\td");
}

}  // namespace
}  // namespace tegata::webhook::kubernetes
