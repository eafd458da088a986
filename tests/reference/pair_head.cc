#include "tests/reference/pair_head.h"

#include <cmath>
#include <stdexcept>

#include "tests/reference/cell.h"

namespace grove::reference {
namespace {

Var Compare(const Settings& settings, const Weights& w, Var left, Var right) {
  if (settings.comparison == "tai") {
    return Sigmoid(w("compare.W_product", left * right) +
                   w("compare.W_distance", Abs(left - right)) + w("compare.b"));
  }
  if (settings.comparison == "bowman") {
    return Activation("tanh",
                      w("compare.W_left", left) + w("compare.W_right", right) + w("compare.b"));
  }
  throw std::invalid_argument("no comparison '" + settings.comparison + "'");
}

// p of Tai et al. 2015, equation 15; classes from 0.
Vector TargetDistribution(const Settings& settings, const Pair& pair) {
  Vector p(settings.classes);
  if (!settings.scores) {
    p[pair.label] = 1;
    return p;
  }
  const double floor = std::floor(pair.score);
  for (size_t i = 1; i <= p.size(); ++i) {
    const auto score = static_cast<double>(i);
    if (score == floor + 1) p[i - 1] = pair.score - floor;
    if (score == floor) p[i - 1] = floor - pair.score + 1;
  }
  return p;
}

}  // namespace

PairPass Forward(const Settings& settings, const Tensors& tensors, const Pair& pair,
                 const PairNudge& nudge) {
  PairPass pass;
  pass.tape = std::make_unique<Tape>(tensors);
  const Weights w(settings, *pass.tape);
  for (size_t side = 0; side < 2; ++side) {
    const Nudge own = nudge.tree == side ? nudge.nudge : Nudge{};
    for (const NodeOutput& node : Nodes(settings, *pass.tape, pair.trees[side], own)) {
      pass.h[side].push_back(node.h);
    }
  }
  const Var hidden = Compare(settings, w, pass.h[0].back(), pass.h[1].back());
  const Var z = w("softmax.W", hidden) + w("softmax.b");
  pass.probabilities = Softmax(pass.tape->Value(z));
  const Vector p = TargetDistribution(settings, pair);
  // KL(p || P) = sum of p (log p - log P)
  for (size_t c = 0; c < p.size(); ++c) {
    if (p[c] == 0) continue;
    pass.loss_on_tape = pass.loss_on_tape + Scale(p[c], NegativeLogSoftmax(z, c)) +
                        pass.tape->Constant({p[c] * std::log(p[c])});
  }
  pass.loss = pass.tape->Value(pass.loss_on_tape)[0];
  return pass;
}

std::array<std::vector<Vector>, 2> Backward(const PairPass& pass, Tensors& gradients) {
  pass.tape->Backward(pass.loss_on_tape, gradients);
  std::array<std::vector<Vector>, 2> dh;
  for (size_t side = 0; side < 2; ++side) {
    for (const Var h : pass.h[side]) dh[side].push_back(pass.tape->Gradient(h));
  }
  return dh;
}

PairBatch MeanOf(const Settings& settings, const Tensors& tensors, const std::vector<Pair>& pairs) {
  PairBatch batch;
  for (const auto& [name, values] : tensors) batch.gradients[name].assign(values.size(), 0);
  const auto count = static_cast<double>(pairs.size());
  for (const Pair& pair : pairs) {
    const PairPass pass = Forward(settings, tensors, pair);
    batch.loss += pass.loss / count;
    Backward(pass, batch.gradients);
  }
  for (auto& [name, values] : batch.gradients) {
    for (double& value : values) value /= count;
  }
  return batch;
}

}  // namespace grove::reference
