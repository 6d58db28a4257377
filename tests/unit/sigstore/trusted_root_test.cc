// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root/trusted_root.h"

#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/original_names.h"
#include "tests/unit/sigstore/trusted_root_fixture.h"

namespace tegata::testing {
namespace {

using namespace std::chrono;
using namespace std::literals;
using nlohmann::json;
using verifier::TrustedRoot;

constexpr const char* kLists[] = {"tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"};

TEST(TrustedRoot, ReadsEveryRootOfThePrivateSigstore) {
  struct Row {
    std::string name;
    std::size_t logs, ct_logs, authorities, timestamp_authorities;
  };
  const Row rows[] = {{"", 2, 1, 1, 1},
                      {".byo", 2, 1, 1, 1},
                      {".fulcio-expired", 2, 1, 1, 1},
                      {".no-ctlog", 2, 1, 1, 1},
                      {".no-rekor-v1", 1, 1, 1, 1},
                      {".no-tsa", 2, 1, 1, 0},
                      {".other-fulcio", 2, 1, 1, 1},
                      {".rekor-key-expired", 2, 1, 1, 1},
                      {".tlog-no-validfor-start", 2, 1, 1, 1}};
  for (const auto& row : rows) {
    const auto text = sigstore_file("mock/trusted_root" + row.name + ".json");
    const auto root = verifier::parse_trusted_root(text);
    ASSERT_TRUE(root.ok()) << row.name << ": " << root.error().message;
    const auto document = json::parse(text);
    EXPECT_EQ(root->transparency_logs.size(), row.logs) << row.name;
    EXPECT_EQ(root->certificate_timestamp_logs.size(), document["ctlogs"].size()) << row.name;
    EXPECT_EQ(root->certificate_authorities.size(), row.authorities) << row.name;
    EXPECT_EQ(root->timestamp_authorities.size(), row.timestamp_authorities) << row.name;
    EXPECT_EQ(root->certificate_authorities[0].authority.chain().size(), 2u) << row.name;
  }
}

TEST(TrustedRoot, KnowsALogByItsKeyItsIdAndItsHost) {
  const auto root = parsed(mock_root());
  ASSERT_TRUE(root.ok());
  const auto& v1 = root->transparency_logs[0];
  EXPECT_EQ(v1.key.algorithm(), "ECDSA P-256");
  EXPECT_EQ(v1.origin, "rekor.mock.local");
  const auto& id = v1.key.id().bytes();
  EXPECT_EQ(v1.key_id, std::string(id.begin(), id.end()));
  EXPECT_EQ(v1.note_id, v1.key_id);
  const auto& v2 = root->transparency_logs[1];
  EXPECT_EQ(v2.key.algorithm(), "Ed25519");
  EXPECT_EQ(v2.origin, "rekor2.mock.local");
  EXPECT_EQ(v2.key_id.size(), 32u);
  EXPECT_EQ(v2.note_id, v2.key_id);
  EXPECT_EQ(root->certificate_timestamp_logs[0].origin, "ctfe.mock.local");
}

TEST(TrustedRoot, BelievesALogFromItsStartToItsEndAndNotAMillisecondLonger) {
  auto document = mock_root();
  document["tlogs"][0]["publicKey"]["validFor"] = {{"start", "2026-10-23T03:21:57.250Z"},
                                                   {"end", "2026-10-24T03:21:57.75Z"}};
  const auto root = parsed(document);
  ASSERT_TRUE(root.ok());
  const auto& log = root->transparency_logs[0];
  const Time start{sys_days(2026y / October / 23d).time_since_epoch() + 3h + 21min + 57s + 250ms};
  const Time end{sys_days(2026y / October / 24d).time_since_epoch() + 3h + 21min + 57s + 750ms};
  EXPECT_FALSE(log.trusted_at(start - 1ms));
  EXPECT_TRUE(log.trusted_at(start));
  EXPECT_TRUE(log.trusted_at(end));
  EXPECT_FALSE(log.trusted_at(end + 1ms));
}

TEST(TrustedRoot, BelievesALogWithoutAStartAtNoTime) {
  const auto root =
      verifier::parse_trusted_root(sigstore_file("mock/trusted_root.tlog-no-validfor-start.json"));
  ASSERT_TRUE(root.ok());
  for (const Time time : {Time{}, mock_time(), Time::max(), Time::min()})
    EXPECT_FALSE(root->transparency_logs[0].trusted_at(time));
  EXPECT_TRUE(root->transparency_logs[1].trusted_at(mock_time()));

  auto document = mock_root();
  document["ctlogs"][0]["publicKey"].erase("validFor");
  document["tlogs"][0]["publicKey"]["validFor"] = {{"end", "2030-01-01T00:00:00Z"}};
  document["tlogs"][1]["publicKey"]["validFor"] = nullptr;
  const auto without = parsed(document);
  ASSERT_TRUE(without.ok());
  EXPECT_FALSE(without->certificate_timestamp_logs[0].trusted_at(mock_time()));
  EXPECT_FALSE(without->transparency_logs[0].trusted_at(mock_time()));
  EXPECT_FALSE(without->transparency_logs[1].trusted_at(mock_time()));
}

TEST(TrustedRoot, HoldsAnAuthorityToTheEndsThatItHas) {
  auto document = mock_root();
  document["timestampAuthorities"][0].erase("validFor");
  document["certificateAuthorities"][0]["validFor"] = {{"end", "2026-11-01T00:00:00Z"}};
  const auto root = parsed(document);
  ASSERT_TRUE(root.ok());
  EXPECT_TRUE(root->timestamp_authorities[0].valid.holds(Time{}));
  EXPECT_TRUE(root->timestamp_authorities[0].valid.holds(mock_time() + 100 * years{1}));
  EXPECT_TRUE(root->certificate_authorities[0].valid.holds(mock_time()));
  EXPECT_FALSE(root->certificate_authorities[0].valid.holds(mock_time() + 1ms));
}

TEST(TrustedRoot, TakesTheMediaTypesInUseAndNoOther) {
  auto document = mock_root();
  const std::string kind = "application/vnd.dev.sigstore.trustedroot";
  for (const auto* ending : {"+json;version=0.1", ".v0.1+json", ".v0.2+json"}) {
    document["mediaType"] = kind + ending;
    EXPECT_EQ(outcome_of(document), "ok") << ending;
  }
  for (const auto* ending :
       {"", "+json", "+json;version=0.2", "+json; version=0.1", ".v0.3+json", ".v0.1+JSON"}) {
    document["mediaType"] = kind + ending;
    EXPECT_EQ(outcome_of(document), "Malformed") << ending;
  }
  document["mediaType"] = 1;
  EXPECT_EQ(outcome_of(document), "Malformed");
  document.erase("mediaType");
  EXPECT_EQ(outcome_of(document), "Malformed");
}

TEST(TrustedRoot, RefusesAMemberThatItDoesNotKnowWhereverItStands) {
  const char* places[] = {"",
                          "/tlogs/0",
                          "/tlogs/1/publicKey",
                          "/tlogs/0/publicKey/validFor",
                          "/ctlogs/0/logId",
                          "/certificateAuthorities/0",
                          "/certificateAuthorities/0/subject",
                          "/timestampAuthorities/0/certChain",
                          "/timestampAuthorities/0/certChain/certificates/1",
                          "/timestampAuthorities/0/validFor"};
  for (const auto* place : places) {
    auto document = mock_root();
    document[json::json_pointer(place)]["colour"] = "red";
    const auto root = parsed(document);
    ASSERT_FALSE(root.ok()) << place;
    EXPECT_EQ(root.error().code, ErrorCode::Malformed) << place;
    EXPECT_NE(root.error().message.find("colour"), std::string::npos) << place;
  }
  auto later = mock_root();  // members of later versions that change nothing
  later["tlogs"][0]["operator"] = "us";
  later["tlogs"][1]["checkpointKeyId"] = {{"keyId", "lug2qw=="}};
  later["timestampAuthorities"][0]["operator"] = "us";
  EXPECT_EQ(outcome_of(later), "ok");
}

TEST(TrustedRoot, IsReadWithTheOriginalFieldNamesToo) {
  const auto renamed = with_original_names(mock_root());
  EXPECT_TRUE(renamed.contains("certificate_authorities"));
  const auto root = parsed(renamed);
  ASSERT_TRUE(root.ok()) << root.error().message;
  const auto written = parsed(mock_root());
  ASSERT_EQ(root->transparency_logs.size(), written->transparency_logs.size());
  EXPECT_EQ(root->transparency_logs[0].key_id, written->transparency_logs[0].key_id);
  EXPECT_EQ(root->transparency_logs[0].valid.start, written->transparency_logs[0].valid.start);
  EXPECT_EQ(root->certificate_timestamp_logs.size(), written->certificate_timestamp_logs.size());
  EXPECT_EQ(root->certificate_authorities.size(), written->certificate_authorities.size());
  EXPECT_EQ(root->timestamp_authorities.size(), written->timestamp_authorities.size());
}

TEST(TrustedRoot, RefusesAFieldUnderBothItsNames) {
  std::size_t tried = 0;
  each_field_twice(mock_root(), [&](const json& twice, const std::string& at) {
    const auto root = parsed(twice);
    ASSERT_FALSE(root.ok()) << at;
    EXPECT_EQ(root.error().code, ErrorCode::Malformed) << at;
    EXPECT_NE(root.error().message.find("duplicate key"), std::string::npos) << at;
    ++tried;
  });
  EXPECT_GT(tried, 20U);
}

TEST(TrustedRoot, RefusesPartsThatAreNotWhatTheyMustBe) {
  struct Row {
    const char* place;
    json value;
  };
  const Row rows[] = {{"/tlogs", json::object()},
                      {"/ctlogs", "none"},
                      {"/tlogs/0", 1},
                      {"/tlogs/0", json::array()},
                      {"/tlogs/0", json::array({json::array()})},
                      {"/tlogs/0/publicKey", nullptr},
                      {"/tlogs/0/publicKey", "key"},
                      {"/tlogs/0/publicKey/rawBytes", ""},
                      {"/tlogs/0/publicKey/rawBytes", "%%%%"},
                      {"/tlogs/0/publicKey/rawBytes", "AAAA"},
                      {"/tlogs/0/publicKey/rawBytes", nullptr},
                      {"/tlogs/0/publicKey/keyDetails", nullptr},
                      {"/tlogs/0/publicKey/keyDetails", ""},
                      {"/tlogs/0/publicKey/keyDetails", 5},
                      {"/tlogs/0/publicKey/keyDetails", "pkix_ed25519"},
                      {"/tlogs/0/publicKey/keyDetails", "PKIX_ED25519"},
                      {"/tlogs/0/publicKey/keyDetails", "PKIX_ECDSA_P384_SHA_384"},
                      {"/tlogs/0/publicKey/validFor", "always"},
                      {"/tlogs/0/publicKey/validFor/start", "yesterday"},
                      {"/tlogs/0/publicKey/validFor/start", 1700000000},
                      {"/tlogs/0/hashAlgorithm", nullptr},
                      {"/tlogs/0/hashAlgorithm", 1},
                      {"/tlogs/0/baseUrl", 1},
                      {"/tlogs/0/logId", nullptr},
                      {"/tlogs/0/logId", json::object()},
                      {"/tlogs/0/logId/keyId", ""},
                      {"/certificateAuthorities/0", json::array()},
                      {"/certificateAuthorities/0/certChain", nullptr},
                      {"/certificateAuthorities/0/certChain", json::array()},
                      {"/certificateAuthorities/0/certChain/certificates", json::array()},
                      {"/certificateAuthorities/0/certChain/certificates", json::object()},
                      {"/certificateAuthorities/0/certChain/certificates/0", "AAAA"},
                      {"/certificateAuthorities/0/certChain/certificates/0/rawBytes", nullptr},
                      {"/certificateAuthorities/0/certChain/certificates/0/rawBytes", ""},
                      {"/certificateAuthorities/0/certChain/certificates/0/rawBytes", "AAAA"},
                      {"/certificateAuthorities/0/validFor/end", "never"},
                      {"/timestampAuthorities/0/certChain/certificates", json::array()},
                      {"/timestampAuthorities/0/certChain/certificates/2/rawBytes", "AAAA"},
                      {"/timestampAuthorities/0/validFor", json::array()}};
  for (const auto& row : rows) {
    auto document = mock_root();
    document[json::json_pointer(row.place)] = row.value;
    EXPECT_EQ(outcome_of(document), "Malformed") << row.place << " = " << row.value;
  }
  for (const auto* text : {"", "{", "[]", "null", "\"root\"", "{} {}"})
    EXPECT_FALSE(verifier::parse_trusted_root(text).ok()) << text;
}

TEST(TrustedRoot, TakesListsThatAreAbsentForEmpty) {
  for (const auto* list : kLists) {
    auto document = mock_root();
    document.erase(list);
    EXPECT_EQ(outcome_of(document), "ok") << list;
  }
}

TEST(TrustedRoot, TakesAsManyEntriesOfAKindAsTheLimitAllows) {
  for (const auto* list : kLists) {
    auto document = mock_root();
    const auto one = document[list][0];
    document[list] = json(limits::kTrustedRootEntries, one);
    EXPECT_EQ(outcome_of(document), "ok") << list;
    document[list].push_back(one);
    EXPECT_EQ(outcome_of(document), "LimitExceeded") << list;
  }
}

TEST(TrustedRoot, TakesAsManyCertificatesOfAChainAsTheLimitAllows) {
  for (const auto* list : {"certificateAuthorities", "timestampAuthorities"}) {
    auto document = mock_root();
    auto& chain = document[list][0]["certChain"]["certificates"];
    const auto last = chain.back();
    while (chain.size() < limits::kCertificateChain) chain.push_back(last);
    EXPECT_EQ(outcome_of(document), "ok") << list;
    chain.push_back(last);
    EXPECT_EQ(outcome_of(document), "LimitExceeded") << list;
  }
}

TEST(TrustedRoot, TakesAsManyBytesAsTheLimitAllows) {
  auto text = sigstore_file("mock/trusted_root.json");
  text.resize(limits::kTrustedRoot, ' ');
  EXPECT_TRUE(verifier::parse_trusted_root(text).ok());
  const auto longer = verifier::parse_trusted_root(text + " ");
  ASSERT_FALSE(longer.ok());
  EXPECT_EQ(longer.error().code, ErrorCode::LimitExceeded);
}

TEST(TrustedRoot, HasAnotherIdAfterAnyChange) {
  const auto text = sigstore_file("mock/trusted_root.json");
  const auto root = verifier::parse_trusted_root(text);
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(verifier::parse_trusted_root(text)->id, root->id);
  EXPECT_NE(verifier::parse_trusted_root(text + " ")->id, root->id);
  EXPECT_NE(verifier::parse_trusted_root(sigstore_file("mock/trusted_root.no-tsa.json"))->id, root->id);
}

TEST(TrustedRoot, NeverTakesAKeyOrAnIdWithOneBitChanged) {
  for (const auto* log : {"/tlogs/0", "/tlogs/1", "/ctlogs/0"}) {
    for (const auto* member : {"/publicKey/rawBytes", "/logId/keyId"}) {
      auto document = mock_root();
      auto& base64 = document[json::json_pointer(std::string(log) + member)].get_ref<std::string&>();
      for (std::size_t i = 0; i < base64.size(); ++i) {
        const char before = base64[i];
        base64[i] = before == 'A' ? 'B' : 'A';
        EXPECT_EQ(outcome_of(document), "Malformed") << log << member << " at " << i;
        base64[i] = before;
      }
    }
  }
}

}  // namespace
}  // namespace tegata::testing
