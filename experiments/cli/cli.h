// The command line: one app, one file cmd_*.cc a command.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace grove {

// Exit codes besides 0; a run stopped by a signal ends with 128 + its number.
inline constexpr int kExitFailed = 1;    // some work failed; the rest was done
inline constexpr int kExitBadInput = 2;  // nothing was done

// Given before or after the command. A command sees them parsed and applied.
struct GlobalOptions {
  std::string target;  // SIMD target to force; empty: the best
  std::string gemm;    // simd, openblas; empty: what the spec says
  bool quiet = false;  // no progress
  bool json = false;   // output for programs

  // The chosen command: set by its parse callback, called after the globals are applied. Returns
  // the exit code; throws Error for bad input.
  std::function<int()> command;
};

// Each adds its command to the app.
void AddRunCommand(CLI::App& app, GlobalOptions& globals);
void AddSlurmCommand(CLI::App& app, GlobalOptions& globals);
void AddDiffCommand(CLI::App& app, GlobalOptions& globals);
void AddReportCommand(CLI::App& app, GlobalOptions& globals);
void AddStatusCommand(CLI::App& app, GlobalOptions& globals);
void AddMergeCommand(CLI::App& app, GlobalOptions& globals);
void AddTrainCommand(CLI::App& app, GlobalOptions& globals);
void AddEvalCommand(CLI::App& app, GlobalOptions& globals);
void AddPredictCommand(CLI::App& app, GlobalOptions& globals);
void AddInspectCommand(CLI::App& app, GlobalOptions& globals);
void AddDataCommand(CLI::App& app, GlobalOptions& globals);
void AddInfoCommand(CLI::App& app, GlobalOptions& globals);
void AddCompletionCommand(CLI::App& app, GlobalOptions& globals);
void AddHelpCommand(CLI::App& app, GlobalOptions& globals);
// Adds its command to that of data.
void AddConvertCommand(CLI::App& data, GlobalOptions& globals);

std::vector<std::string> CommandNames(const CLI::App& app);

// Throws Error if OpenBLAS would start threads of its own: a run is one thread.
void CheckOpenblasThreads();

// Parses, runs, and turns every exception into one line on stderr and an exit code.
int RunCommandLine(int argc, const char* const* argv);

}  // namespace grove
