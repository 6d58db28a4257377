// SPDX-License-Identifier: Apache-2.0
#include "webhook/main/arguments.h"

#include "webhook/config/duration.h"

namespace tegata::webhook {

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& target,
                          const std::string& help) {
  const auto read = [&target, name](const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration.ok()) throw CLI::ValidationError(name, duration.error().message);
    target = *duration;
  };
  return app.add_option_function<std::string>(name, read, help)->type_name("DURATION");
}

CLI::Option* add_list(CLI::App& app, const std::string& names, std::vector<std::string>& target,
                      const std::string& type, const std::string& help) {
  return app.add_option(names, target, help)->type_name(type)->allow_extra_args(false);
}

CLI::Option* add_text(CLI::App& app, const std::string& names, std::string& target, const std::string& type,
                      const std::string& help) {
  return app.add_option(names, target, help)->type_name(type);
}

void add_format(CLI::App& app, cli::Format& format) {
  add_choice<cli::Format>(app, "-o,--output", format,
                          {{"table", cli::Format::Table}, {"json", cli::Format::Json}},
                          "table for people, json for programs");
}

void add_registries(CLI::App& app, RegistryOptions& registries) {
  add_list(app, "--insecure-plain-http", registries.insecure_plain_http, "HOST[:PORT]",
           "ask this registry over http; exact, repeatable");
  add_text(app, "--registry-ca", registries.registry_ca, "FILE",
           "PEM certificates that registries are trusted by, in place of the system's");
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help,
                      const char* examples) {
  auto* command = parent.add_subcommand(name, help);
  command->footer(examples);
  return command;
}

}  // namespace tegata::webhook
