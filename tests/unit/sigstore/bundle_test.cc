// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/bundle.h"

#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/support/recorded_signing.h"
#include "tests/unit/sigstore/original_names.h"
#include "tests/unit/sigstore/signed_material.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

const TestSigner& signer() {
  static const TestSigner one("hand-p256");
  return one;
}

json good() { return signed_bundle(signer(), statement_for(image()).dump()); }

std::string reading(const std::string& text) {
  const auto read = parse_bundle(text);
  if (const auto* rejection = std::get_if<Rejection>(&read)) return std::string(name_of(rejection->reason));
  return "read";
}

std::string reading_with(const char* pointer, const json& value) {
  json bundle = good();
  bundle[json::json_pointer(pointer)] = value;
  return reading(bundle.dump());
}

// 32 bytes, of nothing in particular.
const std::string kHash = encode_base64(std::string(32, 'h'));
const json kEntry = {{"logIndex", "1"},
                     {"logId", {{"keyId", kHash}}},
                     {"kindVersion", {{"kind", "hashedrekord"}, {"version", "0.0.1"}}},
                     {"canonicalizedBody", "eA=="}};

json with(json entry, const char* name, json value) {
  entry[name] = std::move(value);
  return entry;
}

const json kProvenEntry = with(kEntry, "inclusionProof",
                               {{"logIndex", "1"},
                                {"treeSize", "2"},
                                {"rootHash", kHash},
                                {"hashes", {kHash}},
                                {"checkpoint", {{"envelope", "log\n1\n"}}}});
const json kPromisedEntry = with(kEntry, "inclusionPromise", {{"signedEntryTimestamp", "eA=="}});
constexpr const char* kOldMediaType = "application/vnd.dev.sigstore.bundle+json;version=";

TEST(Bundle, IsReadInEveryVersionThatIsWritten) {
  EXPECT_EQ(reading(good().dump()), "read");
  for (const char* version : {"0.1", "0.2", "0.3"})
    EXPECT_EQ(reading_with("/mediaType", kOldMediaType + std::string(version)), "read") << version;
  for (const char* type : {"", "application/json", "application/vnd.dev.sigstore.bundle.v0.4+json",
                           "application/vnd.dev.sigstore.bundle+json;version=0.4",
                           "application/vnd.dev.sigstore.bundle.v0.3+json "})
    EXPECT_EQ(reading_with("/mediaType", type), "BundleMalformed") << type;
  EXPECT_EQ(reading_with("/mediaType", nullptr), "BundleMalformed");
}

json recorded(const std::string& name) {
  return json::parse(recorded_file("../../fuzz/corpus/bundle/" + name));
}

TEST(Bundle, IsReadWithTheOriginalFieldNamesToo) {
  for (const char* name : {"bundle-keyless-gh-rekor1-tsa.json", "bundle-key-p256-rekor2-refapi.json",
                           "bundle-v01-promise-only.json"}) {
    const json bundle = recorded(name);
    const json renamed = with_original_names(bundle);
    EXPECT_TRUE(renamed.contains("dsse_envelope")) << name;
    const auto written = parse_bundle(bundle.dump());
    const auto read = parse_bundle(renamed.dump());
    ASSERT_TRUE(std::holds_alternative<Bundle>(read)) << std::get<Rejection>(read).detail;
    const auto& one = std::get<Bundle>(written).material;
    const auto& other = std::get<Bundle>(read).material;
    EXPECT_EQ(std::get<0>(one.timestamps), std::get<0>(other.timestamps));
    ASSERT_FALSE(std::get<0>(other.log_entries).empty());
    EXPECT_EQ(std::get<0>(one.log_entries)[0].canonicalized_body,
              std::get<0>(other.log_entries)[0].canonicalized_body);
    EXPECT_EQ(std::get<DsseEnvelope>(std::get<Bundle>(read).content).payload,
              std::get<DsseEnvelope>(std::get<Bundle>(written).content).payload);
  }
}

TEST(Bundle, RefusesAFieldUnderBothItsNames) {
  std::size_t tried = 0;
  each_field_twice(
      recorded("bundle-keyless-gh-rekor1-tsa.json"), [&](const json& twice, const std::string& at) {
        const auto read = parse_bundle(twice.dump());
        ASSERT_TRUE(std::holds_alternative<Rejection>(read)) << at;
        EXPECT_EQ(std::get<Rejection>(read).reason, RejectionReason::BundleMalformed) << at;
        EXPECT_NE(std::get<Rejection>(read).detail.find("duplicate key"), std::string::npos) << at;
        ++tried;
      });
  EXPECT_GT(tried, 20U);
  json bundle = good();
  bundle["dsse_envelope"] = nullptr;
  EXPECT_EQ(reading(bundle.dump()), "BundleMalformed");
}

// Neither name of any field: in DSSE's envelope.proto the original name of payloadType is payloadType.
TEST(Bundle, RefusesNamesThatAreOnlyLikeAFields) {
  for (const auto& [name, like] : {std::pair{"/dsseEnvelope/payloadType", "/dsseEnvelope/payload_type"},
                                   {"/dsseEnvelope", "/DsseEnvelope"},
                                   {"/dsseEnvelope", "/dsse__envelope"},
                                   {"/dsseEnvelope", "/dsse_Envelope"}}) {
    json bundle = good();
    const json value = bundle.at(json::json_pointer(name));
    const json::json_pointer at(name);
    bundle.at(at.parent_pointer()).erase(at.back());
    bundle[json::json_pointer(like)] = value;
    EXPECT_EQ(reading(bundle.dump()), "BundleMalformed") << like;
  }
}

TEST(Bundle, RefusesUnknownMembersOnEveryLevel) {
  EXPECT_EQ(reading_with("/verificationMaterial/tlogEntries", json::array({kProvenEntry})), "read");
  for (const char* pointer :
       {"/color", "/media_type", "/verificationMaterial/color", "/verificationMaterial/publicKey/color",
        "/dsseEnvelope/color", "/dsseEnvelope/signatures/0/color"})
    EXPECT_EQ(reading_with(pointer, "red"), "BundleMalformed") << pointer;
  for (const char* pointer :
       {"/color", "/logId/color", "/inclusionProof/color", "/inclusionProof/checkpoint/color"}) {
    json entry = kProvenEntry;
    entry[json::json_pointer(pointer)] = "red";
    EXPECT_EQ(reading_with("/verificationMaterial/tlogEntries", json::array({entry})), "BundleMalformed")
        << pointer;
  }
  EXPECT_EQ(reading_with("/verificationMaterial/publicKey/hint", json{{"deep", 1}}), "BundleMalformed");
  EXPECT_EQ(reading_with("/dsseEnvelope/signatures", json::array({json::array()})), "BundleMalformed");
}

TEST(Bundle, HoldsExactlyOneContent) {
  EXPECT_EQ(reading_with("/messageSignature", json::object()), "BundleMalformed");
  EXPECT_EQ(reading_with("/dsseEnvelope", nullptr), "BundleMalformed");
  json message = good();
  message.erase("dsseEnvelope");
  message["messageSignature"] = {
      {"signature", "eA=="},
      {"messageDigest", {{"algorithm", "SHA2_256"}, {"digest", encode_base64(std::string(32, 'x'))}}}};
  const auto read = parse_bundle(message.dump());
  ASSERT_TRUE(std::holds_alternative<Bundle>(read));
  EXPECT_TRUE(std::holds_alternative<MessageSignature>(std::get<Bundle>(read).content));
}

TEST(Bundle, HoldsExactlyOneKeyOrCertificate) {
  const std::string leaf = encode_base64(recorded_signing("bundle-keyless-gh-rekor1").certificate_der);
  EXPECT_EQ(reading_with("/verificationMaterial/certificate", json{{"rawBytes", leaf}}), "BundleMalformed");
  EXPECT_EQ(reading_with("/verificationMaterial", json::object()), "BundleMalformed");
  EXPECT_EQ(reading_with("/verificationMaterial", nullptr), "BundleMalformed");
  EXPECT_EQ(reading_with("/verificationMaterial", json{{"certificate", {{"rawBytes", leaf}}}}), "read");
  EXPECT_EQ(reading_with("/verificationMaterial", json{{"certificate", {{"rawBytes", "eA=="}}}}),
            "CertificateMalformed");
  EXPECT_EQ(reading_with("/verificationMaterial/publicKey", "text"), "BundleMalformed");
  json chain = {{"x509CertificateChain", {{"certificates", json::array({{{"rawBytes", leaf}}})}}}};
  EXPECT_EQ(reading_with("/verificationMaterial", chain), "BundleMalformed") << "v0.3 forbids it";
  json old = good();
  old["mediaType"] = kOldMediaType + std::string("0.2");
  old["verificationMaterial"] = chain;
  EXPECT_EQ(reading(old.dump()), "read");
  chain["x509CertificateChain"]["certificates"] = json::array();
  old["verificationMaterial"] = chain;
  EXPECT_EQ(reading(old.dump()), "BundleMalformed");
}

TEST(Bundle, HasOneSignatureInItsEnvelope) {
  const json signature = good()["dsseEnvelope"]["signatures"][0];
  EXPECT_EQ(reading_with("/dsseEnvelope/signatures", json::array()), "BundleMalformed");
  EXPECT_EQ(reading_with("/dsseEnvelope/signatures", json::array({signature, signature})), "BundleMalformed");
  EXPECT_EQ(reading_with("/dsseEnvelope/signatures/0/sig", "eA"), "BundleMalformed");
  EXPECT_EQ(reading_with("/dsseEnvelope/signatures/0/sig", nullptr), "BundleMalformed");
  EXPECT_EQ(reading_with("/dsseEnvelope/payload", "e A=="), "BundleMalformed");
  EXPECT_EQ(reading_with("/dsseEnvelope/payloadType", 1), "BundleMalformed");
  EXPECT_EQ(reading_with("/dsseEnvelope/signatures/0/keyid", "any"), "read");
}

TEST(Bundle, ShowsInItsLogEntriesWhatItsVersionAsksFor) {
  const auto entry_in = [](const char* media_type, const json& entry) {
    json bundle = good();
    bundle["mediaType"] = media_type;
    bundle["verificationMaterial"]["tlogEntries"] = json::array({entry});
    return reading(bundle.dump());
  };
  const char* v01 = "application/vnd.dev.sigstore.bundle+json;version=0.1";
  const char* v03 = "application/vnd.dev.sigstore.bundle.v0.3+json";
  EXPECT_EQ(entry_in(v01, kPromisedEntry), "read");
  EXPECT_EQ(entry_in(v01, kProvenEntry), "BundleMalformed");
  EXPECT_EQ(entry_in(v03, kPromisedEntry), "BundleMalformed");
  EXPECT_EQ(entry_in(v03, kProvenEntry), "read");
  json empty = kProvenEntry;
  empty["inclusionProof"]["checkpoint"]["envelope"] = "";
  EXPECT_EQ(entry_in(v03, empty), "BundleMalformed");
  EXPECT_EQ(entry_in(v03, "entry"), "LogEntryMalformed");
}

TEST(Bundle, HasAtMost32LogEntriesAndTimestamps) {
  json entries = json::array(), timestamps = json::array();
  for (std::size_t i = 0; i < limits::kBundleLogEntries; ++i) entries.push_back(kProvenEntry);
  for (std::size_t i = 0; i < limits::kBundleTimestamps; ++i)
    timestamps.push_back({{"signedTimestamp", "eA=="}});
  const char* times = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps";
  EXPECT_EQ(reading_with("/verificationMaterial/tlogEntries", entries), "read");
  EXPECT_EQ(reading_with(times, timestamps), "read");
  entries.push_back(kProvenEntry);
  timestamps.push_back(timestamps[0]);
  EXPECT_EQ(reading_with("/verificationMaterial/tlogEntries", entries), "TooLarge");
  EXPECT_EQ(reading_with(times, timestamps), "TooLarge");
}

TEST(Bundle, IsStrictJsonOfABoundedSize) {
  const std::string text = good().dump();
  EXPECT_EQ(reading("{}"), "BundleMalformed");
  EXPECT_EQ(reading("[]"), "BundleMalformed");
  EXPECT_EQ(reading(text.substr(0, text.size() - 1)), "BundleMalformed");
  EXPECT_EQ(reading(text + "{}"), "BundleMalformed");
  EXPECT_EQ(reading("{\"mediaType\":\"x\"," + text.substr(1)), "BundleMalformed");
  EXPECT_EQ(reading(text + std::string(limits::kBundle - text.size(), ' ')), "read");
  EXPECT_EQ(reading(text + std::string(limits::kBundle - text.size() + 1, ' ')), "TooLarge");
}

TEST(Dsse, EncodesWhatIsSignedAsTheProtocolDoes) {
  EXPECT_EQ(pre_authentication_encoding("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  EXPECT_EQ(pre_authentication_encoding("", ""), "DSSEv1 0  0 ");
}

}  // namespace
}  // namespace tegata::testing
