#include "experiments/cli/cli.h"

#include <algorithm>
#include <exception>
#include <iostream>
#include <vector>

#include "engine/cells/gemm.h"
#include "engine/error.h"
#include "engine/nearest_name.h"
#include "engine/run_spec_fields.h"
#include "engine/target.h"
#include "experiments/cli/standard_streams.h"
#include "experiments/runs/provenance.h"

namespace grove {
namespace {

void AddGlobals(CLI::App& app, GlobalOptions& globals) {
  app.set_version_flag("--version", "grove " + Version());
  app.add_option("--target", globals.target, "Force a SIMD target (see 'grove info')");
  app.add_option("--gemm", globals.gemm, "Matrix product: simd or openblas (default: the spec's)")
      ->check([](const std::string& name) {
        return name == "simd" || name == "openblas" ? "" : "must be simd or openblas";
      });
  app.add_flag("-q,--quiet", globals.quiet, "No progress");
  app.add_flag("--json", globals.json, "Output for programs");
}

void ApplyGlobals(const GlobalOptions& globals) {
  if (!globals.target.empty() && !ForceTarget(globals.target)) {
    throw Error("--target " + globals.target + ": this machine runs only " +
                Join(SupportedTargets()));
  }
  if (globals.gemm == "openblas") CheckOpenblasThreads();
}

// The command whose options the user was typing: the innermost parsed one.
const CLI::App& CurrentCommand(const CLI::App& app) {
  const CLI::App* current = &app;
  while (!current->get_subcommands().empty()) current = current->get_subcommands().back();
  return *current;
}

std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// What is wrong with a command line that did not parse, in one line.
std::string UsageMessage(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& current = CurrentCommand(app);
  const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
  const std::string help = " (see '" + current.get_display_name() + " --help')";
  if (unknown.empty()) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) &&
        current.get_require_subcommand_min() > 0 && current.get_subcommands().empty()) {
      return "a command is needed: " + Join(CommandNames(current));
    }
    return error.what() + help;
  }
  const std::string& word = unknown.front();
  if (word.size() > 1 && word[0] == '-') {
    const std::string name = word.substr(0, word.find('='));
    std::vector<std::string> names = OptionNames(current);
    if (&current != &app) {
      for (const std::string& global : OptionNames(app)) names.push_back(global);
    }
    return "unknown option '" + name + "'" + DidYouMeanSetting(name, names);
  }
  if (!CommandNames(current).empty()) {
    return "unknown command '" + word + "'" + DidYouMean(word, CommandNames(current));
  }
  return "unexpected argument '" + word + "'" + help;
}

int Fail(int code, const std::string& message) {
  std::cerr << "grove: " << message << std::endl;
  return code;
}

int ParseAndRun(int argc, const char* const* argv) {
  CLI::App app("Trains tree-structured neural networks, many runs at a time", "grove");
  GlobalOptions globals;
  AddGlobals(app, globals);
  AddRunCommand(app, globals);
  AddStatusCommand(app, globals);
  AddMergeCommand(app, globals);
  AddSlurmCommand(app, globals);
  AddReportCommand(app, globals);
  AddDiffCommand(app, globals);
  AddTrainCommand(app, globals);
  AddEvalCommand(app, globals);
  AddPredictCommand(app, globals);
  AddInspectCommand(app, globals);
  AddDataCommand(app, globals);
  AddInfoCommand(app, globals);
  AddCompletionCommand(app, globals);
  AddHelpCommand(app, globals);
  app.require_subcommand(1);
  for (CLI::App* command : app.get_subcommands(nullptr)) {
    command->fallthrough();
    for (CLI::App* part : command->get_subcommands(nullptr)) part->fallthrough();
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return Fail(kExitBadInput, UsageMessage(app, error));
  }
  try {
    ApplyGlobals(globals);
    return globals.command();
  } catch (const Error& error) {
    return Fail(kExitBadInput, error.what());
  } catch (const std::exception& error) {
    return Fail(kExitFailed, error.what());
  }
}

}  // namespace

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

void CheckOpenblasThreads() {
  const int threads = OpenblasThreads();
  if (threads == 1) return;
  throw Error("gemm = 'openblas': OpenBLAS would start " + std::to_string(threads) +
              " threads; install its serial build or set OPENBLAS_NUM_THREADS=1");
}

int RunCommandLine(int argc, const char* const* argv) {
  CheckedOutput output;
  const int code = ParseAndRun(argc, argv);
  const std::string lost = output.Finish();
  if (lost.empty()) return code;
  return Fail(code == 0 ? kExitFailed : code, "standard output: " + lost);
}

}  // namespace grove
