// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sigstore/test_log.h"

#include <variant>

#include "tests/unit/sigstore/merkle_tree.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/sigstore/proof/inclusion.h"

namespace tegata::testing {

using namespace verifier;

namespace {

std::string sha256_of(const std::string& bytes) { return hash(HashAlgorithm::Sha256, bytes); }

}  // namespace

Time at_second(std::int64_t second) { return Time(std::chrono::seconds(second)); }

PublicKey public_key_of(const TestSigner& signer) { return *PublicKey::parse_pem(signer.public_key_pem()); }

std::string der_of(const TestSigner& signer) { return *decode_public_key_pem(signer.public_key_pem()); }

TestLog::TestLog(RekorApi api, std::string_view key, std::string origin)
    : api_(api), signer_(key), is_ed25519_(key == "ed25519"), origin_(std::move(origin)) {}

std::string TestLog::key_id() const {
  const std::string der = der_of(signer_);
  if (api_ == RekorApi::V1 || !is_ed25519_) return sha256_of(der);
  return sha256_of(origin_ + "\n\x01" + der.substr(der.size() - 32));
}

LogKey TestLog::key() const {
  return {public_key_of(signer_), key_id(), origin_, {at_second(kTime - 86'400), std::nullopt}};
}

std::string TestLog::checkpoint_origin() const {
  return api_ == RekorApi::V1 ? origin_ + " - 4523598723458972345" : origin_;
}

std::string TestLog::signature_line(const std::string& text, TestSigner::Way way) const {
  if (is_ed25519_ && way == TestSigner::Way::Sha256) way = TestSigner::Way::Own;
  return "\xe2\x80\x94 " + origin_ + " " + encode_base64(key_id().substr(0, 4) + signer_.sign(text, way)) +
         "\n";
}

std::string TestLog::checkpoint(const std::string& root, std::int64_t size) const {
  const std::string text =
      checkpoint_origin() + "\n" + std::to_string(size) + "\n" + encode_base64(root) + "\n";
  return text + "\n" + signature_line(text);
}

std::string TestLog::promise(const LogEntry& entry) const {
  return signer_.sign(std::get<std::string>(signed_entry_text(entry)),
                      is_ed25519_ ? TestSigner::Way::Own : TestSigner::Way::Sha256);
}

LogEntry TestLog::entry(std::string_view kind, std::string_view version, const std::string& body) const {
  std::vector<std::string> leaves(kSize, "another leaf");
  leaves[kIndex] = body;
  LogEntry entry;
  entry.key_id = key_id();
  entry.kind = kind;
  entry.version = version;
  entry.canonicalized_body = body;
  entry.log_index = api_ == RekorApi::V1 ? 100'000 + kIndex : kIndex;
  const std::string root = merkle_tree_hash(leaves);
  entry.proof = InclusionProof{kIndex, kSize, root, audit_path(kIndex, leaves), checkpoint(root, kSize)};
  if (api_ == RekorApi::V1) {
    entry.integrated_time = kTime;
    entry.promise = promise(entry);
  }
  return entry;
}

}  // namespace tegata::testing
