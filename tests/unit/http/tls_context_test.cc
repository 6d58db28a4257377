// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/tls_context.h"

#include <gmock/gmock.h>

#include "tests/unit/http/test_certificate.h"

namespace tegata::webhook::http {
namespace {

using ::testing::HasSubstr;
using testing::make_certificate;
using testing::TemporaryFolder;

Time present() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

struct TlsContextTest : ::testing::Test {
  TemporaryFolder folder;
  testing::CertificatePair pair = make_certificate(90);
  std::string certificate = folder.write("tls.crt", pair.certificate);
  std::string key = folder.write("tls.key", pair.key);

  std::string failure(const std::string& certificate_file, const std::string& key_file) const {
    const auto context = TlsContext::load({certificate_file, key_file, {}}, present());
    if (context.ok()) return "";
    EXPECT_EQ(context.error().code, ErrorCode::Misconfigured);
    EXPECT_EQ(context.error().message.find('\n'), std::string::npos);
    return context.error().message;
  }
};

TEST_F(TlsContextTest, LoadsAPairAndKnowsItsEnd) {
  const auto context = TlsContext::load({certificate, key, {}}, present());
  ASSERT_TRUE(context.ok()) << context.error().message;
  const auto left = (*context)->not_after() - present();
  EXPECT_GT(left, std::chrono::hours(24 * 89));
  EXPECT_LE(left, std::chrono::hours(24 * 90));
}

TEST_F(TlsContextTest, LoadsAChain) {
  const auto chain = folder.write("chain.crt", pair.certificate + make_certificate(90).certificate);
  EXPECT_EQ(failure(chain, key), "");
}

TEST_F(TlsContextTest, SaysWhichFileIsAbsent) {
  EXPECT_THAT(failure(folder.path("none.crt"), key), HasSubstr("none.crt: No such file"));
  EXPECT_THAT(failure(certificate, folder.path("none.key")), HasSubstr("none.key: No such file"));
}

TEST_F(TlsContextTest, RefusesFilesThatAreNotPem) {
  const auto text = folder.write("text", "hello");
  EXPECT_THAT(failure(text, key), HasSubstr("contains no PEM certificate"));
  EXPECT_THAT(failure(certificate, text), HasSubstr("contains no PEM private key"));
  EXPECT_THAT(failure(key, key), HasSubstr("contains no PEM certificate"));
}

TEST_F(TlsContextTest, RefusesATornChain) {
  auto torn = make_certificate(90).certificate;
  torn.erase(torn.size() / 2, 40);
  EXPECT_THAT(failure(folder.write("torn.crt", pair.certificate + torn), key),
              HasSubstr("that is not a certificate"));
}

TEST_F(TlsContextTest, SaysThatAKeyIsEncryptedInsteadOfAsking) {
  const auto encrypted = folder.write(
      "encrypted.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGH\n-----END ENCRYPTED PRIVATE KEY-----\n");
  EXPECT_THAT(failure(certificate, encrypted), HasSubstr("is encrypted"));
}

TEST_F(TlsContextTest, SaysThatCertificateAndKeyDoNotMatch) {
  const auto other = folder.write("other.key", make_certificate(90).key);
  EXPECT_EQ(failure(certificate, other),
            "the certificate in " + certificate + " does not match the private key in " + other);
}

TEST_F(TlsContextTest, RefusesACertificateThatIsOver) {
  const auto over = make_certificate(-1);
  EXPECT_THAT(failure(folder.write("over.crt", over.certificate), folder.write("over.key", over.key)),
              HasSubstr("expired at "));
}

TEST_F(TlsContextTest, RefusesACertificateThatIsNotYetValid) {
  const auto early = TlsContext::load({certificate, key, {}}, present() - std::chrono::hours(24 * 30));
  ASSERT_FALSE(early.ok());
  EXPECT_THAT(early.error().message, HasSubstr("is not valid before "));
}

TEST_F(TlsContextTest, BoundsTheFiles) {
  const std::string at_bound = pair.certificate + std::string(64 * 1024 - pair.certificate.size(), '\n');
  EXPECT_EQ(failure(folder.write("at.crt", at_bound), key), "");
  EXPECT_THAT(failure(folder.write("past.crt", at_bound + "\n"), key), HasSubstr("larger than 65536 bytes"));
}

}  // namespace
}  // namespace tegata::webhook::http
