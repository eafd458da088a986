// grove info: what this program is and what it runs on.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

#include "engine/cells/model.h"
#include "experiments/cli/cli.h"
#include "experiments/report/template.h"
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
  nlohmann::ordered_json info = Provenance();
  for (const ModelEntry& model : Models()) {
    info["models"].push_back(
        {{"name", model.name}, {"batch", model.default_batch}, {"summary", model.summary}});
  }
  if (globals.json) {
    std::cout << info.dump(2) << "\n";
    return 0;
  }
  for (const auto& [key, value] : info.items()) {
    if (key == "models") continue;
    std::cout << key << std::string(14 - std::min<size_t>(key.size(), 13), ' ') << Line(value)
              << "\n";
  }
  std::cout << "\nmodels, and how many trees a minibatch of each has\n";
  for (const ModelEntry& model : Models()) {
    std::cout << fmt::format("  {:<12}{:>4}  {}\n", model.name, model.default_batch, model.summary);
  }
  return 0;
}

int PrintSchema() {
  std::cout << PageFile("journal.schema.json");
  return 0;
}

}  // namespace

void AddInfoCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand("info", "Version, libraries, SIMD targets, cores, models");
  const auto schema = std::make_shared<bool>(false);
  command->add_flag("--schema", *schema,
                    "Print what a line of a journal may hold, and what it means, as a JSON Schema "
                    "(draft 2020-12), and nothing else");
  command->callback([schema, &globals] {
    globals.command = [schema, &globals] { return *schema ? PrintSchema() : Info(globals); };
  });
}

}  // namespace grove
