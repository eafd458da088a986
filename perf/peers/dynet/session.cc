#include "perf/peers/dynet/session.h"

#include <algorithm>
#include <ctime>

namespace grove::peers {
namespace {

using dynet::Expression;

double ProcessorSeconds() {
  timespec now = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

Session::Session(const std::string& trees, const Checkpoint& start)
    : settings_(start.spec),
      weights_(settings_, start.tensors),
      cell_(MakeCell(settings_, weights_)),
      softmax_(weights_.Stack({"softmax.W"})),
      softmax_bias_(weights_.Stack({"softmax.b"})),
      trees_(ReadTreebank(trees, start.vocabulary)) {}

void Session::AddTree(const Tree& tree, dynet::ComputationGraph& graph, Targets& targets) {
  states_.clear();
  for (const Node& node : tree) {
    if (node.word == kNone) {
      const auto left = static_cast<size_t>(node.left), right = static_cast<size_t>(node.right);
      states_.push_back(cell_->Inner(states_[left], states_[right]));
    } else {
      states_.push_back(
          cell_->Leaf(lookup(graph, weights_.words(), static_cast<unsigned>(node.word))));
    }
    if (node.label == kNone) continue;
    targets.h.push_back(states_.back().h);
    targets.labels.push_back(static_cast<unsigned>(node.label));
  }
  if (tree.back().label != kNone) targets.roots.push_back(targets.labels.size() - 1);
}

Outcome Session::TrainMinibatch() {
  Outcome outcome;
  const size_t begin = next_;
  outcome.trees = std::min<size_t>(settings_.batch, trees_.size() - begin);
  next_ = (begin + outcome.trees) % trees_.size();

  dynet::ComputationGraph graph;
  cell_->Begin(graph);
  Targets targets;
  for (size_t t = begin; t < begin + outcome.trees; ++t) AddTree(trees_[t], graph, targets);
  const Expression logits =
      dynet::affine_transform({parameter(graph, softmax_bias_), parameter(graph, softmax_),
                               concatenate_to_batch(targets.h)});
  const Expression losses = sum_batches(pickneglogsoftmax(logits, targets.labels));
  const Expression objective = losses * (1 / static_cast<float>(outcome.trees));
  graph.forward(objective);
  outcome.loss = static_cast<double>(as_scalar(losses.value()));
  const std::vector<float> scores = as_vector(logits.value());
  const size_t classes = scores.size() / targets.labels.size();
  for (const size_t root : targets.roots) {
    const float* row = scores.data() + root * classes;
    const auto best = static_cast<size_t>(std::max_element(row, row + classes) - row);
    if (best == targets.labels[root]) ++outcome.right_answers;
  }
  graph.backward(objective);
  weights_.Update();
  return outcome;
}

Outcome Session::Epoch() {
  Outcome sum;
  while (sum.trees < trees_.size()) {
    const Outcome more = TrainMinibatch();
    sum.trees += more.trees;
    sum.loss += more.loss;
    sum.right_answers += more.right_answers;
  }
  return sum;
}

double Session::TreesPerSecond(double seconds) {
  if (!warm_) {
    const double end = ProcessorSeconds() + seconds;
    while (ProcessorSeconds() < end) TrainMinibatch();
    warm_ = true;
  }
  size_t trees = 0;
  const double begin = ProcessorSeconds();
  double now = begin;
  while (now < begin + seconds) {
    trees += TrainMinibatch().trees;
    now = ProcessorSeconds();
  }
  return static_cast<double>(trees) / (now - begin);
}

}  // namespace grove::peers
