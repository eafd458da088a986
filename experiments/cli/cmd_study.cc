// grove study DIR: the published study, from the journals kept beside it.
#include <iostream>
#include <memory>
#include <string>

#include "experiments/cli/cli.h"
#include "experiments/report/study.h"

namespace grove {
namespace {

struct StudyOptions {
  std::string results;
};

int RunStudy(const StudyOptions& options, const GlobalOptions& globals) {
  const Study study = ComputeStudy(options.results);
  const std::vector<std::string> paths = WriteStudy(study, options.results);
  const int claims = static_cast<int>(study.all.claims.size());
  if (globals.json) {
    const nlohmann::ordered_json object = {{"claims", claims},
                                           {"held", study.all.held()},
                                           {"failing", study.all.Failing()},
                                           {"files", paths}};
    std::cout << object.dump(1) << std::endl;
  } else {
    std::cout << study.all.held() << " of " << claims << " claims hold: " << options.results
              << "/README.md" << std::endl;
  }
  return 0;
}

}  // namespace

void AddStudyCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand(
      "study", "Weigh the variants of the paper: tables and README.md from DIR/journals");
  const auto options = std::make_shared<StudyOptions>();
  command->add_option("DIR", options->results, "Folder with journals/, made by grove archive")
      ->required();
  command->callback([options, &globals] {
    globals.command = [options, &globals] { return RunStudy(*options, globals); };
  });
}

}  // namespace grove
