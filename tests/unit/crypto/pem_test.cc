// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/pem.h"

#include <gtest/gtest.h>

namespace tegata::verifier {
namespace {

const std::string kBlock = "-----BEGIN PUBLIC KEY-----\nQUJD\nREVG\n-----END PUBLIC KEY-----";

TEST(Pem, ReadsOneBlockWithWhitespaceAroundIt) {
  for (const std::string& text : {kBlock, kBlock + "\n", "\n \t" + kBlock + "\r\n\r\n"}) {
    const auto der = decode_public_key_pem(text);
    ASSERT_TRUE(der.ok()) << text;
    EXPECT_EQ(*der, "ABCDEF");
  }
}

TEST(Pem, RefusesEverythingElse) {
  const std::string secret = "-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n";
  for (const std::string& text :
       {std::string(), std::string("key"), secret, "comment\n" + kBlock, kBlock + "\ncomment",
        kBlock + "\n" + kBlock, kBlock + "\n" + secret,
        std::string("-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----"),
        std::string("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"),
        std::string("-----BEGIN PUBLIC KEY-----\nQUJD"),
        std::string("-----BEGIN PUBLIC KEY-----\nQUI\n-----END PUBLIC KEY-----"),
        std::string("-----BEGIN PUBLIC KEY-----\nComment: x\n\nQUJD\n-----END PUBLIC KEY-----"),
        std::string("-----BEGIN RSA PUBLIC KEY-----\nQUJD\n-----END RSA PUBLIC KEY-----"),
        std::string("-----BEGIN PUBLIC KEY----------END PUBLIC KEY----")})
    EXPECT_FALSE(decode_public_key_pem(text).ok()) << text;
}

TEST(Pem, SaysThatAPrivateKeyIsNotWantedHere) {
  const auto der = decode_public_key_pem("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nQUJD\n");
  ASSERT_FALSE(der.ok());
  EXPECT_NE(der.error().message.find("a private key"), std::string::npos) << der.error().message;
}

}  // namespace
}  // namespace tegata::verifier
