// grove merge: the journals of several folders as those of one.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "experiments/cli/cli.h"
#include "experiments/runs/merge.h"

namespace grove {
namespace {

struct MergeOptions {
  std::string out;
  std::vector<std::string> folders;
};

int Merge(const MergeOptions& options, const GlobalOptions& globals) {
  const MergeCounts counts = MergeRuns(options.out, options.folders, [](const std::string& line) {
    std::cerr << "grove: " << line << "; left out\n";
  });
  if (globals.json) {
    const nlohmann::ordered_json object = {
        {"out", options.out},      {"journals", counts.journals}, {"runs", counts.runs},
        {"again", counts.again},   {"not_done", counts.not_done}, {"models", counts.models},
        {"states", counts.states}, {"damaged", counts.damaged}};
    std::cout << object.dump() << std::endl;
  } else {
    std::cout << fmt::format("{} runs of {} journals in {}", counts.runs, counts.journals,
                             options.out);
    if (counts.not_done > 0) std::cout << ", " << counts.not_done << " of them failed";
    if (counts.models > 0) std::cout << "; " << counts.models << " models";
    if (counts.states > 0) std::cout << "; " << counts.states << " states";
    if (counts.damaged > 0) std::cout << "; " << counts.damaged << " damaged and left out";
    std::cout << std::endl;
  }
  return counts.damaged > 0 ? kExitFailed : 0;
}

}  // namespace

void AddMergeCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command =
      app.add_subcommand("merge", "Make one folder of the runs of several, of shards for instance");
  const auto options = std::make_shared<MergeOptions>();
  command
      ->add_option("OUT", options->out,
                   "Folder of runs to make or to add to; what it has already stays")
      ->required();
  command->add_option("DIR", options->folders, "Folders of runs: every journal in them is read")
      ->required();
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Merge(*options, globals); };
  });
}

}  // namespace grove
