#include "experiments/plan/cost_model.h"

#include <algorithm>
#include <memory>

#include "engine/cells/model.h"
#include "engine/cells/operations.h"
#include "engine/run_spec.h"

namespace grove {
namespace {

// Fitted to the 100 runs of experiment 1 on one core (AVX-512): within 7 % of every dataset and
// model. Only their proportions matter for the order of runs.
constexpr double kMultiplyAddsPerSecond = 55e9;
constexpr double kSecondsPerNodeUnit = 1.4e-9;  // all but products: per node and unit of n
constexpr double kSecondsPerWeight = 0.6e-9;    // update: per weight and minibatch
constexpr double kSecondsPerLeaf = 100e-9;      // to draw a tree, a leaf
constexpr double kDrawsForDepth = 10;           // until a keyword's depth is an allowed one

// Elements of a model's matrices: each is updated in every minibatch.
double Weights(const RunSpec& run) {
  ParameterLayout layout;
  const std::unique_ptr<LevelModel> model = MakeModel(run, layout);
  double weights = 0;
  for (const TensorInfo& tensor : layout.tensors()) {
    if (!tensor.is_bias) weights += static_cast<double>(tensor.out) * tensor.in;
  }
  return weights;
}

}  // namespace

double MultiplyAddsPerTree(const RunSpec& run, double leaves) {
  return 3 * MultiplyAddsOfTree(MakeCell(run), leaves);
}

double ExpectedEpochs(const RunSpec& run, const DatasetSpec& data) {
  const double leaves = 0.5 * (data.min_length + data.max_length);
  // Means of the same runs. rnn ends soon on the plateau, but improves slowly on the shortest
  // sentences.
  const double epochs = run.model != "rnn" ? 8.5 + 0.04 * leaves : leaves < 11 ? 43 : 9;
  return std::clamp(epochs + run.patience - 5, 0.0, static_cast<double>(run.epochs));
}

double PredictSeconds(const RunSpec& run, const DatasetSpec& data) {
  return PredictSeconds(run, data, ExpectedEpochs(run, data));
}

double PredictSeconds(const RunSpec& run, const DatasetSpec& data, double epochs) {
  const double leaves = 0.5 * (data.min_length + data.max_length);
  const double batch = std::max(Resolve(run).batch, 1);
  const double unit = static_cast<double>(run.dim) * (2 * leaves - 1);
  const double per_tree =
      MultiplyAddsPerTree(run, leaves) / kMultiplyAddsPerSecond + unit * kSecondsPerNodeUnit;
  const double per_example =
      TreesPerExample(run) * per_tree + Weights(run) / batch * kSecondsPerWeight;
  // Evaluation is the forward third, over the dev examples each epoch and the test examples once.
  const double examples = epochs * (data.train + data.dev / 3.0) + data.test / 3.0;
  return per_example * examples;
}

double PredictBuildSeconds(const DatasetSpec& data) {
  const double trees = static_cast<double>(data.train) + data.dev + data.test;
  const double leaves = 0.5 * (data.min_length + data.max_length);
  const bool any_depth = data.min_keyword_depth == 0 && data.max_keyword_depth < 0;
  return trees * leaves * kSecondsPerLeaf * (any_depth ? 1 : kDrawsForDepth);
}

}  // namespace grove
