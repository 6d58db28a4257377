// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "policy/model/digest.h"

namespace tegata::verifier {

[[nodiscard]] Digest sha256(std::string_view bytes);

/// Incremental SHA-256.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view bytes);
  /// Once, at the end.
  [[nodiscard]] Digest finish();

 private:
  void* context_;
};

}  // namespace tegata::verifier
