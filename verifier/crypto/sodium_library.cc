// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/sodium_library.h"

#include <sodium.h>

#include <stdexcept>

namespace tegata::verifier {

void require_sodium() {
  static const int state = sodium_init();
  if (state < 0) throw std::runtime_error("libsodium could not be initialised");
}

}  // namespace tegata::verifier
