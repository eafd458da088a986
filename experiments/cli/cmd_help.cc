// grove help: what --help says of a command, or its page of the manual.
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/folders.h"
#include "engine/nearest_name.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/command_table.h"
#include "experiments/cli/man_page.h"
#include "experiments/runs/provenance.h"

namespace grove {
namespace {

struct HelpOptions {
  std::vector<std::string> names;  // of a command, one inside the other
  bool man = false;
  std::string man_pages;  // folder
};

std::string PathOf(const CLI::App& app, const std::vector<std::string>& names) {
  std::string path = app.get_name();
  for (const std::string& name : names) path += " " + name;
  return path;
}

const CLI::App& Find(const CLI::App& app, const std::vector<std::string>& names) {
  const CLI::App* command = &app;
  std::string path = app.get_name();
  for (const std::string& name : names) {
    const std::vector<std::string> known = CommandNames(*command);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw Error("unknown command '" + path + " " + name + "'" + DidYouMean(name, known));
    }
    command = command->get_subcommand(name);
    path += " " + name;
  }
  return *command;
}

void WriteManPages(const CommandEntry& program, const std::string& folder) {
  MakeFolders(folder);
  for (const CommandEntry* command : AllCommands(program)) {
    const std::string path = folder + "/" + ManPageName(*command) + ".1";
    WriteFileAtomically(path, ManPage(program, *command, "grove " + Version()));
  }
}

int Help(const CLI::App& app, const HelpOptions& options) {
  const CLI::App& command = Find(app, options.names);
  const std::string path = PathOf(app, options.names);
  if (!options.man_pages.empty()) {
    WriteManPages(CommandTable(app), options.man_pages);
  } else if (options.man) {
    const CommandEntry program = CommandTable(app);
    for (const CommandEntry* entry : AllCommands(program)) {
      if (entry->path == path) std::cout << ManPage(program, *entry, "grove " + Version());
    }
  } else {
    std::cout << app.get_formatter()->make_help(&command, path, CLI::AppFormatMode::Normal);
  }
  return 0;
}

}  // namespace

void AddHelpCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand("help", "Describe a command, as its --help does");
  const auto options = std::make_shared<HelpOptions>();
  command->add_option("command", options->names,
                      "A command, or two words: data check; none: all of them");
  CLI::Option* man =
      command->add_flag("--man", options->man,
                        "Write its page of the manual instead: grove help run --man | man -l -");
  command
      ->add_option("--man-pages", options->man_pages,
                   "Write the pages of all commands into this folder")
      ->excludes(man);
  command->callback([&app, &globals, options] {
    globals.command = [&app, options] { return Help(app, *options); };
  });
}

}  // namespace grove
