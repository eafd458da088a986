#include "experiments/cli/completion.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error.h"
#include "engine/nearest_name.h"
#include "engine/text.h"

namespace grove {
namespace {

// Between the single quotes of a shell.
std::string Quoted(const std::string& text) { return "'" + ReplaceAll(text, "'", "'\\''") + "'"; }

std::string Joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::vector<std::string> CommandNames(const CommandEntry& command) {
  std::vector<std::string> names;
  for (const CommandEntry& part : command.commands) names.push_back(part.name);
  return names;
}

// Those of the command, and of the program, which go everywhere.
std::vector<const OptionEntry*> OptionsOf(const CommandEntry& program,
                                          const CommandEntry& command) {
  std::vector<const OptionEntry*> options;
  const auto add = [&](const CommandEntry& from) {
    for (const OptionEntry& option : from.options) {
      const bool again = std::any_of(options.begin(), options.end(), [&](const OptionEntry* other) {
        return other->names == option.names;
      });
      if (!option.positional && !again) options.push_back(&option);
    }
  };
  add(command);
  add(program);
  return options;
}

// What stands behind "grove": "" of the program, "data check".
std::string Rest(const CommandEntry& program, const CommandEntry& command) {
  return command.path == program.path ? "" : command.path.substr(program.path.size() + 1);
}

// Words after the program's name say which command it is; then the word before decides.
std::string Bash(const CommandEntry& program) {
  std::string find, values, words;
  for (const CommandEntry* command : AllCommands(program)) {
    const std::string path = Rest(program, *command);
    for (const CommandEntry& part : command->commands) {
      find += fmt::format("      {}) command={} ;;\n", Quoted(path + "/" + part.name),
                          Quoted(Rest(program, part)));
    }
    std::vector<std::string> names;
    for (const OptionEntry* option : OptionsOf(program, *command)) {
      names.insert(names.end(), option->names.begin(), option->names.end());
      if (option->choices.empty()) continue;
      std::string patterns;
      for (const std::string& name : option->names) {
        patterns += (patterns.empty() ? "" : "|") + Quoted(path + "/" + name);
      }
      values += fmt::format("    {}) words={} ;;\n", patterns, Quoted(Joined(option->choices)));
    }
    words += fmt::format("    {}/-*) words={} ;;\n", Quoted(path), Quoted(Joined(names)));
    if (!command->commands.empty()) {
      words += fmt::format("    {}/*) words={} ;;\n", Quoted(path),
                           Quoted(Joined(CommandNames(*command))));
    }
  }
  return fmt::format(R"(# Completes command lines of grove in bash, made by `grove completion bash`.
_grove() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  # --option=value comes as three words.
  if [ "$current" = = ]; then
    current=''
  elif [ "$previous" = = ]; then
    previous=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  local command='' word words=''
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD - 1}}"; do
    case $command/$word in
{}    esac
  done
  case $command/$previous in
{}  esac
  [ -n "$words" ] || case $command/$current in
{}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -o bashdefault -o default -F _grove grove
)",
                     find, values, words);
}

// Of an entry "name:what it is" and of an option "--name[what it is]" zsh takes these as its own.
std::string ZshText(const std::string& text) {
  return ReplaceAll(ReplaceAll(ReplaceAll(text, "[", "\\["), "]", "\\]"), ":", "\\:");
}

std::string ZshFunction(const CommandEntry& program, const CommandEntry& command) {
  const auto name = [](const CommandEntry& of) { return "_" + ReplaceAll(of.path, " ", "_"); };
  std::string arguments;
  for (const OptionEntry* option : OptionsOf(program, command)) {
    for (const std::string& option_name : option->names) {
      std::string value;
      if (!option->value.empty()) {
        value = option->choices.empty() ? ":" + ZshText(option->value) + ":_files"
                                        : ":value:(" + Joined(option->choices) + ")";
      }
      arguments += " \\\n    " +
                   Quoted("*" + option_name + "[" + ZshText(option->description) + "]" + value);
    }
  }
  if (command.commands.empty()) {
    return fmt::format("{}() {{\n  _arguments -S{} \\\n    '*:file:_files'\n}}\n", name(command),
                       arguments);
  }
  std::string entries, cases;
  for (const CommandEntry& part : command.commands) {
    entries += "\n        " + Quoted(ZshText(part.name) + ":" + part.description);
    cases += fmt::format("        {}) {} ;;\n", part.name, name(part));
  }
  return fmt::format(R"({}() {{
  local context state state_descr line
  typeset -A opt_args
  _arguments -C -S{} \
    '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a commands=({}
      )
      _describe command commands
      ;;
    rest)
      case $line[1] in
{}      esac
      ;;
  esac
}}
)",
                     name(command), arguments, entries, cases);
}

std::string Zsh(const CommandEntry& program) {
  std::string script =
      "#compdef grove\n# Completes command lines of grove in zsh, made by `grove completion "
      "zsh`.\n";
  for (const CommandEntry* command : AllCommands(program)) {
    script += "\n" + ZshFunction(program, *command);
  }
  return script + "\n_grove \"$@\"\n";
}

// A line for each word that may come, with the words before which it may.
std::string Fish(const CommandEntry& program) {
  std::string script =
      "# Completes command lines of grove in fish, made by `grove completion fish`.\n";
  for (const CommandEntry* command : AllCommands(program)) {
    const std::string path = Rest(program, *command);
    std::string seen;
    for (size_t begin = 0; begin < path.size();) {
      const size_t end = std::min(path.find(' ', begin), path.size());
      seen += (seen.empty() ? "" : "; and ") + std::string("__fish_seen_subcommand_from ") +
              path.substr(begin, end - begin);
      begin = end + 1;
    }
    const std::string names = Joined(CommandNames(*command));
    std::string here = seen;
    if (!names.empty()) {
      here += (seen.empty() ? "" : "; and ") + ("not __fish_seen_subcommand_from " + names);
    }
    for (const CommandEntry& part : command->commands) {
      script += fmt::format("complete -c grove -f -n {} -a {} -d {}\n", Quoted(here), part.name,
                            Quoted(part.description));
    }
    for (const OptionEntry& option : command->options) {
      if (option.positional) continue;
      std::string line = "complete -c grove";
      if (!seen.empty()) line += " -n " + Quoted(seen);
      for (const std::string& name : option.names) {
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!option.value.empty()) line += option.choices.empty() ? " -r" : " -x";
      if (!option.choices.empty()) line += " -a " + Quoted(Joined(option.choices));
      script += line + " -d " + Quoted(option.description) + "\n";
    }
  }
  return script;
}

}  // namespace

std::vector<std::string> CompletionShells() { return {"bash", "fish", "zsh"}; }

std::string Completion(const CommandEntry& program, std::string_view shell) {
  if (shell == "bash") return Bash(program);
  if (shell == "fish") return Fish(program);
  if (shell == "zsh") return Zsh(program);
  throw Error("no completion for '" + std::string(shell) + "': must be " +
              Join(CompletionShells()));
}

}  // namespace grove
