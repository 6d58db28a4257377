// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_checkpoint.h"

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {
namespace {

std::string raw_public_key(const VirtualKey& key) {
  const std::string encoded = key.public_key_der();
  return encoded.substr(encoded.size() - 32);
}

std::string line(std::string_view name, std::string_view bytes) {
  return "\u2014 " + std::string(name) + " " + base64(bytes) + "\n";
}

}  // namespace

std::string checkpoint_body(const std::string& origin, const VirtualMerkleTree& tree,
                            const LogBreaks& breaks) {
  const auto size = static_cast<std::int64_t>(tree.size()) + breaks.checkpoint_size_off;
  return (breaks.checkpoint_origin.empty() ? origin : breaks.checkpoint_origin) + "\n" +
         std::to_string(size) + "\n" +
         base64(breaks.checkpoint_of_other_tree ? hash_of(tree.root()) : tree.root()) + "\n";
}

std::string note_signature(std::string_view body, std::string_view name, std::string_view key_id,
                           const VirtualKey& key) {
  return line(name, std::string(key_id.substr(0, 4)) + key.sign(body, VirtualKey::Way::Sha256));
}

std::string note_cosignature(std::string_view body, std::string_view name, std::int64_t unix_seconds,
                             const VirtualKey& key) {
  const std::string id = hash_of(std::string(name) + "\n\4" + raw_public_key(key)).substr(0, 4);
  const std::string message =
      "cosignature/v1\ntime " + std::to_string(unix_seconds) + "\n" + std::string(body);
  return line(name, id + big_endian(static_cast<std::uint64_t>(unix_seconds), 8) + key.sign(message));
}

std::string note_key_id(std::string_view name, const VirtualKey& key) {
  switch (key.kind()) {
    case KeyKind::Ed25519:
      return hash_of(std::string(name) + "\n\1" + raw_public_key(key));
    case KeyKind::Rsa2048:
    case KeyKind::Rsa3072:
    case KeyKind::Rsa4096:
      return hash_of(std::string(name) + "\n\xff" + "PKIX-RSA-PKCS#1v1.5" + key.public_key_der());
    case KeyKind::P256:
    case KeyKind::P384:
    case KeyKind::P521:
      break;
  }
  return hash_of(key.public_key_der());
}

}  // namespace tegata::testing
