// grove archive DIR FILE: what a run folder holds, in one compressed file to keep.
#include <iostream>
#include <memory>
#include <string>

#include "engine/error.h"
#include "experiments/cli/cli.h"
#include "experiments/runs/piece.h"

namespace grove {
namespace {

struct ArchiveOptions {
  std::string directory;
  std::string file;
};

int Archive(const ArchiveOptions& options, const GlobalOptions& globals) {
  if (!options.file.ends_with(".jsonl.gz")) {
    throw Error(options.file + ": the name must end with .jsonl.gz");
  }
  ArchiveRuns(options.directory, options.file);
  const Piece piece = ReadPiece(options.file);
  if (globals.json) {
    const nlohmann::ordered_json object = {
        {"file", options.file}, {"runs", piece.runs.size()}, {"with_ratios", piece.ratios.size()}};
    std::cout << object.dump() << std::endl;
  } else {
    std::cout << piece.runs.size() << " runs, " << piece.ratios.size()
              << " with gradient ratios: " << options.file << std::endl;
  }
  return 0;
}

}  // namespace

void AddArchiveCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command =
      app.add_subcommand("archive", "Keep the journal and the ratios of a folder in one file");
  const auto options = std::make_shared<ArchiveOptions>();
  command->add_option("DIR", options->directory, "The --out folder of grove run")->required();
  command->add_option("FILE", options->file, "What to write (.jsonl.gz)")->required();
  command->callback([options, &globals] {
    globals.command = [options, &globals] { return Archive(*options, globals); };
  });
}

}  // namespace grove
