#include "experiments/cli/evaluation.h"

#include <utility>

#include "engine/training/evaluate.h"
#include "engine/training/metrics.h"
#include "experiments/cli/answers.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

// A matrix of more classes than this is no longer looked at.
constexpr int kMostShown = 1000;

// Rows gold, columns predicted.
Json ConfusionJson(const Confusion& confusion) {
  Json rows = Json::array();
  for (int gold = 0; gold < confusion.classes(); ++gold) {
    Json row = Json::array();
    for (int predicted = 0; predicted < confusion.classes(); ++predicted) {
      row.push_back(confusion.Count(gold, predicted));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// The figures of a kind of nodes that only programs read.
void AddByClass(const Confusion& confusion, const std::string& prefix, Json& json) {
  Json f1 = Json::array();
  for (int c = 0; c < confusion.classes(); ++c) f1.push_back(Number(confusion.F1(c)));
  json[prefix + "f1"] = std::move(f1);
  if (confusion.classes() <= kMostShown) json[prefix + "confusion"] = ConfusionJson(confusion);
}

Json SummarisePairs(const EvalResult& result, const Metrics& metrics) {
  Json json;
  if (result.scores.count > 0) {
    json["pearson"] = Number(result.scores.Pearson());
    json["mean_squared_error"] = Number(result.scores.MeanSquaredError());
  } else {
    json["accuracy"] = Number(result.accuracy);
    json["macro_f1"] = Number(metrics.roots().MacroF1());
  }
  json["loss"] = Number(result.loss);
  json["pairs"] = result.examples;
  return json;
}

Json SummariseTrees(const EvalResult& result, const Metrics& metrics, bool binary) {
  Json json = {{"root_accuracy", Number(result.accuracy)},
               {"loss", Number(result.loss)},
               {"trees", result.examples},
               {"macro_f1", Number(metrics.roots().MacroF1())}};
  if (metrics.nodes().total() > metrics.roots().total()) {
    json["node_accuracy"] = Number(result.node_accuracy);
    json["node_macro_f1"] = Number(metrics.nodes().MacroF1());
  }
  if (binary) {
    json["binary_accuracy"] = Number(metrics.binary().Accuracy());
    json["binary_trees"] = metrics.binary().total();
  }
  return json;
}

}  // namespace

nlohmann::ordered_json EvaluateModel(TrainedModel& model, const Forest& forest,
                                     const EvaluationOptions& options) {
  Network& network = model.network();
  MinibatchLimits limits;
  IncludeEvaluation(forest, limits);
  network.Reserve(limits);
  const int classes = model.info().classes;
  Metrics metrics(classes);
  const EvalResult result = Evaluate(
      network, forest, [&](size_t begin, size_t end) { metrics.Add(network, forest, begin, end); });
  Json json = model.pairs() ? SummarisePairs(result, metrics)
                            : SummariseTrees(result, metrics, options.binary || classes == 5);
  if (!options.by_class || result.scores.count > 0) return json;
  AddByClass(metrics.roots(), "", json);
  if (metrics.nodes().total() > metrics.roots().total()) {
    AddByClass(metrics.nodes(), "node_", json);
  }
  return json;
}

}  // namespace grove
