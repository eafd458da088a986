// grove info: what this program is and what it runs on.
#include <algorithm>
#include <iostream>
#include <string>

#include "experiments/cli/cli.h"
#include "experiments/runs/provenance.h"

namespace grove {
namespace {

// A value on one line: "AVX3, AVX2", "hwy 1.0.3, tbb 2021.8.0", "4".
std::string Line(const nlohmann::ordered_json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_structured()) return value.dump();
  std::string line;
  for (const auto& [key, item] : value.items()) {
    line += (line.empty() ? "" : ", ") + (value.is_object() ? key + " " : "") + Line(item);
  }
  return line;
}

int Info(const GlobalOptions& globals) {
  const nlohmann::ordered_json info = Provenance();
  if (globals.json) {
    std::cout << info.dump(2) << "\n";
    return 0;
  }
  for (const auto& [key, value] : info.items()) {
    std::cout << key << std::string(14 - std::min<size_t>(key.size(), 13), ' ') << Line(value)
              << "\n";
  }
  return 0;
}

}  // namespace

void AddInfoCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand("info", "Version, libraries, SIMD targets, cores");
  command->callback([&globals] { globals.command = [&globals] { return Info(globals); }; });
}

}  // namespace grove
