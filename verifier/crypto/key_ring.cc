// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/key_ring.h"

#include <fstream>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

Result<std::string> read_key_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::NotFound, "the key file cannot be opened"};
  std::string bytes(limits::kKeyFile + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.bad()) return Error{ErrorCode::NotFound, "the key file cannot be read"};
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > limits::kKeyFile)
    return Error{ErrorCode::LimitExceeded,
                 "the key file has more than " + std::to_string(limits::kKeyFile) + " bytes"};
  return bytes;
}

}  // namespace

Result<KeyId> KeyRing::add_file(const std::string& path) {
  if (const auto known = by_path_.find(path); known != by_path_.end()) return known->second;
  auto pem = read_key_file(path);
  if (!pem.ok()) return pem.error().in(path);
  auto key = PublicKey::parse_pem(*pem);
  if (!key.ok()) return key.error().in(path);
  const KeyId id = add(*std::move(key));
  by_path_.emplace(path, id);
  return id;
}

KeyId KeyRing::add(PublicKey key) {
  const KeyId id = key.id();
  keys_.try_emplace(id, std::move(key));
  return id;
}

const PublicKey* KeyRing::find(const KeyId& id) const noexcept {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace tegata::verifier
