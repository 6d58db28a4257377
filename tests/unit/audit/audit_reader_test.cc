// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "tests/unit/audit/sample_records.h"
#include "tests/unit/audit/temporary_folder.h"
#include "verifier/crypto/hash.h"

namespace tegata::webhook {
namespace {

std::string record_line(const std::string& id) {
  return finished_record_line(unfinished_record_line(sample_record(id), {}), 0) + "\n";
}

/// With the contents of one file, and its records parsed.
struct Reader {
  std::unique_ptr<RecordedContents> contents = std::make_unique<RecordedContents>();
  AuditReader lines;

  std::optional<Result<RecordedDecision>> next() {
    const auto line = lines.next();
    if (!line) return std::nullopt;
    return line->ok() ? record_of(**line) : line->error();
  }
};

Reader reader_of(const TemporaryFolder& folder, const std::string& text) {
  folder.write("log", text);
  auto contents = std::make_unique<RecordedContents>();
  auto reader = AuditReader::open(folder.file("log"), *contents);
  if (!reader.ok()) throw std::runtime_error(reader.error().message);
  return {std::move(contents), *std::move(reader)};
}

TEST(AuditReader, ReadsRecordsInOrderAndNothingOfAnEmptyFile) {
  const TemporaryFolder folder;
  EXPECT_FALSE(reader_of(folder, "").next().has_value());
  auto reader = reader_of(folder, record_line("01A") + unconfirmed_line({"01A"}) + "\n" + record_line("01B"));
  EXPECT_EQ((**reader.next()).id, "01A");
  EXPECT_EQ((**reader.next()).id, "01B");
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_EQ(reader.lines.lines().bytes_read(), reader.lines.lines().bytes());
}

TEST(AuditReader, NamesTheLineThatItCannotReadAndGoesOn) {
  const TemporaryFolder folder;
  const auto torn = record_line("01A").substr(0, 50) + "\n";
  auto reader =
      reader_of(folder, torn + record_line("01B") + "{\"apiVersion\":\"other/v1\",\"kind\":\"X\"}\n\n[]\n" +
                            "{\"apiVersion\":\"tegata.dev/v1alpha1\",\"kind\":\"Wish\"}\n{\"to");
  for (const char* expected : {"line 1:", "", "line 3:", "line 4:", "line 5:", "line 6:", "line 7:"}) {
    const auto next = reader.next();
    ASSERT_TRUE(next.has_value()) << expected;
    ASSERT_EQ(next->ok(), *expected == '\0');
    if (!next->ok()) {
      EXPECT_EQ(next->error().message.substr(0, 7), expected);
    }
  }
  EXPECT_FALSE(reader.next().has_value());
}

TEST(AuditReader, FindsContentsThatStoodBeforeByTheirHash) {
  const TemporaryFolder folder;
  const auto facts = facts_contents({{sample_facts("registry.example/a:1", "e")}}).at(0);
  const auto hash = verifier::sha256("evidence").hex();
  auto reader = reader_of(folder, facts_line(facts) + "\n" + evidence_line(hash, "evidence") + "\n" +
                                      evidence_line(hash, "evidence") + "\n" + record_line("01A"));
  EXPECT_EQ(reader.contents->facts(facts.hash).error().code, ErrorCode::NotFound);
  EXPECT_TRUE(reader.next()->ok());
  EXPECT_EQ((*reader.contents->facts(facts.hash))["image"], "registry.example/a:1");
  EXPECT_EQ(*reader.contents->evidence(hash), "evidence");
  EXPECT_EQ(reader.contents->evidence(facts.hash).error().code, ErrorCode::NotFound);
}

TEST(AuditReader, RefusesContentsThatAreNotWhatTheirHashSays) {
  const TemporaryFolder folder;
  auto facts = facts_contents({{sample_facts("registry.example/a:1", "e")}}).at(0);
  facts.hash = std::string(64, '0');
  auto reader = reader_of(folder, facts_line(facts) + "\n" + evidence_line("ab", "evidence") + "\n");
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_EQ(reader.contents->facts(facts.hash).error().code, ErrorCode::Malformed);
  EXPECT_EQ(reader.contents->evidence("ab").error().code, ErrorCode::Malformed);
}

TEST(AuditReader, ReadsStandardInputThroughAPipeAndFindsItsContentsAgain) {
  const auto facts = facts_contents({{sample_facts("registry.example/a:1", "e")}}).at(0);
  const auto hash = verifier::sha256("evidence").hex();
  const auto text = facts_line(facts) + "\n" + evidence_line(hash, "evidence") + "\n" + record_line("01A");
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(ends[1]);
  const int before = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  ::close(ends[0]);
  RecordedContents contents;
  auto reader = AuditReader::open("-", contents);
  ::dup2(before, STDIN_FILENO);
  ::close(before);
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  EXPECT_EQ(record_of(**reader->next())->id, "01A");
  EXPECT_FALSE(reader->next().has_value());
  EXPECT_EQ((*contents.facts(facts.hash))["image"], "registry.example/a:1");
  EXPECT_EQ(*contents.evidence(hash), "evidence");
}

TEST(AuditReader, FindsInOneFileTheContentsOfAnother) {
  const TemporaryFolder folder;
  const auto facts = facts_contents({{sample_facts("registry.example/a:1", "e")}}).at(0);
  folder.write("first", facts_line(facts) + "\n");
  folder.write("second", record_line("01A"));
  RecordedContents contents;
  {
    auto first = AuditReader::open(folder.file("first"), contents);
    EXPECT_FALSE(first->next().has_value());
  }
  auto second = AuditReader::open(folder.file("second"), contents);
  EXPECT_TRUE(second->next()->ok());
  EXPECT_TRUE(contents.facts(facts.hash).ok());
}

TEST(AuditReader, OpensRegularFilesOnly) {
  const TemporaryFolder folder;
  RecordedContents contents;
  EXPECT_EQ(AuditReader::open(folder.file("absent"), contents).error().code, ErrorCode::NotFound);
  EXPECT_EQ(AuditReader::open("/dev/zero", contents).error().code, ErrorCode::Misconfigured);
}

TEST(LineReader, TakesALineAtItsBoundAndPassesOverOneThatIsLonger) {
  const TemporaryFolder folder;
  folder.write("log", std::string(limits::kRecordLine, 'a') + "\n" +
                          std::string(limits::kRecordLine + 1, 'b') + "\nc");
  auto reader = LineReader::open(folder.file("log"));
  ASSERT_TRUE(reader.ok());
  const auto first = reader->next();
  ASSERT_TRUE(first->ok());
  EXPECT_EQ((**first).text.size(), limits::kRecordLine);
  EXPECT_EQ(reader->next()->error().code, ErrorCode::LimitExceeded);
  const auto last = reader->next();
  ASSERT_TRUE(last->ok());
  EXPECT_EQ((**last).text, "c");
  EXPECT_EQ(*reader->at((**last).place), "c");
  EXPECT_EQ(reader->number(), 3u);
  EXPECT_FALSE(reader->next().has_value());
}

}  // namespace
}  // namespace tegata::webhook
