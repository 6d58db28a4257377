// SPDX-License-Identifier: Apache-2.0
// The kinds of entries that no recording holds, written by a log of our own.
#include "verifier/sigstore/proof/log_entry_body.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "tests/unit/sigstore/test_log.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

// In lines of so many characters; Go writes 64.
std::string pem_block(const std::string& label, const std::string& der, std::size_t line = 64,
                      const std::string& end = "\n") {
  const std::string text = encode_base64(der);
  std::string block = "-----BEGIN " + label + "-----" + end;
  for (std::size_t at = 0; at < text.size(); at += line) block += text.substr(at, line) + end;
  return block + "-----END " + label + "-----" + end;
}

// A signed envelope, and what a log of each kind holds of it.
struct Signed {
  TestSigner signer;
  std::string key_der = der_of(signer);
  std::string algorithm = std::string(public_key_of(signer).algorithm());
  std::string payload = "{\"_type\":\"x\"}";
  std::string message = pre_authentication_encoding("application/vnd.in-toto+json", payload);
  std::string envelope = "{\"payload\":\"…\"}";
  std::string signature = signer.sign(message);
  bool has_envelope = true;

  explicit Signed(std::string_view key = "hand-p256") : signer(key) {}

  LoggedSignature view() const {
    LoggedSignature by{signature, SignedMessage::of_bytes(message), {}, key_der, algorithm, payload, {}};
    if (has_envelope) by.dsse_envelope = envelope;
    return by;
  }
  std::string pem() const { return encode_base64(pem_block("PUBLIC KEY", key_der)); }
};

json hash_of(const std::string& bytes, HashAlgorithm algorithm = HashAlgorithm::Sha256) {
  return {{"algorithm", v1_name_of(algorithm)}, {"value", encode_hex(hash(algorithm, bytes))}};
}

json intoto_001(const Signed& one) {
  return {{"apiVersion", "0.0.1"},
          {"kind", "intoto"},
          {"spec", {{"content", {{"hash", hash_of(one.envelope)}}}, {"publicKey", one.pem()}}}};
}

json intoto_002(const Signed& one) {
  const json signature = {{"sig", encode_base64(encode_base64(one.signature))}, {"publicKey", one.pem()}};
  return {{"apiVersion", "0.0.2"},
          {"kind", "intoto"},
          {"spec",
           {{"content",
             {{"envelope", {{"signatures", json::array({signature})}}},
              {"hash", hash_of(one.envelope)},
              {"payloadHash", hash_of(one.payload)}}}}}};
}

json rekord(const Signed& one) {
  return {{"apiVersion", "0.0.1"},
          {"kind", "rekord"},
          {"spec",
           {{"data", {{"hash", hash_of(one.message)}}},
            {"signature",
             {{"format", "x509"},
              {"content", encode_base64(one.signature)},
              {"publicKey", {{"content", one.pem()}}}}}}}};
}

json hashedrekord(const Signed& one, HashAlgorithm algorithm = HashAlgorithm::Sha256) {
  json body = rekord(one);
  body["kind"] = "hashedrekord";
  body["spec"]["signature"].erase("format");
  body["spec"]["data"]["hash"] = hash_of(one.message, algorithm);
  return body;
}

json dsse_001(const Signed& one) {
  const json signature = {{"signature", encode_base64(one.signature)}, {"verifier", one.pem()}};
  return {{"apiVersion", "0.0.1"},
          {"kind", "dsse"},
          {"spec",
           {{"signatures", json::array({signature})},
            {"envelopeHash", hash_of(one.envelope)},
            {"payloadHash", hash_of(one.payload)}}}};
}

json dsse_002(const Signed& one) {
  const json verifier = {{"keyDetails", "PKIX_ECDSA_P256_SHA_256"},
                         {"publicKey", {{"rawBytes", encode_base64(one.key_der)}}}};
  const json signature = {{"content", encode_base64(one.signature)}, {"verifier", verifier}};
  return {
      {"apiVersion", "0.0.2"},
      {"kind", "dsse"},
      {"spec",
       {{"dsseV002",
         {{"payloadHash",
           {{"algorithm", "SHA2_256"}, {"digest", encode_base64(hash(HashAlgorithm::Sha256, one.payload))}}},
          {"signatures", json::array({signature})}}}}}};
}

std::string verdict(const json& body, const Signed& one) {
  LogEntry entry;
  entry.canonicalized_body = body.dump();
  const auto matched = match_log_entry(entry, one.view());
  if (const auto* rejection = std::get_if<Rejection>(&matched))
    return std::string(name_of(rejection->reason));
  return std::get<RekorApi>(matched) == RekorApi::V1 ? "v1" : "v2";
}

struct Kind {
  const char* name;
  json (*body)(const Signed&);
  const char* api;
};
const Kind kKinds[] = {{"intoto 0.0.1", intoto_001, "v1"},
                       {"intoto 0.0.2", intoto_002, "v1"},
                       {"rekord 0.0.1", rekord, "v1"},
                       {"hashedrekord 0.0.1", [](const Signed& one) { return hashedrekord(one); }, "v1"},
                       {"dsse 0.0.1", dsse_001, "v1"},
                       {"dsse 0.0.2", dsse_002, "v2"}};

// Calls `each` with the body without one of its members, and with each string or list in it spoilt.
void for_each_change(const json& body, const std::function<void(const json&, const std::string&)>& each) {
  const json flat = body.flatten();
  for (const auto& [path, value] : flat.items()) {
    const json::json_pointer at(path);
    json changed = body;
    changed[at] = nullptr;
    each(changed, path + " absent");
    for (const json& spoilt : {json(value.get<std::string>() + "x"), json(encode_base64("other")), json(""),
                               json(7), json::array()}) {
      changed[at] = spoilt;
      each(changed, path + " " + spoilt.dump());
    }
  }
}

TEST(LogEntryBody, EachKindIsAboutItsSignature) {
  const Signed one;
  for (const auto& [name, body, api] : kKinds) EXPECT_EQ(verdict(body(one), one), api) << name;
}

TEST(LogEntryBody, EachKindWithAnyMemberChangedIsNot) {
  const Signed one;
  for (const auto& [name, body, api] : kKinds)
    for_each_change(body(one), [&, name = name](const json& changed, const std::string& how) {
      const std::string result = verdict(changed, one);
      if (how.find("keyDetails") != std::string::npos) return;
      EXPECT_TRUE(result == "LogEntryMalformed" || result == "LogEntryOfOther") << name << how << result;
    });
}

TEST(LogEntryBody, ASecondSignatureInItIsMalformed) {
  const Signed one;
  for (const auto& [body, path] : {std::pair(intoto_002(one), "/spec/content/envelope/signatures"),
                                   std::pair(dsse_001(one), "/spec/signatures"),
                                   std::pair(dsse_002(one), "/spec/dsseV002/signatures")}) {
    json twice = body;
    auto& list = twice[json::json_pointer(path)];
    list.push_back(list[0]);
    EXPECT_EQ(verdict(twice, one), "LogEntryMalformed") << path;
    list = json::array();
    EXPECT_EQ(verdict(twice, one), "LogEntryMalformed") << path;
  }
}

// intoto 0.0.1 holds no signature: without the envelope's own bytes nothing ties it to one.
TEST(LogEntryBody, Intoto001NeedsTheEnvelope) {
  Signed one;
  const json body = intoto_001(one);
  one.has_envelope = false;
  EXPECT_EQ(verdict(body, one), "LogEntryOfOther");
  EXPECT_EQ(verdict(intoto_002(one), one), "v1");
}

TEST(LogEntryBody, PemWithAnythingBesideTheBlockIsOfOther) {
  const Signed one;
  const std::string pem = pem_block("PUBLIC KEY", one.key_der);
  for (const std::string& other : {pem + pem, pem + "x", "x" + pem, pem.substr(0, pem.size() - 2),
                                   pem_block("X", one.key_der), pem_block("CERTIFICATE", one.key_der)}) {
    json body = hashedrekord(one);
    body["spec"]["signature"]["publicKey"]["content"] = encode_base64(other);
    EXPECT_EQ(verdict(body, one), "LogEntryOfOther") << other;
  }
}

// RFC 7468, section 3, lax: a log keeps the PEM as its client wrote it.
TEST(LogEntryBody, PemIsReadWithLinesOfAnyLength) {
  Signed one;
  const auto verdict_of = [&](const std::string& pem) {
    json body = hashedrekord(one);
    body["spec"]["signature"]["publicKey"]["content"] = encode_base64(pem);
    return verdict(body, one);
  };
  for (const std::size_t line : {1, 64, 76, 100'000})
    for (const char* end : {"\n", "\r\n", "\r", " \t\n"})
      EXPECT_EQ(verdict_of(pem_block("PUBLIC KEY", one.key_der, line, end)), "v1") << line;
  EXPECT_EQ(verdict_of("\n " + pem_block("PUBLIC KEY", one.key_der, 100'000, "")), "v1");
  LoggedSignature certified = one.view();
  certified.certificate_der = "a certificate in DER";
  LogEntry entry;
  json body = hashedrekord(one);
  for (const std::size_t line : {1, 64, 100'000}) {
    body["spec"]["signature"]["publicKey"]["content"] =
        encode_base64(pem_block("CERTIFICATE", "a certificate in DER", line));
    entry.canonicalized_body = body.dump();
    EXPECT_TRUE(std::holds_alternative<RekorApi>(match_log_entry(entry, certified))) << line;
  }
  const Signed other("p384");
  EXPECT_EQ(verdict_of(pem_block("PUBLIC KEY", other.key_der, 100'000)), "LogEntryOfOther");
}

TEST(LogEntryBody, HashIsOneThatTheKindOfKeySignsWith) {
  struct Row {
    const char* key;
    const char* sha256;
    const char* sha384;
    const char* sha512;
  };
  constexpr const char* kNot = "LogEntryMalformed";
  const Row table[] = {{"hand-p256", "v1", kNot, kNot},
                       {"p384", "v1", "v1", kNot},
                       {"p521", "v1", kNot, "v1"},
                       {"rsa3072", "v1", kNot, kNot},
                       {"ed25519", kNot, kNot, "v1"}};
  for (const auto& row : table) {
    const Signed one(row.key);
    EXPECT_EQ(verdict(hashedrekord(one, HashAlgorithm::Sha256), one), row.sha256) << row.key;
    EXPECT_EQ(verdict(hashedrekord(one, HashAlgorithm::Sha384), one), row.sha384) << row.key;
    EXPECT_EQ(verdict(hashedrekord(one, HashAlgorithm::Sha512), one), row.sha512) << row.key;
  }
}

TEST(LogEntryBody, OfAnUnknownKindOrVersionIsMalformed) {
  const Signed one;
  for (const auto& [kind, version] :
       {std::pair("hashedrekord", "0.0.3"), std::pair("rekord", "0.0.2"), std::pair("dsse", "0.0.3"),
        std::pair("cose", "0.0.1"), std::pair("Dsse", "0.0.1"), std::pair("intoto", "0.0.3")}) {
    json body = dsse_001(one);
    body["kind"] = kind;
    body["apiVersion"] = version;
    EXPECT_EQ(verdict(body, one), "LogEntryMalformed") << kind << version;
  }
}

TEST(RekorV2Body, IsRebuiltByteForByte) {
  for (const char* key : {"hand-p256", "p384", "p521", "rsa2048", "rsa3072", "rsa4096", "ed25519"}) {
    const Signed one(key);
    const auto body = hashedrekord_v2_body(one.view());
    ASSERT_TRUE(body) << key;
    EXPECT_EQ(json::parse(*body).dump(), *body) << "members are sorted and nothing else is there";
    EXPECT_EQ(verdict(json::parse(*body), one), "v2") << key;
    for (std::size_t i = 0; i < body->size(); ++i) {
      std::string flipped = *body;
      flipped[i] = static_cast<char>(flipped[i] ^ 1);
      EXPECT_TRUE(differs_from_hashedrekord_v2(flipped, one.view())) << key << i;
    }
    EXPECT_TRUE(differs_from_hashedrekord_v2(*body + " ", one.view()));
  }
}

TEST(RekorV2Body, OfAMessageOfWhichAnotherHashIsKnownIsNotThere) {
  const Signed one;
  LoggedSignature by = one.view();
  const std::string sha256 = hash(HashAlgorithm::Sha256, one.message);
  const std::string sha512 = hash(HashAlgorithm::Sha512, one.message);
  by.message = SignedMessage::of_digest(HashAlgorithm::Sha256, sha256);
  EXPECT_EQ(hashedrekord_v2_body(by), hashedrekord_v2_body(one.view()));
  by.message = SignedMessage::of_digest(HashAlgorithm::Sha512, sha512);
  EXPECT_EQ(hashedrekord_v2_body(by), std::nullopt);
  by.key_algorithm = "RSA 2049";
  EXPECT_EQ(hashedrekord_v2_body(by), std::nullopt);
}

}  // namespace
}  // namespace tegata::testing
