// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sodium.h>

#include <stdexcept>

namespace tegata::verifier {

/// Initializes libsodium; call it before any other function of the library. Thread-safe, and cheap after the
/// first call. Throws std::runtime_error if libsodium cannot be initialized.
inline void require_sodium() {
  static const int state = sodium_init();
  if (state < 0) throw std::runtime_error("libsodium could not be initialised");
}

}  // namespace tegata::verifier
