// The commands and options of the program as plain data: what manual and completions are made of.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace grove {

struct OptionEntry {
  std::vector<std::string> names;  // -o, --out; of a positional its one name
  bool positional = false;         // then it has no dashes
  bool required = false;
  bool repeats = false;              // takes any number of values
  std::string value;                 // what stands for its value: TEXT, I/N; empty: it takes none
  std::vector<std::string> choices;  // all of its values, where they are few
  std::string range;                 // of its value: "1 to 1024"; empty: not said
  std::string default_value;
  std::string description;
  std::string group;  // its heading
};

struct CommandEntry {
  std::string name;  // of the innermost: "check" of `grove data check`
  std::string path;  // "grove data check"
  std::string description;
  std::vector<OptionEntry> options;  // in the order of its help
  std::vector<CommandEntry> commands;
};

// Of the app, which is the program: its commands and theirs.
CommandEntry CommandTable(const CLI::App& app);

// All of them, the program first, each before its own.
std::vector<const CommandEntry*> AllCommands(const CommandEntry& program);

}  // namespace grove
