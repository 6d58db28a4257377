// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tegata::verifier {

/// Makes libsodium ready; call it before any other of its functions. Thread-safe and cheap after
/// the first time. A std::runtime_error where libsodium cannot start.
void require_sodium();

}  // namespace tegata::verifier
