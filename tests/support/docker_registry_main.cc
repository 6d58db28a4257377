// SPDX-License-Identifier: Apache-2.0
// docker_registry --push CASE_DIR=REPOSITORY[:TAG]…: a real registry with recorded images, for the demo.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/support/docker_registry.h"

namespace {

using tegata::Status;

/// Pushes one `CASE_DIR=REPOSITORY[:TAG]`; what the case tags `v1` gets the other tag, too.
Status push(tegata::testing::DockerRegistry& registry, const std::string& wish) {
  const auto equals = wish.rfind('=');
  if (equals == std::string::npos)
    return tegata::Error{tegata::ErrorCode::Misconfigured, wish + ": must be CASE_DIR=REPOSITORY[:TAG]"};
  const std::string target = wish.substr(equals + 1);
  const auto colon = target.find(':');
  const std::string repository = target.substr(0, colon);
  TEGATA_TRY(const auto layout, tegata::verifier::RecordedLayout::open(wish.substr(0, equals)));
  TEGATA_CHECK(registry.push(layout, repository));
  if (colon == std::string::npos) return tegata::done();
  const auto image = layout.tags().find("v1");
  if (image == layout.tags().end())
    return tegata::Error{tegata::ErrorCode::NotFound, wish + ": the case has no tag v1"};
  return registry.tag(layout, image->second, repository, target.substr(colon + 1));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Starts docker-registry on 127.0.0.1 with recorded images; prints its port when all are there");
  std::vector<std::string> wishes;
  app.add_option("--push", wishes, "CASE_DIR=REPOSITORY[:TAG]; repeatable");
  CLI11_PARSE(app, argc, argv);

  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  const auto registry = tegata::testing::DockerRegistry::start();
  if (!registry.ok()) {
    std::cerr << registry.error().message << "\n";
    return 1;
  }
  for (const auto& wish : wishes)
    if (const auto pushed = push(**registry, wish); !pushed.ok()) {
      std::cerr << wish << ": " << pushed.error().message << "\n";
      return 1;
    }
  std::cout << (*registry)->port() << std::endl;
  int signal = 0;
  sigwait(&stop, &signal);
  return 0;
}
