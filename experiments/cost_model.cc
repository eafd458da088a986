#include "experiments/cost_model.h"

#include <algorithm>

#include "engine/run_spec.h"

namespace grove {
namespace {

// Rates of one core with AVX-512 or AVX2. Only their proportions matter for the order of runs.
constexpr double kMultiplyAddsPerSecond = 35e9;
constexpr double kSecondsPerNodeUnit = 1.2e-9;  // gates, gather and scatter: per node and unit of n
constexpr double kSecondsPerWeight = 0.6e-9;    // update and transpose: per weight and minibatch

// n x n matrices of a model: each is updated in every minibatch.
double Matrices(const RunSpec& run) {
  const bool own = run.leaf_weights == "own";
  if (run.model == "rnn") return own ? 4 : 2;
  return own ? 21 : 13;
}

}  // namespace

double MultiplyAddsPerTree(const RunSpec& run, double leaves) {
  const double n2 = static_cast<double>(run.dim) * run.dim;
  const double inner = std::max(leaves - 1, 0.0);
  // rnn: every node but the root goes through one matrix. rlstm: a leaf through 6 (two i, two f,
  // its side's W_c and W_o), an inner node but the root through 10, and every inner node has its
  // W_co.
  const double forward =
      run.model == "rnn" ? 2 * inner : 6 * leaves + 10 * std::max(inner - 1, 0.0) + inner;
  return 3 * forward * n2;
}

double ExpectedEpochs(const RunSpec& run, const DatasetSpec& data) {
  const double leaves = 0.5 * (data.min_length + data.max_length);
  // Nothing but the order of runs and the time left rests on these. Most rnn runs end soon, on the
  // plateau; rlstm leaves it or waits for that; the shortest sentences are improved on for longer.
  double epochs = run.model == "rnn" ? 9 : 18;
  if (leaves < 11) epochs = run.model == "rnn" ? 20 : 14;
  return std::clamp(epochs + run.patience - 5, 0.0, static_cast<double>(run.epochs));
}

double PredictSeconds(const RunSpec& run, const DatasetSpec& data) {
  const double leaves = 0.5 * (data.min_length + data.max_length);
  const double batch = std::max(Resolve(run).batch, 1);
  const double unit = static_cast<double>(run.dim) * (2 * leaves - 1);
  const double gates = run.model == "rnn" ? 1 : 6;
  const double weights = Matrices(run) * run.dim * run.dim;
  const double per_tree = MultiplyAddsPerTree(run, leaves) / kMultiplyAddsPerSecond +
                          unit * gates * kSecondsPerNodeUnit + weights / batch * kSecondsPerWeight;
  // Evaluation is the forward third, over the dev trees each epoch and the test trees once.
  const double epochs = ExpectedEpochs(run, data);
  const double trees = epochs * (data.train + data.dev / 3.0) + data.test / 3.0;
  return per_tree * trees;
}

}  // namespace grove
