// grove diff RUN RUN: what two runs were told differently, and what came of it.
#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <memory>

#include "experiments/cli/cli.h"
#include "experiments/cli/named_run.h"
#include "experiments/report/side_by_side.h"
#include "experiments/stats/numbers.h"
#include "experiments/stats/run_difference.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDigits = 4;  // of the numbers that people read

struct DiffOptions {
  std::string left, right;
};

const std::vector<std::string> kSides = {"left", "right"};

// Nothing for what is no number.
Value Shown(double value, const std::string& unit) {
  if (!std::isfinite(value)) return {};
  const bool is_large = std::abs(value) >= 1000;
  const std::string text =
      is_large ? fmt::format("{:.0f}", value) : FormatNumber(RoundDecimals(value), kDigits);
  return {Value(value), text + unit};
}

// A row of numbers, with right minus left.
void AddNumbers(const std::string& name, double left, double right, const std::string& unit,
                Table& table) {
  table.Add({name, Shown(left, unit), Shown(right, unit), Shown(right - left, unit)});
}

void AddShares(const std::string& name, double left, double right, Table& table) {
  const auto percent = [](double share, const char* unit) {
    return std::isfinite(share) ? Value(Value(share), FormatNumber(Percent(share), kDigits) + unit)
                                : Value();
  };
  table.Add({name, percent(left, " %"), percent(right, " %"), percent(right - left, " points")});
}

void AddTexts(const std::string& name, const std::string& left, const std::string& right,
              Table& table) {
  if (left.empty() && right.empty()) return;
  table.Add({name, left, right, left == right ? Value("equal") : Value("differs")});
}

Table ResultsTable(const RunRecord& left, const RunRecord& right) {
  Table table({Words("result"), Numbers("left"), Numbers("right"), Numbers("difference")});
  AddTexts("status", left.status, right.status, table);
  AddTexts("message", left.message, right.message, table);
  AddShares("test_accuracy", left.test_accuracy, right.test_accuracy, table);
  AddShares("dev_accuracy", left.dev_accuracy, right.dev_accuracy, table);
  AddShares("train_accuracy", left.train_accuracy, right.train_accuracy, table);
  AddNumbers("best_epoch", left.best_epoch, right.best_epoch, "", table);
  AddNumbers("epochs", left.epochs, right.epochs, "", table);
  AddNumbers("seconds", left.seconds, right.seconds, "", table);
  AddNumbers("trees_per_second", left.trees_per_second, right.trees_per_second, "", table);
  AddTexts("weights_xxh3", left.weights_xxh3, right.weights_xxh3, table);
  return table;
}

struct Diff {
  NamedRun left, right;
  size_t equal_settings = 0;
  std::vector<SideRow> settings = {};
  BitDifference bits = {};
  std::vector<SideRow> provenance = {};
};

Json Document(const Diff& diff) {
  Json json;
  for (const auto& [side, run] : {std::pair("left", &diff.left), std::pair("right", &diff.right)}) {
    json[side] = {{"path", run->path}, {"key", run->record->key}, {"label", run->record->Label()}};
  }
  json["settings"] = SideBySide("setting", kSides, diff.settings).Json();
  json["equal_settings"] = diff.equal_settings;
  json["results"] = ResultsTable(*diff.left.record, *diff.right.record).Json();
  json["equal_epochs"] = diff.bits.equal_epochs;
  json["differing"] = diff.bits.differing;
  json["same_curves"] = diff.bits.same_curves;
  json["same_weights"] = diff.bits.same_weights;
  json["same_bits"] = diff.bits.same_bits();
  json["provenance"] = SideBySide("made_by", kSides, diff.provenance).Json();
  return json;
}

void PrintText(const Diff& diff) {
  for (const auto& [side, run] : {std::pair("left", &diff.left), std::pair("right", &diff.right)}) {
    std::cout << fmt::format("{:<6} {}: {} ({})\n", side, run->path, run->record->key,
                             run->record->Label());
  }
  std::cout << "\n";
  if (diff.settings.empty()) {
    std::cout << fmt::format("all {} settings are equal\n", diff.equal_settings);
  } else {
    std::cout << SideBySide("setting", kSides, diff.settings).Text()
              << fmt::format("the other {} settings are equal\n", diff.equal_settings);
  }
  std::cout << "\n"
            << ResultsTable(*diff.left.record, *diff.right.record).Text()
            << ToText(diff.bits, *diff.left.record, *diff.right.record) << "\n\n";
  if (diff.provenance.empty()) {
    std::cout << "nothing that the journals say of program and machine differs\n";
  } else {
    std::cout << SideBySide("made by", kSides, diff.provenance).Text();
  }
  std::cout << std::flush;
}

int RunDiff(const DiffOptions& options, const GlobalOptions& globals) {
  Diff diff{.left = FindNamedRun(options.left), .right = FindNamedRun(options.right)};
  diff.settings = SettingDifferences(*diff.left.record, *diff.right.record, diff.equal_settings);
  diff.bits = CompareBits(*diff.left.record, *diff.right.record);
  diff.provenance = ProvenanceDifferences({{diff.left.provenance()}, {diff.right.provenance()}});
  if (globals.json) {
    std::cout << Document(diff).dump(2) << std::endl;
  } else {
    PrintText(diff);
  }
  return 0;
}

}  // namespace

void AddDiffCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand(
      "diff", "Show two runs side by side: settings that differ, results, and the first other bit");
  const auto options = std::make_shared<DiffOptions>();
  const std::string what =
      "A folder of runs, a journal or a model; of several runs one: PATH:KEY, where the beginning "
      "of the key will do, or PATH:model=rlstm,seed=1, as --only takes it";
  command->add_option("LEFT", options->left, what)->required();
  command->add_option("RIGHT", options->right, "The run to compare it with, likewise")->required();
  command->footer("Ends with 0 whether or not they differ; in --json same_bits tells.");
  command->callback([options, &globals] {
    globals.command = [options, &globals] { return RunDiff(*options, globals); };
  });
}

}  // namespace grove
