#include "experiments/cli/command_table.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "engine/text.h"

namespace grove {
namespace {

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// The type of an option as its help has it: "INT:INT in [1 - 1024]", "INT in 1..4096", "a|b|c",
// "true|false [false]", where the last is what it is if it is not given.
void TakeType(std::string type, OptionEntry& entry) {
  const size_t absent = type.find(" [");
  if (absent != std::string::npos && type.ends_with(']') && type.find(" in ") > absent) {
    entry.default_value = type.substr(absent + 2, type.size() - absent - 3);
    type.resize(absent);
  }
  const size_t in = type.find(" in ");
  if (in != std::string::npos) {
    entry.range = ReplaceAll(ReplaceAll(type.substr(in + 4), " - ", " to "), "..", " to ");
    std::erase_if(entry.range, [](char c) { return c == '[' || c == ']'; });
    type.resize(in);
  }
  entry.value = type.substr(0, type.find(':'));
  if (entry.value.find('|') != std::string::npos && entry.value.find(' ') == std::string::npos) {
    entry.choices = Split(entry.value, '|');
  }
}

OptionEntry EntryOf(const CLI::Option& option) {
  OptionEntry entry;
  entry.positional = option.get_positional();
  if (entry.positional) entry.names.push_back(option.get_name(/*positional=*/true));
  for (const std::string& name : option.get_snames()) entry.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) entry.names.push_back("--" + name);
  entry.required = option.get_required();
  entry.repeats = option.get_items_expected_max() > 1;
  if (entry.positional || option.get_items_expected_max() > 0) {
    TakeType(option.get_type_name(), entry);
  }
  if (!option.get_default_str().empty()) entry.default_value = option.get_default_str();
  entry.description = option.get_description();
  entry.group = option.get_group();
  return entry;
}

CommandEntry TableOf(const CLI::App& app, const std::string& path) {
  CommandEntry command;
  command.name = app.get_name();
  command.path = path;
  command.description = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) command.options.push_back(EntryOf(*option));
  }
  for (const CLI::App* part : app.get_subcommands(nullptr)) {
    if (!part->get_name().empty()) {
      command.commands.push_back(TableOf(*part, path + " " + part->get_name()));
    }
  }
  return command;
}

void Append(const CommandEntry& command, std::vector<const CommandEntry*>& all) {
  all.push_back(&command);
  for (const CommandEntry& part : command.commands) Append(part, all);
}

}  // namespace

CommandEntry CommandTable(const CLI::App& app) { return TableOf(app, app.get_name()); }

std::vector<const CommandEntry*> AllCommands(const CommandEntry& program) {
  std::vector<const CommandEntry*> all;
  Append(program, all);
  return all;
}

}  // namespace grove
