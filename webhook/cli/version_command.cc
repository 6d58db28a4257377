// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/subcommands.h"

#include <array>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

// The TEGATA_… macros come from CMakeLists.txt, which reads the version of each package.
namespace tegata::webhook::cli {
namespace {

struct Library {
  const char* name;
  const char* version;
};
constexpr std::array kLibraries{
    Library{"OpenSSL", TEGATA_OPENSSL},     Library{"libcurl", TEGATA_CURL},
    Library{"libsodium", TEGATA_SODIUM},    Library{"nlohmann/json", TEGATA_JSON},
    Library{"yaml-cpp", TEGATA_YAML},       Library{"simdjson", TEGATA_SIMDJSON},
    Library{"cpp-httplib", TEGATA_HTTPLIB}, Library{"CLI11", TEGATA_CLI11},
    Library{"compiler", __VERSION__},
};

}  // namespace

ExitCode run_version(Format format, const Terminal& terminal) {
  switch (format) {
    case Format::Json: {
      nlohmann::json form{{"version", TEGATA_VERSION}, {"commit", TEGATA_COMMIT}};
      for (const auto& library : kLibraries) form["libraries"][library.name] = library.version;
      terminal.out << form.dump(2) << "\n";
      break;
    }
    case Format::Table:
      terminal.out << "tegata " << TEGATA_VERSION << " (commit " << TEGATA_COMMIT << ")\n";
      for (const auto& library : kLibraries)
        terminal.out << "  " << library.name << " " << library.version << "\n";
      break;
  }
  return ExitCode::Ok;
}

}  // namespace tegata::webhook::cli
