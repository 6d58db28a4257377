// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>

namespace tegata::verifier {

/// Held while a document of `bytes` is parsed and its tree is used: of those above limits::kSmallDocument,
/// the process has one at a time, since a tree takes up to limits::kJsonTree, many times its text. Others
/// wait for the few milliseconds that this takes. Not to be held twice by one thread.
class LargeDocument {
 public:
  explicit LargeDocument(std::size_t bytes);

 private:
  std::unique_lock<std::mutex> only_;  ///< none for a small document
};

}  // namespace tegata::verifier
