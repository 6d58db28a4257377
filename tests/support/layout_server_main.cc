// SPDX-License-Identifier: Apache-2.0
// layout_server --cases DIR [--port N] [--delay-ms N]: serves recorded cases until it is told to stop.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/support/layout_server.h"

int main(int argc, char** argv) {
  CLI::App app("Serves recorded cases as repositories of a registry on 127.0.0.1; prints its port");
  std::string cases;
  std::uint16_t port = 0;
  unsigned delay = 0;
  app.add_option("--cases", cases, "A folder of recorded cases")->required();
  app.add_option("--port", port, "0: a free one");
  app.add_option("--delay-ms", delay, "Wait this long before each answer");
  CLI11_PARSE(app, argc, argv);

  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);  // before any thread: they all inherit it
  try {
    const tegata::testing::LayoutServer server(cases, port, std::chrono::milliseconds(delay));
    std::cout << server.port() << std::endl;
    int signal = 0;
    sigwait(&stop, &signal);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
