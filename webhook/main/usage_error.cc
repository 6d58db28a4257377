// SPDX-License-Identifier: Apache-2.0
#include "webhook/main/usage_error.h"

#include <vector>

#include "policy/model/printable.h"

namespace tegata::webhook {
namespace {

/// The innermost command that was given, and its name with those above it.
struct Given {
  const CLI::App* command;
  std::string name;
};

Given given_command(const CLI::App& app) {
  Given given{&app, app.get_name()};
  while (!given.command->get_subcommands().empty()) {
    given.command = given.command->get_subcommands().front();
    given.name += " " + given.command->get_name();
  }
  return given;
}

std::string commands_of(const CLI::App& app) {
  std::string all;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!command->get_group().empty()) all += (all.empty() ? "" : ", ") + command->get_name();
  return all;
}

/// `-f, --filename FILE|DIR|-`, or the name of a positional argument.
std::string words_of(const CLI::Option& option) {
  std::string names;
  for (const auto& name : option.get_snames()) names += "-" + name;
  for (const auto& name : option.get_lnames()) names += (names.empty() ? "--" : ", --") + name;
  return names.empty() ? option.get_name(true) : names + " " + option.get_type_name();
}

/// The option that a message of CLI11 begins with; null if there is none.
const CLI::Option* option_in(const CLI::App& command, const std::string& message) {
  const auto name = message.substr(0, message.find_first_of(": "));
  return name.empty() ? nullptr : command.get_option_no_throw(name);
}

std::string unknown(const CLI::App& command, const std::string& word) {
  const auto commands = commands_of(command);
  if (word.starts_with('-')) return "unknown option " + printable(word);
  if (!commands.empty()) return "unknown subcommand " + printable(word) + "; there are: " + commands;
  return "unexpected argument " + printable(word);
}

std::string reason(const CLI::App& command, const CLI::ParseError& wrong) {
  const std::string message = wrong.what();
  const auto* option = option_in(command, message);
  if (dynamic_cast<const CLI::RequiredError*>(&wrong) != nullptr) {
    if (option != nullptr) return words_of(*option) + " is required";
    return "a subcommand is required: " + commands_of(command);
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&wrong) != nullptr && option != nullptr)
    return words_of(*option) + " requires " +
           (option->get_items_expected_max() == 0 ? "no value" : "one value");
  return message;
}

}  // namespace

std::string usage_error(const CLI::App& app, const CLI::ParseError& wrong) {
  const auto given = given_command(app);
  // Of other errors, what follows is not looked at.
  const bool incomplete = dynamic_cast<const CLI::RequiredError*>(&wrong) != nullptr ||
                          dynamic_cast<const CLI::ExtrasError*>(&wrong) != nullptr;
  const auto extra = incomplete ? app.remaining(true) : std::vector<std::string>();
  return given.name + ": " +
         (extra.empty() ? reason(*given.command, wrong) : unknown(*given.command, extra.front()));
}

}  // namespace tegata::webhook
