// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/secret.h"

#include <sodium.h>

namespace tegata::verifier {

Secret::Secret(std::string text) : bytes_(text.begin(), text.end()) {
  sodium_memzero(text.data(), text.capacity());
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
  }
  return *this;
}

Secret::~Secret() { wipe(); }

Secret Secret::clone() const {
  Secret copy;
  copy.bytes_ = bytes_;
  return copy;
}

void Secret::wipe() noexcept {
  if (!bytes_.empty()) sodium_memzero(bytes_.data(), bytes_.size());
}

}  // namespace tegata::verifier
