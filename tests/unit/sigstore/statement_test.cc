// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/signed_payload.h"

#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/signed_material.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

std::string reading(const json& statement) {
  const auto read = read_sign_statement(statement.dump(), image());
  if (const auto* rejection = std::get_if<Rejection>(&read)) return std::string(name_of(rejection->reason));
  return "read";
}

std::string reading_with(const char* pointer, const json& value) {
  json statement = statement_for(image());
  statement[json::json_pointer(pointer)] = value;
  return reading(statement);
}

json subject(const Digest& digest) { return {{"digest", {{"sha256", digest.hex()}}}}; }

TEST(SignStatement, GivesTheAnnotationsOfTheSubjectThatIsTheImage) {
  json statement = statement_for(other_image());
  statement["subject"][0]["annotations"] = {{"env", "dev"}};
  statement["subject"].push_back(subject(image()));
  statement["subject"][1]["annotations"] = {{"env", "prod"}, {"number", 1}};
  const auto read = read_sign_statement(statement.dump(), image());
  ASSERT_TRUE(std::holds_alternative<SignStatement>(read));
  EXPECT_EQ(std::get<SignStatement>(read).annotations, (std::map<std::string, std::string>{{"env", "prod"}}));
}

TEST(SignStatement, IsOfAKnownTypeAndOfThePredicateThatMakesASignature) {
  EXPECT_EQ(reading_with("/_type", "https://in-toto.io/Statement/v0.1"), "read");
  EXPECT_EQ(reading_with("/_type", "https://in-toto.io/Statement/v2"), "PayloadOtherType");
  EXPECT_EQ(reading_with("/_type", nullptr), "PayloadMalformed");
  EXPECT_EQ(reading_with("/predicateType", "https://slsa.dev/provenance/v1"), "PayloadOtherType");
  EXPECT_EQ(reading_with("/predicateType", 1), "PayloadMalformed");
}

TEST(SignStatement, IsAboutTheImageByItsSha256InLowerCaseAndByNothingElse) {
  EXPECT_EQ(reading_with("/subject", json::array({subject(other_image())})), "PayloadOtherImage");
  std::string upper = image().hex();
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(reading_with("/subject/0/digest/sha256", upper), "PayloadOtherImage");
  EXPECT_EQ(reading_with("/subject/0/digest/sha256", image().text()), "PayloadOtherImage");
  EXPECT_EQ(reading_with("/subject/0/digest", json{{"sha512", image().hex()}}), "PayloadOtherImage");
  EXPECT_EQ(reading_with("/subject/0/digest", json{{"SHA256", image().hex()}}), "PayloadOtherImage");
  EXPECT_EQ(reading_with("/subject/0", json{{"name", image().text()}}), "PayloadOtherImage");
}

TEST(SignStatement, HasReadableSubjects) {
  for (const json& value : {json(nullptr), json::array(), json::object(), json("x"), json::array({1})})
    EXPECT_EQ(reading_with("/subject", value), "PayloadMalformed") << value;
  EXPECT_EQ(reading_with("/subject/0/digest", json::array()), "PayloadMalformed");
  EXPECT_EQ(reading_with("/subject/0/digest/sha512", 1), "PayloadMalformed");
  EXPECT_EQ(reading_with("/subject/0/annotations", "x"), "PayloadMalformed");
}

TEST(SignStatement, HasNoUnknownMembersOutsideThePredicate) {
  EXPECT_EQ(reading_with("/color", "red"), "PayloadMalformed");
  EXPECT_EQ(reading_with("/subject/0/color", "red"), "PayloadMalformed");
  EXPECT_EQ(reading_with("/predicate_type", "x"), "PayloadMalformed");
  EXPECT_EQ(reading_with("/predicate/color", "red"), "read");
  EXPECT_EQ(reading_with("/subject/0/name", "app"), "read");
}

TEST(SignStatement, HasAtMost1024SubjectsAnd32Digests) {
  json subjects = json::array();
  for (std::size_t i = 1; i < limits::kStatementSubjects; ++i) subjects.push_back(subject(other_image()));
  subjects.push_back(subject(image()));
  EXPECT_EQ(reading_with("/subject", subjects), "read");
  subjects.push_back(subject(image()));
  EXPECT_EQ(reading_with("/subject", subjects), "TooLarge");

  json digests = {{"sha256", image().hex()}};
  while (digests.size() < limits::kSubjectDigests) digests["h" + std::to_string(digests.size())] = "x";
  EXPECT_EQ(reading_with("/subject/0/digest", digests), "read");
  digests["one more"] = "x";
  EXPECT_EQ(reading_with("/subject/0/digest", digests), "TooLarge");
}

TEST(SignStatement, RefusesDuplicateKeys) {
  std::string text = statement_for(image()).dump();
  text.insert(1, "\"predicate\":{},");
  EXPECT_TRUE(std::holds_alternative<Rejection>(read_sign_statement(text, image())));
}

TEST(PredicateType, OfAnotherKindMakesNoCandidate) {
  EXPECT_EQ(predicate_type_of(statement_for(image()).dump()), std::string(kCosignSignPredicate));
  EXPECT_EQ(predicate_type_of(R"({"predicateType":"https://slsa.dev/provenance/v1","predicate":{}})"),
            "https://slsa.dev/provenance/v1");
  EXPECT_EQ(predicate_type_of(R"({"predicate":{"predicateType":1},"predicateType":"x"})"), "x");
  std::string deep = R"({"predicate":)" + std::string(5000, '[') + std::string(5000, ']');
  EXPECT_EQ(predicate_type_of(deep + R"(,"predicateType":"https://spdx.dev/Document"})"),
            "https://spdx.dev/Document");
}

TEST(PredicateType, ThatCannotBeToldLeavesACandidateForTheStrictReader) {
  for (const char* text :
       {"", "x", "{}", "[]", R"({"predicateType":1})", R"({"predicateType":null})", R"({"predicateType":"x")",
        R"({"predicateType":"x"} x)", R"({"a":{"predicateType":"x"}})",
        R"({"predicateType":"x","predicateType":"https://sigstore.dev/cosign/sign/v1"})",
        R"([{"predicateType":"x"}])"})
    EXPECT_EQ(predicate_type_of(text), std::nullopt) << text;
}

}  // namespace
}  // namespace tegata::testing
