// grove data: makes, describes, checks and converts files of trees.
#include <charconv>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "engine/error.h"
#include "engine/files/bracket_writer.h"
#include "engine/files/tree_stream.h"
#include "engine/files/treebank.h"
#include "engine/tasks/task.h"
#include "engine/trees/data_stats.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/data_text.h"
#include "experiments/cli/output_files.h"
#include "experiments/cli/spec_options.h"
#include "experiments/cli/treebank_argument.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

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
  spec.Set("min_keyword_depth", std::to_string(low), "--keyword-depth");
  spec.Set("max_keyword_depth", std::to_string(high), "--keyword-depth");
}

int Generate(GenerateOptions& options, const GlobalOptions& globals) {
  SetKeywordDepth(options.keyword_depth, options.spec);
  DatasetSpec spec;
  options.spec.Apply(spec);
  const std::string path = options.out + "/";
  CheckOutputFiles({path + "train.ptb", path + "dev.ptb", path + "test.ptb"});
  const Dataset dataset = GenerateDataset(spec);
  WriteTogether({{path + "train.ptb", FormatBrackets(dataset.train, dataset.words)},
                 {path + "dev.ptb", FormatBrackets(dataset.dev, dataset.words)},
                 {path + "test.ptb", FormatBrackets(dataset.test, dataset.words)}},
                options.force);
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
  command->add_option("-o,--out", options->out, "Folder of the three files")->required();
  command->add_flag("--force", options->force, "Replace files with other contents");
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Generate(*options, globals); };
  });
}

int Stats(const TreebankArgument& file, const GlobalOptions& globals) {
  TreeStream stream(LineSource(file.path()), file.Options());
  StatsCounter counter;
  for (Forest forest; stream.ReadForest(forest);) counter.Add(forest);
  const ForestStats stats = counter.Finish();
  if (globals.json) {
    std::cout << ToJson(stats, stream.labels()).dump(2) << "\n";
  } else {
    std::cout << FormatStats(stats, stream.labels());
  }
  return 0;
}

// "2 pairs with scores"
std::string Describe(const TreebankCheck& check) {
  if (check.examples == Examples::kTrees) return std::to_string(check.trees) + " trees";
  return std::to_string(check.trees / 2) + " pairs with " +
         (check.examples == Examples::kPairs ? "labels" : "scores");
}

// What a reader does not take as it stands, and what not every model takes.
std::string Remarks(const TreebankCheck& check) {
  std::string text;
  if (check.collapsed > 0) {
    text += "; " + std::to_string(check.collapsed) + " nodes with one child collapsed";
  }
  if (check.traces > 0) text += "; " + std::to_string(check.traces) + " traces left out";
  if (check.inner_words) {
    text += "; words at nodes with children, for child_sum";
  } else if (check.most_children > 2) {
    text += "; up to " + std::to_string(check.most_children) +
            " children, for child_sum or after 'grove data convert --binarise left'";
  }
  return text;
}

Json ToJson(const TreebankCheck& check) {
  Json faults = Json::array();
  for (const TreebankFault& fault : check.faults) {
    faults.push_back({{"line", fault.place.line},
                      {"column", fault.place.column},
                      {"message", fault.message},
                      {"near", fault.near}});
  }
  Json report;
  report["format"] = check.format;
  if (check.examples != Examples::kTrees) report["pairs"] = check.trees / 2;
  report["trees"] = check.trees;
  report["collapsed"] = check.collapsed;
  report["traces"] = check.traces;
  report["most_children"] = check.most_children;
  report["inner_words"] = check.inner_words;
  report["faults"] = std::move(faults);
  report["more_faults"] = check.more_faults;
  return report;
}

int Check(const TreebankArgument& file, const GlobalOptions& globals) {
  const TreebankCheck check = CheckTreebank(file.path(), file.Options());
  if (globals.json) {
    std::cout << ToJson(check).dump(2) << "\n";
  } else if (check.faults.empty()) {
    std::cout << Describe(check) << ", no faults" << Remarks(check) << "\n";
  } else {
    for (const TreebankFault& fault : check.faults) {
      std::cout << Describe(file.path(), fault) << "\n";
    }
    if (check.more_faults > 0) std::cout << "and " << check.more_faults << " more\n";
  }
  return check.faults.empty() ? 0 : kExitBadInput;
}

void AddFileCommand(CLI::App& data, GlobalOptions& globals, const std::string& name,
                    const std::string& help,
                    int (*work)(const TreebankArgument&, const GlobalOptions&)) {
  CLI::App* command = data.add_subcommand(name, help);
  const auto file = std::make_shared<TreebankArgument>();
  file->AddTo(*command, {"min_count"});
  command->callback([&globals, file, work] {
    globals.command = [&globals, file, work] { return work(*file, globals); };
  });
}

}  // namespace

void AddDataCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* data = app.add_subcommand("data", "Make, describe, check and convert files of trees");
  data->require_subcommand(1);
  AddGenerate(*data, globals);
  AddFileCommand(*data, globals, "stats", "Lengths, depths and label counts", Stats);
  AddFileCommand(*data, globals, "check", "Print every fault as file:line:column", Check);
  AddConvertCommand(*data, globals);
}

}  // namespace grove
