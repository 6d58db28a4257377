// SPDX-License-Identifier: Apache-2.0
#include "verifier/json/large_document.h"

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

std::mutex& mutex() {
  static std::mutex one;
  return one;
}

}  // namespace

LargeDocument::LargeDocument(std::size_t bytes) {
  if (bytes > limits::kSmallDocument) only_ = std::unique_lock(mutex());
}

}  // namespace tegata::verifier
