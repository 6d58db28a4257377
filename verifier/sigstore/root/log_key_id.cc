// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root/log_key_id.h"

#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

using namespace std::literals;

constexpr std::size_t kEd25519KeyBytes = 32;

std::string raw(const Digest& digest) {
  const auto& bytes = digest.bytes();
  return {bytes.begin(), bytes.end()};
}

std::string note_hash(std::string_view origin, std::string_view algorithm, std::string_view key) {
  Sha256 hash;
  hash.add(origin);
  hash.add("\n");
  hash.add(algorithm);
  hash.add(key);
  return raw(hash.finish());
}

}  // namespace

std::string log_origin(std::string_view base_url) {
  const auto scheme = base_url.find("://");
  if (scheme == std::string_view::npos) return {};
  base_url.remove_prefix(scheme + 3);
  base_url = base_url.substr(0, base_url.find_first_of("/?#"));
  if (const auto user = base_url.rfind('@'); user != std::string_view::npos) base_url.remove_prefix(user + 1);
  if (base_url.starts_with('[')) return std::string(base_url.substr(1, base_url.find(']') - 1));
  return std::string(base_url.substr(0, base_url.find(':')));
}

std::string log_key_id(const PublicKey& key) { return raw(key.id()); }

std::string note_key_id(std::string_view origin, const PublicKey& key) {
  const std::string_view spki = key.der();
  if (origin.empty()) return log_key_id(key);
  if (key.algorithm() == "Ed25519") {
    // The raw key is the last 32 bytes of its SubjectPublicKeyInfo (RFC 8410, section 4).
    return note_hash(origin, "\x01"sv, spki.substr(spki.size() - kEd25519KeyBytes));
  }
  if (key.algorithm().starts_with("RSA")) return note_hash(origin, "\xffPKIX-RSA-PKCS#1v1.5"sv, spki);
  return log_key_id(key);
}

}  // namespace tegata::verifier
