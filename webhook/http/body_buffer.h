// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace tegata::webhook::http {

/// Readable bytes that follow each body, for parsers that read in blocks.
inline constexpr std::size_t kBodyPadding = 64;

/// A request body of known size while it arrives. A large one uses memory only as its bytes arrive, and
/// returns it to the system at once: the allocator would keep it.
class BodyBuffer {
 public:
  /// Empties it, then makes room for `size` bytes. Throws std::bad_alloc.
  void open(std::size_t size);
  /// Appends at most missing() bytes; returns how many.
  std::size_t append(std::string_view bytes);
  [[nodiscard]] std::size_t missing() const noexcept { return size_ - received_; }
  [[nodiscard]] std::size_t received() const noexcept { return received_; }
  /// Valid until open() or close().
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), received_}; }
  void close() noexcept;

 private:
  struct Free {
    std::size_t mapped;  ///< bytes; 0: from the allocator
    void operator()(char* bytes) const;
  };
  std::unique_ptr<char[], Free> bytes_{nullptr, Free{0}};
  std::size_t size_ = 0;
  std::size_t received_ = 0;
};

}  // namespace tegata::webhook::http
