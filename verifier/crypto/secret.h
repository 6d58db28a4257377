// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tegata::verifier {

/// Text that nobody may print: a password, a token. Wiped when it goes; moved, never copied by
/// accident. There is no operator<< and no conversion.
class Secret {
 public:
  Secret() = default;
  /// Takes the text and wipes the buffer it came in.
  explicit Secret(std::string text);
  Secret(Secret&& other) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  /// For the one place that sends it. The view lives as long as this Secret.
  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.data(), bytes_.size()}; }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  [[nodiscard]] Secret clone() const;

 private:
  void wipe() noexcept;
  std::vector<char> bytes_;
};

}  // namespace tegata::verifier
