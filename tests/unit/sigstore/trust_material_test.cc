// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root/trust_material.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/trusted_root_fixture.h"
#include "verifier/crypto/hash.h"

namespace tegata::testing {
namespace {

using verifier::TrustMaterial;
namespace fs = std::filesystem;

/// A copy of a fixture that can be taken away.
class Copy {
 public:
  explicit Copy(const std::string& fixture)
      : path_((fs::temp_directory_path() / ("tegata-material-" + std::to_string(::getpid()))).string()) {
    std::ofstream(path_, std::ios::binary) << sigstore_file(fixture);
  }
  ~Copy() { remove(); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  void remove() const { fs::remove(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(TrustMaterial, ReadsAKeyOnce) {
  const Copy copy("keys/p256.pub");
  TrustMaterial material;
  const auto id = material.key(copy.path());
  ASSERT_TRUE(id.ok()) << id.error().message;
  copy.remove();
  EXPECT_EQ(*material.key(copy.path()), *id);
  ASSERT_NE(material.find_key(*id), nullptr);
  EXPECT_EQ(material.find_key(*id)->algorithm(), "ECDSA P-256");
  EXPECT_EQ(TrustMaterial().key(copy.path()).error().code, ErrorCode::NotFound);
}

/// A file with this text.
class TextFile : public Copy {
 public:
  explicit TextFile(const std::string& text) : Copy("keys/p256.pub") { write(text); }
  void write(const std::string& text) const { std::ofstream(path(), std::ios::binary) << text; }
};

TEST(TrustMaterial, ReadsAListOfDigestsOnceAndSaysThatItRead) {
  const auto line = "sha256:" + std::string(64, '1') + "\n";
  const TextFile file(line);
  TrustMaterial material;
  const auto list = material.digest_list(file.path());
  ASSERT_TRUE(list.ok()) << list.error().message;
  EXPECT_EQ((*list)->digests.size(), 1U);
  EXPECT_EQ(material.files_read().at(file.path()), verifier::sha256(line));
  file.remove();
  EXPECT_EQ(*material.digest_list(file.path()), *list);
  TrustMaterial again;
  EXPECT_EQ(again.digest_list(file.path()).error().code, ErrorCode::NotFound);
  EXPECT_TRUE(again.files_read().contains(file.path())) << "a file that appears later is seen";
}

TEST(TrustMaterial, NamesFileAndLineOfAListThatItCannotUse) {
  const TextFile file("# one\nnginx:1\n");
  const auto list = TrustMaterial().digest_list(file.path());
  ASSERT_FALSE(list.ok());
  EXPECT_EQ(list.error().message.find(file.path() + ":2: \"nginx:1\" is not a digest"), 0U)
      << list.error().message;
}

TEST(TrustMaterial, ReadsAListUpToItsBoundAndNoFurther) {
  const TextFile file("#" + std::string(limits::kDigestList - 1, ' '));
  EXPECT_TRUE(TrustMaterial().digest_list(file.path()).ok());
  file.write("#" + std::string(limits::kDigestList, ' '));
  EXPECT_EQ(TrustMaterial().digest_list(file.path()).error().code, ErrorCode::LimitExceeded);
}

TEST(TrustMaterial, NamesAKeyStoreForWhatItIsAndHowToGetAFile) {
  struct Row {
    const char* reference;
    const char* name;
    const char* command;
  };
  const Row rows[] = {
      {"k8s://prod/cosign", "a Kubernetes Secret",
       "cosign public-key --key 'k8s://prod/cosign' > cosign.pub"},
      {"awskms:///alias/sign", "AWS KMS", "cosign public-key --key 'awskms:///alias/sign' > cosign.pub"},
      {"gcpkms://projects/p", "Google Cloud KMS", "cosign public-key"},
      {"azurekms://vault/key", "Azure Key Vault", "cosign public-key"},
      {"hashivault://key", "HashiCorp Vault", "cosign public-key"},
      {"openbao://key", "OpenBao", "cosign public-key"},
      {"gitlab://group/project", "a GitLab project", "cosign public-key"},
      {"github://owner/name", "a GitHub repository", ""},
      {"pkcs11:token=t", "a PKCS#11 token", "cosign public-key"},
      {"env://COSIGN_PUBLIC_KEY", "an environment variable", "cosign public-key"},
      {"https://keys.example/cosign.pub", "a web server", "curl -fo FILE 'https://keys.example/cosign.pub'"},
      {"http://keys.example/cosign.pub", "a web server", "curl"},
      {"file:///etc/keys/cosign.pub", "a file named by its URL", ""}};
  for (const auto& row : rows) {
    const auto error = TrustMaterial().key(row.reference).error();
    EXPECT_EQ(error.code, ErrorCode::Misconfigured) << row.reference;
    EXPECT_NE(error.message.find("this names " + std::string(row.name) + ";"), std::string::npos)
        << error.message;
    EXPECT_NE(error.message.find(row.command), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find("No such file"), std::string::npos) << error.message;
    EXPECT_EQ(TrustMaterial().certificate(row.reference).error().code, ErrorCode::Misconfigured);
  }
  EXPECT_EQ(TrustMaterial().key("/nowhere/k8s.pub").error().code, ErrorCode::NotFound);
}

TEST(TrustMaterial, NamesTheFormatOfACertificateFileAndTheCommandThatConvertsIt) {
  const Copy copy("keys/byo-leaf.crt");
  std::ofstream(copy.path(), std::ios::binary) << "\xEF\xBB\xBF" << sigstore_file("keys/byo-leaf.crt");
  const auto error = TrustMaterial().certificate(copy.path()).error();
  EXPECT_NE(error.message.find("a byte order mark"), std::string::npos) << error.message;
  const auto root = verifier::read_trusted_root(authorities({copy.path()}));
  ASSERT_FALSE(root.ok());
  EXPECT_NE(root.error().message.find("a byte order mark"), std::string::npos) << root.error().message;
}

TEST(TrustMaterial, GivesOneKeyTheSameNameFromEveryFile) {
  TrustMaterial material;
  const auto first = material.key(sigstore_path("keys/p256.pub"));
  const auto again = material.key(sigstore_path("keys/../keys/p256.pub"));
  const auto other = material.key(sigstore_path("keys/p256-other.pub"));
  ASSERT_TRUE(first.ok() && again.ok() && other.ok());
  EXPECT_EQ(*first, *again);
  EXPECT_NE(*first, *other);
  EXPECT_EQ(material.find_key(Digest(Digest::Bytes{})), nullptr);
}

TEST(TrustMaterial, NamesTheFileThatItCannotRead) {
  TrustMaterial material;
  for (const auto& path :
       {std::string("/nonexistent/key.pub"), sigstore_path("keys/p384.pem"), sigstore_path("keys")}) {
    const auto key = material.key(path);
    ASSERT_FALSE(key.ok()) << path;
    EXPECT_TRUE(key.error().message.starts_with(path)) << key.error().message;
  }
}

TEST(TrustMaterial, ReadsAKeyFileUpToTheBoundAndNoFurther) {
  const Copy copy("keys/p256.pub");
  const auto size = fs::file_size(copy.path());
  std::ofstream(copy.path(), std::ios::app | std::ios::binary) << std::string(limits::kKeyFile - size, '\n');
  EXPECT_TRUE(TrustMaterial().key(copy.path()).ok());
  std::ofstream(copy.path(), std::ios::app | std::ios::binary) << '\n';
  EXPECT_EQ(TrustMaterial().key(copy.path()).error().code, ErrorCode::LimitExceeded);
}

// What a reload asks: a gatherer made with one must be able to verify for policies loaded with the other.
TEST(TrustMaterial, IsTheSameOnlyWhereTheSameWasReadAsTheSame) {
  const auto rekor = sigstore_path("mock/rekor.pub"), rekor2 = sigstore_path("mock/rekor2.pub");
  TrustMaterial apart, apart_again, together;
  for (auto* material : {&apart, &apart_again})
    ASSERT_TRUE(material->root(logs({rekor})).ok() && material->root(logs({rekor2})).ok());
  ASSERT_TRUE(together.root(logs({rekor, rekor2})).ok());
  EXPECT_EQ(apart.files_read(), together.files_read());
  EXPECT_TRUE(apart.same_as(apart_again));
  EXPECT_FALSE(apart.same_as(together));
  EXPECT_FALSE(together.same_as(apart));
  ASSERT_TRUE(apart_again.key(sigstore_path("keys/p256.pub")).ok());
  EXPECT_FALSE(apart.same_as(apart_again));
}

TEST(TrustMaterial, ReadsARootOnce) {
  const Copy copy("mock/trusted_root.json");
  TrustMaterial material;
  const auto id = material.root(whole_root(copy.path()));
  ASSERT_TRUE(id.ok()) << id.error().message;
  copy.remove();
  EXPECT_EQ(*material.root(whole_root(copy.path())), *id);
  ASSERT_NE(material.find_root(*id), nullptr);
  EXPECT_EQ(material.find_root(*id)->transparency_logs.size(), 2u);
  EXPECT_EQ(material.roots().size(), 1u);
}

TEST(TrustMaterial, DoesNotMistakeOneListOfPathsForAnother) {
  TrustMaterial material;
  const auto rekor = sigstore_path("mock/rekor.pub");
  const auto as_log = material.root(logs({rekor}));
  const auto as_ct_log = material.root(ct_logs({rekor}));
  ASSERT_TRUE(as_log.ok() && as_ct_log.ok());
  EXPECT_NE(*as_log, *as_ct_log);
  EXPECT_EQ(material.roots().size(), 2u);
}

TEST(TrustMaterial, NamesACertificateByItsDigestAndWantsExactlyOne) {
  TrustMaterial material;
  const auto leaf = material.certificate(sigstore_path("keys/byo-leaf.crt"));
  ASSERT_TRUE(leaf.ok()) << leaf.error().message;
  EXPECT_EQ(*leaf, verifier::Certificate::parse_pem(sigstore_file("keys/byo-leaf.crt"))->front().id());
  EXPECT_EQ(material.certificate(sigstore_path("mock/fulcio-chain.pem")).error().code, ErrorCode::Malformed);
  EXPECT_EQ(material.certificate(sigstore_path("keys/p256.pub")).error().code, ErrorCode::Malformed);
}

TEST(TrustMaterial, ReadsTheDefaultRootWhenItIsFirstAskedFor) {
  const Copy copy("mock/trusted_root.json");
  TrustMaterial material(whole_root(copy.path()));
  EXPECT_TRUE(material.files_read().empty());
  const auto id = material.default_root();
  ASSERT_TRUE(id.ok()) << id.error().message;
  EXPECT_EQ(*id, *material.root(whole_root(copy.path())));
  copy.remove();
  EXPECT_EQ(*material.default_root(), *id);
}

TEST(TrustMaterial, NamesTheOptionWhereThereIsNoDefaultRoot) {
  TrustMaterial without;
  TrustMaterial empty(TrustedRootFiles{});
  for (auto* material : {&without, &empty}) {
    const auto id = material->default_root();
    ASSERT_FALSE(id.ok());
    EXPECT_EQ(id.error().code, ErrorCode::Misconfigured);
    EXPECT_NE(id.error().message.find("--trusted-root"), std::string::npos);
  }
}

TEST(TrustMaterial, TellsEveryFileThatItAskedForWithWhatStoodInIt) {
  TrustMaterial material;
  const auto key = sigstore_path("keys/p256.pub");
  const auto root = sigstore_path("mock/trusted_root.json");
  const auto log = sigstore_path("mock/rekor.pub");
  const auto missing = sigstore_path("mock/nowhere");
  ASSERT_TRUE(material.key(key).ok());
  ASSERT_TRUE(material.root(whole_root(root)).ok());
  ASSERT_TRUE(material.root(logs({log})).ok());
  EXPECT_FALSE(material.certificate(missing).ok());
  const TrustMaterial::FilesRead expected{{key, verifier::sha256(sigstore_file("keys/p256.pub"))},
                                          {root, verifier::sha256(sigstore_file("mock/trusted_root.json"))},
                                          {log, verifier::sha256(sigstore_file("mock/rekor.pub"))},
                                          {missing, std::nullopt}};
  EXPECT_EQ(material.files_read(), expected);
}

}  // namespace
}  // namespace tegata::testing
