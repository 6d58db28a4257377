// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/subcommands.h"

#include <algorithm>

namespace tegata::webhook::cli {
namespace {

std::string in_single_quotes(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

std::vector<std::string> option_names(const CommandWords& command) {
  std::vector<std::string> names;
  for (const auto& option : command.options)
    names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

/// Names of options that take a path, as the alternatives of a shell `case`.
std::string path_options(const std::vector<CommandWords>& commands) {
  std::vector<std::string> names;
  for (const auto& command : commands)
    for (const auto& option : command.options)
      if (option.follows == Follows::Path)
        names.insert(names.end(), option.names.begin(), option.names.end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string alternatives;
  for (const auto& name : names) alternatives += (alternatives.empty() ? "" : "|") + name;
  return alternatives;
}

/// The shell code that sets `words` to what may follow the command in `path`.
std::string shell_function_body(const std::vector<CommandWords>& commands) {
  std::string body = "  case \"$path\" in\n";
  for (const auto& command : commands) {
    auto words = command.commands;
    const auto options = option_names(command);
    words.insert(words.end(), options.begin(), options.end());
    body += "    " + in_single_quotes(command.path) + ") words=" + in_single_quotes(joined(words)) + " ;;\n";
  }
  return body + "  esac\n";
}

std::string command_words(const std::vector<CommandWords>& commands) {
  std::string alternatives;
  for (const auto& command : commands)
    if (!command.path.empty())
      alternatives += (alternatives.empty() ? "" : "|") + in_single_quotes(command.path);
  return alternatives;
}

std::string bash_script(const std::vector<CommandWords>& commands) {
  return "# bash completion for tegata: source <(tegata completion bash)\n"
         "_tegata() {\n"
         "  local word path='' words='' current=\"${COMP_WORDS[COMP_CWORD]}\"\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"${path:+$path }$word\" in\n"
         "      " +
         command_words(commands) +
         ") path=\"${path:+$path }$word\" ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"${COMP_WORDS[COMP_CWORD-1]}\" in\n"
         "    " +
         path_options(commands) +
         ") COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n"
         "  esac\n" +
         shell_function_body(commands) +
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o filenames -o bashdefault -F _tegata tegata\n";
}

std::string zsh_script(const std::vector<CommandWords>& commands) {
  return "#compdef tegata\n"
         "# zsh completion for tegata: source <(tegata completion zsh)\n"
         "_tegata() {\n"
         "  local word path='' words_text='' before=\"${words[CURRENT-1]}\"\n"
         "  for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
         "    case \"${path:+$path }$word\" in\n"
         "      " +
         command_words(commands) +
         ") path=\"${path:+$path }$word\" ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$before\" in\n"
         "    " +
         path_options(commands) +
         ") _files; return ;;\n"
         "  esac\n" +
         [&] {
           auto body = shell_function_body(commands);
           for (std::size_t at = 0; (at = body.find(" words=", at)) != std::string::npos; at += 12)
             body.replace(at, 7, " words_text=");
           return body;
         }() +
         "  compadd -- ${=words_text} || _files\n"
         "}\n"
         "compdef _tegata tegata\n";
}

std::string fish_script(const std::vector<CommandWords>& commands) {
  std::string script = "# fish completion for tegata: tegata completion fish | source\n";
  for (const auto& command : commands) {
    const auto condition = command.path.empty() ? std::string("__fish_use_subcommand")
                                                : "__fish_seen_subcommand_from " +
                                                      command.path.substr(command.path.rfind(' ') + 1);
    for (const auto& word : command.commands)
      script += "complete -c tegata -n " + in_single_quotes(condition) + " -f -a " + word + "\n";
    for (const auto& option : command.options) {
      script += "complete -c tegata -n " + in_single_quotes(condition);
      for (const auto& name : option.names)
        script += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (option.follows == Follows::Path) script += " -r -F";
      if (option.follows == Follows::Word) script += " -x";
      script += " -d " + in_single_quotes(option.help) + "\n";
    }
  }
  return script;
}

}  // namespace

std::optional<std::string> completion_script(const std::string& shell,
                                             const std::vector<CommandWords>& commands) {
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  return std::nullopt;
}

}  // namespace tegata::webhook::cli
