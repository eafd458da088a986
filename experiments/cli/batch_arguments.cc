#include "experiments/cli/batch_arguments.h"

#include <CLI/CLI.hpp>

namespace grove {
namespace {

constexpr char kGroup[] = "Failures";

}  // namespace

void AddStateOption(CLI::App& command, StateRhythm& states) {
  command
      .add_option("--state-every", states.seconds,
                  "Seconds between two states of a run, from which it goes on if its process dies; "
                  "longer where that would take more than --state-share; 0: after every minibatch")
      ->check(CLI::Range(0.0, 1e6))
      ->type_name("SECONDS")
      ->capture_default_str()
      ->group(kGroup);
  command
      .add_option_function<double>(
          "--state-share", [&states](const double& percent) { states.most_share = percent / 100; },
          "Percent of the time that the writing of states may take at most (default: 1)")
      ->check(CLI::Range(0.001, 100.0))
      ->type_name("PERCENT")
      ->group(kGroup);
}

void AddFailureOptions(CLI::App& command, BatchOptions& options) {
  AddStateOption(command, options.states);
  command
      .add_flag("--fail-fast", options.fail_fast,
                "Stop at the first run that fails; without it the others go on")
      ->group(kGroup);
  command
      .add_option("--retry", options.retries,
                  "How often a run that fails is tried again, after 1, 2, 4, ... seconds")
      ->check(CLI::Range(0, 1000))
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  command
      .add_option("--max-run-seconds", options.max_seconds,
                  "A run that takes longer fails; its state stays (default: no limit)")
      ->check(CLI::Range(1.0, 1e9))
      ->type_name("SECONDS")
      ->group(kGroup);
  command
      .add_option_function<double>(
          "--max-run-memory",
          [&options](const double& megabytes) {
            options.max_bytes = static_cast<uint64_t>(megabytes * 1e6);
          },
          "A run that needs more, its data included, fails before it starts (default: no limit)")
      ->check(CLI::Range(1.0, 1e9))
      ->type_name("MB")
      ->group(kGroup);
}

std::vector<std::string> GivenFailureOptions(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group() != kGroup || option->count() == 0) continue;
    words.push_back(option->get_name());
    const bool is_flag = option->get_expected_min() == 0;
    if (!is_flag) words.push_back(option->results().front());
  }
  return words;
}

}  // namespace grove
