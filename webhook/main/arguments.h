// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "webhook/cli/authority_options.h"
#include "webhook/cli/command.h"
#include "webhook/config/registry_options.h"

namespace tegata::webhook {

/// The action of each subcommand, run after parsing.
using Run = std::function<cli::ExitCode()>;
using Runs = std::map<const CLI::App*, Run>;

template <typename Enum>
using Words = std::vector<std::pair<std::string, Enum>>;

/// An option whose value is one of a few words.
template <typename Enum>
CLI::Option* add_choice(CLI::App& app, const std::string& names, Enum& target, const Words<Enum>& words,
                        const std::string& help) {
  std::vector<std::string> all;
  for (const auto& [word, value] : words) all.push_back(word);
  const auto choose = [&target, words](const std::string& text) {
    for (const auto& [word, value] : words)
      if (word == text) target = value;
  };
  return app.add_option_function<std::string>(names, choose, help)
      ->type_name(CLI::detail::join(all, "|"))
      ->check(CLI::IsMember(all));
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& target,
                          const std::string& help);
/// `10Gi`, `500Mi` or a number of bytes.
CLI::Option* add_size(CLI::App& app, const std::string& name, std::uint64_t& target, const std::string& help);
/// An option that is repeated once for each value.
CLI::Option* add_list(CLI::App& app, const std::string& names, std::vector<std::string>& target,
                      const std::string& type, const std::string& help);
CLI::Option* add_text(CLI::App& app, const std::string& names, std::string& target, const std::string& type,
                      const std::string& help);
void add_format(CLI::App& app, cli::Format& format);
void add_registries(CLI::App& app, RegistryOptions& registries);
void add_aws(CLI::App& app, std::vector<std::string>& roles, std::vector<std::string>& external_ids);
CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help,
                      const char* examples);

/// cosign's options that say whose signature is required and what must prove it. `options` must live until
/// `app` has parsed.
void add_authority_options(CLI::App& app, cli::AuthorityOptions& options);

/// Those of them that Sigstore's conformance suite uses: key, identity, issuer and trusted root.
void add_signer_options(CLI::App& app, cli::AuthorityOptions& options);

}  // namespace tegata::webhook
