// grove completion: the script by which a shell completes command lines.
#include <iostream>
#include <memory>
#include <string>

#include "experiments/cli/cli.h"
#include "experiments/cli/command_table.h"
#include "experiments/cli/completion.h"

namespace grove {

void AddCompletionCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand(
      "completion",
      "Print what a shell needs to complete command lines: source <(grove completion bash)");
  const auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, fish or zsh")->required();
  command->callback([&app, &globals, shell] {
    globals.command = [&app, shell] {
      std::cout << Completion(CommandTable(app), *shell);
      return 0;
    };
  });
}

}  // namespace grove
