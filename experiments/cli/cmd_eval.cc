// grove eval: a trained network on a treebank file.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/cells/model.h"
#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/ptb_dataset.h"
#include "engine/training/evaluate.h"
#include "engine/training/network.h"
#include "experiments/cli/answers.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/trained_model.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

struct EvalOptions {
  std::string checkpoint;
  std::string data;
  std::string per_tree;  // file to write; empty: none
  bool gradients = false;
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

bool HasInnerLabels(const Forest& forest, const EvalResult& result) {
  int64_t roots = 0;
  for (size_t t = 0; t < forest.trees(); ++t) {
    if (forest.label[static_cast<size_t>(forest.root(t))] != kNone) ++roots;
  }
  return result.labelled > roots;
}

Json Summarise(const Forest& forest, const EvalResult& result) {
  if (forest.trees_per_example == 2) {
    Json json;
    if (result.scores.count > 0) {
      json["pearson"] = Number(result.scores.Pearson());
      json["mean_squared_error"] = Number(result.scores.MeanSquaredError());
    } else {
      json["accuracy"] = Number(result.accuracy);
    }
    json["loss"] = Number(result.loss);
    json["pairs"] = result.examples;
    return json;
  }
  Json json = {{"root_accuracy", Number(result.accuracy)},
               {"loss", Number(result.loss)},
               {"trees", result.examples}};
  if (HasInnerLabels(forest, result)) json["node_accuracy"] = Number(result.node_accuracy);
  return json;
}

int Eval(const EvalOptions& options, const GlobalOptions& globals) {
  if (options.gradients && options.per_tree.empty()) {
    throw Error("--gradients: needs --per-tree, the file that they go to");
  }
  if (!options.per_tree.empty()) CheckWritable(options.per_tree);
  TrainedModel model(options.checkpoint, globals);
  if (options.gradients && model.pairs()) {
    throw Error("--gradients: " + options.checkpoint + " compares pairs; they are those of trees");
  }
  const Forest forest = ReadPtbForest(options.data, model.vocabulary(), model.info().classes,
                                      model.ClassLimit(), model.examples());
  RequireTrees(model.info().spec, forest, options.data);
  Network& network = model.network();
  MinibatchLimits limits;
  IncludeEvaluation(forest, limits);
  network.Reserve(limits);

  const Json summary = Summarise(forest, Evaluate(network, forest));
  if (!options.per_tree.empty()) {
    const bool scores = model.examples() == Examples::kScoredPairs;
    std::string lines;
    EvaluateEach(network, forest, options.gradients, [&](const ExampleEvaluation& tree) {
      lines += ExampleLine(tree, scores, options.gradients);
    });
    WriteFileAtomically(options.per_tree, lines);
  }
  if (globals.json) {
    std::cout << summary.dump() << "\n";
  } else {
    for (const auto& [key, value] : summary.items()) std::cout << key << " " << value << "\n";
  }
  return 0;
}

}  // namespace

void AddEvalCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand("eval", "Evaluate a checkpoint on a treebank file");
  const auto options = std::make_shared<EvalOptions>();
  command->add_option("--checkpoint", options->checkpoint, "Model of 'grove train'")
      ->required()
      ->type_name("FILE");
  command->add_option("--data", options->data, "Trees")->required()->type_name("FILE");
  command->add_option("--per-tree", options->per_tree, "Write one JSON object a tree to this file")
      ->type_name("FILE");
  command->add_flag("--gradients", options->gradients,
                    "With --per-tree: norms of dJ/dh at the root and at the keyword");
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Eval(*options, globals); };
  });
}

}  // namespace grove
