// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/verdict_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/unit/audit/sample_records.h"

namespace tegata::webhook {
namespace {

using nlohmann::json;

std::set<std::string> keys(const json& object) {
  std::set<std::string> all;
  for (const auto& [key, value] : object.items()) all.insert(key);
  return all;
}

TEST(DecisionListJson, HasTheMembersOfTheContractAndNoOthers) {
  const auto list = decision_list({{"web.yaml", sample_request(), sample_verdict(), "01ABC"}});
  EXPECT_EQ(keys(list), (std::set<std::string>{"apiVersion", "kind", "items"}));
  EXPECT_EQ(list["apiVersion"], "tegata.dev/v1alpha1");
  EXPECT_EQ(list["kind"], "DecisionList");
  const auto& item = list["items"][0];
  EXPECT_EQ(keys(item),
            (std::set<std::string>{"source", "request", "decision", "wouldBe", "reasons", "rules", "who",
                                   "images", "findings", "warnings", "hook", "answer", "actions", "id"}));
  EXPECT_EQ(keys(item["findings"][0]),
            (std::set<std::string>{"policy", "rule", "kind", "reason", "cost", "fieldPath", "image", "digest",
                                   "expected", "found", "remedy", "message"}));
  EXPECT_EQ(keys(item["images"][0]), (std::set<std::string>{"image", "digest", "runs"}));
}

TEST(DecisionListJson, HasTheHelpOfARuleThatHasOne) {
  auto verdict = sample_verdict();
  verdict.findings[0].help = "https://wiki.example/registries";
  EXPECT_EQ(to_json(DecisionItem{"web.yaml", sample_request(), verdict, ""})["findings"][0]["help"],
            "https://wiki.example/registries");
  EXPECT_EQ(to_json(verdict)["findings"][0]["help"], "https://wiki.example/registries");
}

TEST(DecisionListJson, HasTheExemptionsThatWereUsed) {
  auto verdict = sample_verdict();
  verdict.exemptions = {{"p", "r", "i", "why", "who", "2027-01-31", {"CVE-1"}},
                        {"p", "q", "", "", "", "", {}}};
  const auto used = to_json(DecisionItem{"web.yaml", sample_request(), verdict, ""})["exemptions"];
  ASSERT_EQ(used.size(), 2u);
  EXPECT_EQ(used[0]["vulnerabilities"], json::array({"CVE-1"}));
  EXPECT_FALSE(used[1].contains("vulnerabilities"));
}

TEST(DecisionListJson, SaysWhatTheVerdictSays) {
  const auto item = to_json(DecisionItem{"web.yaml", sample_request(), sample_verdict(), "01ABC"});
  EXPECT_EQ(item["source"], "web.yaml");
  EXPECT_EQ(item["id"], "01ABC");
  EXPECT_EQ(item["decision"], "allow");
  EXPECT_EQ(item["wouldBe"], "deny");
  EXPECT_EQ(item["reasons"], json::array({"RegistryNotAllowed"}));
  EXPECT_EQ(item["rules"], json::array({"our-registries"}));
  EXPECT_EQ(item["who"], "system:serviceaccount:argocd:deployer");
  EXPECT_EQ(item["warnings"], json::array({"a warning"}));
  EXPECT_EQ(item["findings"][0]["cost"], "dryrun");
  EXPECT_EQ(item["findings"][0]["kind"], "violates");
  EXPECT_TRUE(item["findings"][0]["digest"].is_null());
  EXPECT_TRUE(item["hook"].is_null());
  EXPECT_EQ(item["actions"], json::array());
}

TEST(DecisionListJson, WhoIsNullWhereNobodyIsNamed) {
  const auto item = to_json(DecisionItem{"e.json", InvalidRequest{Reason::EventMalformed, "x"}, {}, ""});
  EXPECT_TRUE(item["who"].is_null());
  const auto ignored = to_json(
      DecisionItem{"e.json", IgnoredRequest{Reason::CallFailed, "x", "arn:aws:iam::1:user/m"}, {}, ""});
  EXPECT_EQ(ignored["who"], "arn:aws:iam::1:user/m");
}

TEST(VerdictJson, DiffersWhereVerdictsDiffer) {
  const auto whole = dump_line(to_json(sample_verdict()));
  const auto differs = [&](auto change) {
    auto verdict = sample_verdict();
    change(verdict);
    EXPECT_NE(dump_line(to_json(verdict)), whole);
  };
  differs([](Verdict& v) { v.decision = Decision::Deny; });
  differs([](Verdict& v) { v.would_be = Decision::Allow; });
  differs([](Verdict& v) { v.reasons.clear(); });
  differs([](Verdict& v) { v.rules.clear(); });
  differs([](Verdict& v) { v.warnings.clear(); });
  differs([](Verdict& v) { v.images[0].digest = Digest(Digest::Bytes{}); });
  differs([](Verdict& v) { v.findings[0].would_cost = Cost::Warn; });
  differs([](Verdict& v) { v.findings[0].container = "other"; });
  differs([](Verdict& v) { v.findings[0].rule.reset(); });
  differs([](Verdict& v) { v.findings[0].message += "."; });
}

TEST(JsonText, HasTheBytesOfNlohmann) {
  using nlohmann::json;
  for (const std::string& text :
       {std::string(), std::string("plain text"), std::string("\"quoted\" \\ /"),
        std::string("line\nfeed\ttab \x01\x7f"), std::string("zero\0byte", 9), std::string("Grüße 手形"),
        std::string("cut \xE2\x82"), std::string("\xFF\xFE"), std::string("\xED\xA0\x80")})
    EXPECT_EQ(JsonText(text).text(), dump_line(json(text))) << text;
  // Every byte at every place of a text that is looked at in words of eight bytes.
  for (std::size_t length = 1; length <= 17; ++length)
    for (std::size_t place = 0; place < length; ++place)
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(length, 'x');
        text[place] = static_cast<char>(byte);
        ASSERT_EQ(JsonText(text).text(), dump_line(json(text))) << "byte " << byte << " at " << place;
      }
  const JsonText object{{"z", 1},
                        {"a", nullptr},
                        {"m", {{"n", true}, {"b", false}}},
                        {"left out", JsonText::absent()},
                        {"list", JsonText::list(std::vector<std::string>{"x", "y"})},
                        {"none", JsonText::list(std::vector<std::string>())},
                        {"negative", -7},
                        {"large", std::uint64_t{18446744073709551615U}},
                        {"maybe", std::optional<std::string>()}};
  EXPECT_EQ(object.text(), dump_line({{"z", 1},
                                      {"a", nullptr},
                                      {"m", {{"n", true}, {"b", false}}},
                                      {"list", {"x", "y"}},
                                      {"none", json::array()},
                                      {"negative", -7},
                                      {"large", 18446744073709551615U},
                                      {"maybe", nullptr}}));
}

TEST(DumpLine, ReplacesBytesThatAreNotUtf8AndStaysOneLine) {
  const auto line = dump_line({{"text", "a\xff\nb"}});
  EXPECT_EQ(line, "{\"text\":\"a\xef\xbf\xbd\\nb\"}");
}

}  // namespace
}  // namespace tegata::webhook
