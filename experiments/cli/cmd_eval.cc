// grove eval: a trained network on a treebank file.
#include <cstdint>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/treebank.h"
#include "engine/files/vocabulary.h"
#include "engine/training/evaluate.h"
#include "engine/training/observe.h"
#include "experiments/cli/answers.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/evaluation.h"
#include "experiments/cli/trained_model.h"
#include "experiments/report/table.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

struct EvalOptions {
  std::string checkpoint;
  std::string data;
  std::string per_tree;  // file to write; empty: none
  std::string word;      // empty: every leaf
  std::string format = "auto";
  bool gradients = false;
  bool binary = false;
};

// One line of the per-tree file: a tree or a pair.
std::string ExampleLine(const ExampleEvaluation& tree, bool scores, bool gradients) {
  Json json;
  if (scores) {
    json["score"] = Number(tree.score);
    json["prediction"] = Number(ExpectedScore(tree.probabilities));
  } else {
    json["label"] = tree.label == kNone ? Json() : Json(tree.label);
  }
  json["probabilities"] = Json::array();
  for (float p : tree.probabilities) json["probabilities"].push_back(Number(p));
  json["loss"] = Number(tree.loss);
  if (gradients) {
    const bool keyword = tree.keyword_depth != kNone;
    json["grad_norm_root"] = Number(tree.grad_norm_root);
    json["keyword_depth"] = keyword ? Json(tree.keyword_depth) : Json();
    json["grad_norm_keyword"] = keyword ? Number(tree.grad_norm_keyword) : Json();
  }
  return json.dump() + "\n";
}

// The word whose leaves are asked for, or kNone.
int32_t ChosenWord(const EvalOptions& options, const TrainedModel& model) {
  if (options.word.empty()) return kNone;
  const int32_t word = model.vocabulary().Find(options.word);
  if (word == kNone || (word == model.vocabulary().unknown() && options.word != kUnknownWord)) {
    throw Error("--word = '" + options.word + "': " + model.path() + " does not know this word");
  }
  return word;
}

Table RatioTable(const std::vector<NodeRatioGroup>& ratios) {
  Table table({Numbers("depth"), Numbers("n", "leaves"), Numbers("above_1", "above 1"),
               Numbers("q05", "5 %"), Numbers("q25", "25 %"), Numbers("median"),
               Numbers("q75", "75 %"), Numbers("q95", "95 %"), Hidden("mean_log10")});
  for (const NodeRatioGroup& group : ratios) {
    table.Add({group.depth, group.n, group.above_1, group.q05, group.q25, group.median, group.q75,
               group.q95, group.mean_log10});
  }
  return table;
}

void Check(const EvalOptions& options) {
  if (!options.word.empty() && !options.gradients) throw Error("--word: needs --gradients");
  if (!options.per_tree.empty()) CheckWritable(options.per_tree);
}

void CheckFor(const EvalOptions& options, const TrainedModel& model) {
  if (!model.pairs()) return;
  for (const auto& [given, option] :
       {std::pair(options.gradients, "--gradients"), std::pair(options.binary, "--binary")}) {
    if (!given) continue;
    throw Error(std::string(option) + ": " + options.checkpoint +
                " compares pairs; this is for trees");
  }
}

void WritePerTree(const EvalOptions& options, const Forest& forest, TrainedModel& model) {
  const bool scores = model.examples() == Examples::kScoredPairs;
  std::string lines;
  EvaluateEach(model.network(), forest, options.gradients, [&](const ExampleEvaluation& tree) {
    lines += ExampleLine(tree, scores, options.gradients);
  });
  WriteFileAtomically(options.per_tree, lines);
}

int Eval(const EvalOptions& options, const GlobalOptions& globals) {
  Check(options);
  TrainedModel model(options.checkpoint, globals);
  CheckFor(options, model);
  const int32_t word = ChosenWord(options, model);
  TreebankOptions reading = model.Options(options.format);
  reading.targets_may_lack = false;
  const Forest forest = ReadOnce(options.data, reading).forest;
  Json summary = EvaluateModel(model, forest, {.binary = options.binary, .by_class = globals.json});
  std::optional<Table> ratios;
  if (options.gradients) ratios = RatioTable(LeafRatios(model.network(), forest, word));
  if (!options.per_tree.empty()) WritePerTree(options, forest, model);
  const WordCounts words = CountWords(forest, model.vocabulary());
  TellUnknownWords(words, globals);
  if (globals.json) {
    summary["words"] = words.words;
    summary["unknown_words"] = words.unknown;
    if (ratios) summary["leaf_ratios"] = ratios->Json();
    std::cout << summary.dump() << "\n";
    return 0;
  }
  for (const auto& [key, value] : summary.items()) std::cout << key << " " << value << "\n";
  if (ratios) {
    std::cout << "\n|dJ/dh| of "
              << (options.word.empty() ? "leaves" : "leaves with the word '" + options.word + "'")
              << " over that of the root, by depth\n"
              << ratios->Text();
  }
  return 0;
}

}  // namespace

void AddEvalCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand("eval", "Evaluate a trained model on a treebank file");
  const auto options = std::make_shared<EvalOptions>();
  command->add_option("--checkpoint,model", options->checkpoint, "Model of 'grove train'")
      ->required()
      ->type_name("FILE");
  command->add_option("--data,file", options->data, "Trees; -: standard input")
      ->required()
      ->type_name("FILE");
  AddFormatOption(*command, options->format);
  command->add_option("--per-tree", options->per_tree, "Write one JSON object a tree to this file")
      ->type_name("FILE");
  command->add_flag("--binary", options->binary,
                    "Also the lower half of the classes against the upper, without what is in the "
                    "middle; five classes always have it");
  command->add_flag("--gradients", options->gradients,
                    "|dJ/dh| of leaves over that of the root, by depth, where J is the loss of all "
                    "labelled nodes; with --per-tree also the norms at the root and the keyword");
  command->add_option("--word", options->word, "With --gradients: of the leaves with this word")
      ->type_name("WORD");
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Eval(*options, globals); };
  });
}

}  // namespace grove
