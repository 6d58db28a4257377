// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

enum class Colour { Red, Green, Yellow, Cyan, Grey, Bold };

/// The text in a colour, where the terminal shows colours.
[[nodiscard]] inline std::string painted(std::string_view text, Colour colour, Style style) {
  if (style == Style::Plain) return std::string(text);
  const auto code = [colour] {
    switch (colour) {
      case Colour::Red:
        return "31";
      case Colour::Green:
        return "32";
      case Colour::Yellow:
        return "33";
      case Colour::Cyan:
        return "36";
      case Colour::Grey:
        return "90";
      case Colour::Bold:
        return "1";
    }
    return "0";
  };
  return std::string("\x1b[") + code() + "m" + std::string(text) + "\x1b[0m";
}

/// Text that our own code has composed, made unable to move the cursor: control characters become
/// `?`. For text from outside there is printable().
[[nodiscard]] inline std::string without_controls(std::string_view text) {
  std::string safe(text);
  for (char& c : safe)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return safe;
}

}  // namespace tegata::webhook::cli
