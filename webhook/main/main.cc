// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "webhook/guard.h"
#include "webhook/main/command_line.h"

namespace {

using tegata::webhook::cli::ExitCode;
using tegata::webhook::cli::Style;

/// https://no-color.org: if NO_COLOR is set to any value that is not empty, colours are off.
Style style_of_output() {
  const char* no_color = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): no thread runs yet
  const char* terminal = std::getenv("TERM");      // NOLINT(concurrency-mt-unsafe)
  const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  const bool plain = (no_color != nullptr && *no_color != '\0') || dumb || ::isatty(STDOUT_FILENO) == 0;
  return plain ? Style::Plain : Style::Coloured;
}

}  // namespace

int main(int argc, char** argv) {
  const tegata::webhook::cli::Terminal terminal{std::cout, std::cerr, style_of_output(),
                                                ::isatty(STDERR_FILENO) == 1};
  auto code = tegata::webhook::guard([&] { return tegata::webhook::run_command_line(argc, argv, terminal); },
                                     [](const std::string& bug) {
                                       std::cerr << "tegata: internal error: " << bug << "\n";
                                       return ExitCode::Unchecked;
                                     });
  if (!std::cout.flush()) {
    std::cerr << "tegata: cannot write to standard output\n";
    code = ExitCode::Usage;
  }
  return static_cast<int>(code);
}
