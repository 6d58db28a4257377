// SPDX-License-Identifier: Apache-2.0
// The JSON Schema and the reader say the same, or the difference is in a list below.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "policy/document/read_yaml.h"
#include "testdata_folder.h"
#include "tests/unit/document/as_json.h"
#include "tests/unit/document/documents.h"
#include "tests/unit/document/mutations.h"
#include "tests/unit/document/schema_validator.h"

namespace tegata::policy {
namespace {

using testing::Seen;

std::vector<Node> trees_of(const std::string& text) {
  Diagnostics ignored;
  return read_yaml({"policy.yaml", testing::kFolder, text}, ignored);
}

bool all_accepted(const std::vector<Node>& trees) {
  bool accepted = true;
  for (const auto& tree : trees) accepted &= testing::schema_accepts(testing::as_json(tree).dump());
  return accepted;
}

TEST(PolicySchema, AcceptsEveryValidDocument) {
  for (const auto& document : testing::valid_documents()) {
    const auto trees = trees_of(std::string(document.text));
    ASSERT_FALSE(trees.empty()) << document.what;
    for (const auto& tree : trees) {
      const auto json = testing::as_json(tree).dump();
      EXPECT_TRUE(testing::schema_accepts(json)) << document.what << "\n" << testing::schema_errors(json);
    }
  }
}

TEST(PolicySchema, RefusesWhatTheReaderRefusesExceptWhatIsListedAsTheReadersAlone) {
  for (const auto& document : testing::refused_documents()) {
    if (document.seen == Seen::ByYaml) continue;
    const auto trees = trees_of(std::string(testing::kHead) + std::string(document.text));
    ASSERT_FALSE(trees.empty()) << document.what;
    EXPECT_EQ(all_accepted(trees), document.seen == Seen::ByReaderOnly) << document.what;
  }
}

/// What no schema can say: parts of the reader's messages.
constexpr std::string_view kOnlyTheReaderSees[] = {
    "is not an image glob",               // ImageGlob's grammar
    "is not a repository",                // the grammar of references
    "is not a regular expression (RE2)",  // a schema's own patterns are of ECMA-262
    "is not a day of the calendar",       //
    "cannot be used",                     // the key's file
    "no rule named",                      // names elsewhere in the document
    "two rules are named",                //
    "can never be met",                   // a threshold above the number of distinct keys
    "is not a path",                      // ValuePath's grammar
    "is not a glob",                      // three stars
    "is not a time",                      // days that there are not
    "verifies no commit",                 // the kind of another rule
    "this tag format has no commit",
    "'commitFrom: provenance' needs",  // one value of a field needs another field
    "'commitFrom: label' cannot stand beside",
    "nothing would prove when it was signed",
    "cannot be combined with parts",  // a whole trusted root, or its parts
    "'roots' cannot be combined with 'trustedRoot'",
    "'provenance' looks into SLSA provenance only",
    "this type is a signature of the image",
    "'images' is not allowed on a rule about the request",
    "is too long: at most",  // a duration in any unit
    "accepts no scans",      // the kind and type of another rule
    "is not of the kind vulnerabilities",
};

bool is_the_readers_alone(const Diagnostic& error) {
  for (const auto part : kOnlyTheReaderSees)
    if (error.message.find(part) != std::string::npos) return true;
  return false;
}

TEST(PolicySchema, AgreesWithTheReaderOnEveryMutationOfValidDocuments) {
  std::size_t tried = 0;
  std::size_t refused = 0;
  for (const auto& document : testing::valid_documents()) {
    const auto trees = trees_of(std::string(document.text));
    if (!document.mutate) continue;
    for (const auto& mutation : testing::mutations_of(testing::as_json(trees[0]))) {
      const auto result = testing::load_text(mutation.text);
      const bool accepted = testing::schema_accepts(mutation.text);
      ++tried;
      refused += accepted ? 0 : 1;
      if (!accepted) {
        EXPECT_FALSE(result.policies)
            << "only the schema refuses: " << document.what << ", " << mutation.what << "\n"
            << testing::schema_errors(mutation.text);
        continue;
      }
      for (const auto& error : result.errors)
        EXPECT_TRUE(is_the_readers_alone(error))
            << "only the reader refuses: " << document.what << ", " << mutation.what << "\n"
            << error.text();
    }
  }
  RecordProperty("mutations", static_cast<int>(tried));
  EXPECT_GT(tried, 1000U);
  EXPECT_GT(refused, tried / 2);
  EXPECT_LT(refused, tried);
}

TEST(PolicySchema, IsTheFileInDocs) {
  std::ifstream file(std::string(TEGATA_SOURCE_DIR) + "/docs/policy.schema.json");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), json_schema()) << "tegata policy schema > docs/policy.schema.json";
}

}  // namespace
}  // namespace tegata::policy
