// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sodium.h>

#include <stdexcept>

namespace tegata::verifier {

/// Makes libsodium ready; call it before any other of its functions. Thread-safe and cheap after
/// the first time. A std::runtime_error where libsodium cannot start.
inline void require_sodium() {
  static const int state = sodium_init();
  if (state < 0) throw std::runtime_error("libsodium could not be initialised");
}

}  // namespace tegata::verifier
