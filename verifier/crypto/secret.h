// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tegata::verifier {

/// Text that must not be printed: a password or a token. Wiped on destruction. It can be moved, but not
/// copied implicitly. It has neither operator<< nor conversions.
class Secret {
 public:
  Secret() = default;
  /// Takes the text and wipes the source buffer.
  explicit Secret(std::string text);
  Secret(Secret&& other) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  /// For the code that sends it. The view is valid as long as this Secret.
  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.data(), bytes_.size()}; }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  [[nodiscard]] Secret clone() const;

 private:
  void wipe() noexcept;
  std::vector<char> bytes_;
};

}  // namespace tegata::verifier
