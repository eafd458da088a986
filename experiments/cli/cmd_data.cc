// grove data: makes, describes and checks treebank files.
#include <charconv>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/ptb.h"
#include "engine/tasks/task.h"
#include "engine/trees/data_stats.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/data_text.h"
#include "experiments/cli/generated_data.h"
#include "experiments/cli/spec_options.h"

namespace grove {
namespace {

struct GenerateOptions {
  SpecOptions<DatasetSpec> spec;
  std::string keyword_depth;  // "3" or "3-4"; empty: any
  std::string out;
  bool force = false;
};

// "3" is the range 3-3.
void SetKeywordDepth(const std::string& text, SpecOptions<DatasetSpec>& spec) {
  if (text.empty()) return;
  unsigned low = 0, high = 0;
  const char* end = text.data() + text.size();
  auto [stop, code] = std::from_chars(text.data(), end, low);
  high = low;
  if (code == std::errc{} && stop != end && *stop == '-') {
    const auto second = std::from_chars(stop + 1, end, high);
    stop = second.ptr;
    code = second.ec;
  }
  if (code != std::errc{} || stop != end || low > high) {
    throw Error("--keyword-depth = '" + text + "': must be a depth (3) or a range (3-4)");
  }
  spec.Set("min_keyword_depth", std::to_string(low));
  spec.Set("max_keyword_depth", std::to_string(high));
}

int Generate(GenerateOptions& options, const GlobalOptions& globals) {
  SetKeywordDepth(options.keyword_depth, options.spec);
  DatasetSpec spec;
  options.spec.Apply(spec);
  CheckGeneratedData(options.out);
  const Dataset dataset = GenerateDataset(spec);
  WriteGeneratedData(options.out, dataset, options.force);
  if (!globals.quiet) {
    std::cerr << options.out << ": " << spec.train << " train, " << spec.dev << " dev, "
              << spec.test << " test trees\n";
  }
  return 0;
}

void AddGenerate(CLI::App& data, GlobalOptions& globals) {
  CLI::App* command = data.add_subcommand("generate", "Write train.ptb, dev.ptb and test.ptb");
  const auto options = std::make_shared<GenerateOptions>();
  options->spec.AddTo(*command, {"min_keyword_depth", "max_keyword_depth"});
  command
      ->add_option("--keyword-depth", options->keyword_depth,
                   "Edges from the root to the keyword: a depth or a range; default: any")
      ->type_name("DEPTH|LOW-HIGH");
  command->add_option("--out", options->out, "Folder of the three files")->required();
  command->add_flag("--force", options->force, "Replace files with other contents");
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Generate(*options, globals); };
  });
}

struct FileOptions {
  std::string path;
  int classes = 0;
  std::string target;  // of pairs: classes or score; empty: as the lines look
};

std::optional<Examples> ExamplesOf(const FileOptions& options) {
  if (options.target.empty()) return std::nullopt;
  if (options.target == "classes") return Examples::kPairs;
  if (options.classes != 0) throw Error("--classes and --target score: scores have no classes");
  return Examples::kScoredPairs;
}

int Stats(const FileOptions& options, const GlobalOptions& globals) {
  const std::string text = ReadFile(options.path);
  const std::optional<Examples> given = ExamplesOf(options);
  const PtbTrees trees = ParsePtb(text, options.path, options.classes, "",
                                  given ? *given : GuessExamples(text, options.classes));
  const ForestStats stats = ComputeStats(trees.forest);
  if (globals.json) {
    std::cout << ToJson(stats).dump(2) << "\n";
  } else {
    std::cout << FormatStats(stats);
  }
  return 0;
}

// "2 pairs with scores"
std::string Describe(const PtbCheck& check) {
  if (check.examples == Examples::kTrees) return std::to_string(check.trees) + " trees";
  return std::to_string(check.trees / 2) + " pairs with " +
         (check.examples == Examples::kPairs ? "labels" : "scores");
}

int Check(const FileOptions& options, const GlobalOptions& globals) {
  const PtbCheck check = CheckPtb(options.path, options.classes, ExamplesOf(options));
  if (globals.json) {
    nlohmann::ordered_json faults = nlohmann::ordered_json::array();
    for (const PtbFault& fault : check.faults) {
      faults.push_back(
          {{"line", fault.place.line}, {"column", fault.place.column}, {"message", fault.message}});
    }
    nlohmann::ordered_json report;
    if (check.examples != Examples::kTrees) report["pairs"] = check.trees / 2;
    report["trees"] = check.trees;
    report["faults"] = std::move(faults);
    std::cout << report.dump(2) << "\n";
  } else if (check.faults.empty()) {
    std::cout << Describe(check) << ", no faults\n";
  } else {
    for (const PtbFault& fault : check.faults) {
      std::cout << Describe(options.path, fault) << "\n";
    }
  }
  return check.faults.empty() ? 0 : kExitBadInput;
}

void AddFileCommand(CLI::App& data, GlobalOptions& globals, const std::string& name,
                    const std::string& help,
                    int (*work)(const FileOptions&, const GlobalOptions&)) {
  CLI::App* command = data.add_subcommand(name, help);
  const auto options = std::make_shared<FileOptions>();
  command->add_option("file", options->path, "Treebank file, a tree or a pair of trees a line")
      ->required();
  command->add_option("--classes", options->classes, "Labels are below this; 0: below 10")
      ->check(CLI::Range(0, kMaxClasses));
  command
      ->add_option("--target", options->target,
                   "What stands before a pair of trees: classes, or a score from 1 to 5; default: "
                   "as most lines look")
      ->check(CLI::IsMember({"classes", "score"}));
  command->callback([&globals, options, work] {
    globals.command = [&globals, options, work] { return work(*options, globals); };
  });
}

}  // namespace

void AddDataCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* data = app.add_subcommand("data", "Make, describe and check treebank files");
  data->require_subcommand(1);
  AddGenerate(*data, globals);
  AddFileCommand(*data, globals, "stats", "Lengths, depths and label counts", Stats);
  AddFileCommand(*data, globals, "check", "Print every fault as file:line:column", Check);
}

}  // namespace grove
