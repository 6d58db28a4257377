// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/signed_payload.h"

#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/signed_material.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

std::string reading(const std::string& payload) {
  const auto read = read_simple_signing(payload, image());
  if (const auto* rejection = std::get_if<Rejection>(&read)) return std::string(name_of(rejection->reason));
  return "read";
}

std::string reading_with(const char* pointer, const json& value) {
  json payload = payload_for(image());
  payload[json::json_pointer(pointer)] = value;
  return reading(payload.dump());
}

TEST(SimpleSigningPayload, IsReadAsCosignWritesIt) {
  json payload = payload_for(image());
  payload["optional"] = {{"env", "prod"}, {"creator", "cosign"}, {"timestamp", 1700000000}};
  const auto read = read_simple_signing(payload.dump() + "\n", image());
  ASSERT_TRUE(std::holds_alternative<SimpleSigning>(read));
  const auto& signing = std::get<SimpleSigning>(read);
  EXPECT_EQ(signing.docker_reference, "registry.example/app");
  EXPECT_EQ(signing.annotations,
            (std::map<std::string, std::string>{{"env", "prod"}, {"creator", "cosign"}}));
  EXPECT_EQ(reading_with("/critical/more", 1), "read");
  EXPECT_EQ(reading_with("/more", json::array()), "read");
}

TEST(SimpleSigningPayload, NeedsEveryCriticalMember) {
  for (const char* pointer : {"/critical", "/critical/identity", "/critical/identity/docker-reference",
                              "/critical/image", "/critical/image/docker-manifest-digest", "/critical/type"})
    for (const json& value : {json(nullptr), json(1), json::array({"x"})})
      EXPECT_EQ(reading_with(pointer, value), "PayloadMalformed") << pointer << ' ' << value;
  EXPECT_EQ(reading_with("/optional", json::array()), "PayloadMalformed");
  EXPECT_EQ(reading_with("/optional", "text"), "PayloadMalformed");
  EXPECT_EQ(reading_with("/optional", json::object()), "read");
}

TEST(SimpleSigningPayload, ComparesTypeAndDigestByteForByte) {
  EXPECT_EQ(reading_with("/critical/type", ""), "PayloadOtherType");
  EXPECT_EQ(reading_with("/critical/type", "Cosign container image signature"), "PayloadOtherType");
  EXPECT_EQ(reading_with("/critical/type", "atomic container signature"), "PayloadOtherType");
  std::string upper = image().text();
  for (char& c : upper)
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 32);
  for (const std::string& digest :
       {other_image().text(), upper, image().hex(), image().text() + " ", std::string()})
    EXPECT_EQ(reading_with("/critical/image/docker-manifest-digest", digest), "PayloadOtherImage") << digest;
}

TEST(SimpleSigningPayload, IsStrictJson) {
  const std::string good = payload_for(image()).dump();
  EXPECT_EQ(reading(good + "x"), "PayloadMalformed");
  EXPECT_EQ(reading(good + good), "PayloadMalformed");
  EXPECT_EQ(reading("\xef\xbb\xbf" + good), "PayloadMalformed");
  EXPECT_EQ(reading(good.substr(1)), "PayloadMalformed");
  EXPECT_EQ(reading(""), "PayloadMalformed");
  EXPECT_EQ(reading("[" + good + "]"), "PayloadMalformed");
  EXPECT_EQ(reading("{\"critical\":{},\"critical\":" + json::parse(good)["critical"].dump() + "}"),
            "PayloadMalformed");
  std::string not_utf8 = good;
  not_utf8.replace(not_utf8.find("registry"), 1, "\xff");
  EXPECT_EQ(reading(not_utf8), "PayloadMalformed");
}

TEST(SimpleSigningPayload, MayBeAsLargeAsTheBoundAndNoLarger) {
  std::string payload = payload_for(image()).dump();
  payload.append(limits::kSimpleSigningPayload - payload.size(), ' ');
  EXPECT_EQ(reading(payload), "read");
  EXPECT_EQ(reading(payload + ' '), "TooLarge");
}

}  // namespace
}  // namespace tegata::testing
