#include "engine/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "engine/cells/model.h"
#include "engine/error.h"
#include "engine/random.h"
#include "engine/run_spec_fields.h"
#include "engine/training/evaluate.h"
#include "engine/training/rate_schedule.h"
#include "engine/training/trainer_state.h"

namespace grove {

namespace {

void Append(const Observations& more, Observations& all) {
  all.node_ratios.insert(all.node_ratios.end(), more.node_ratios.begin(), more.node_ratios.end());
  all.gates.insert(all.gates.end(), more.gates.begin(), more.gates.end());
}

bool AllFinite(const simd::AlignedArray<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

}  // namespace

struct Trainer::Impl {
  Impl(const RunSpec& run, const Dataset& data);

  void OrderTrees();
  bool TrainEpoch(const std::atomic<bool>& stop,
                  const std::function<void(const TrainProgress&)>& progress);
  void TrainUpdate();
  void TrainMinibatch(std::span<const int32_t> trees, size_t mean_over);
  void Probe();
  void ObserveStart();
  void FinishEpoch();
  void KeepBest();
  bool HasPatience() const;
  void Finish();

  RunSpec spec;
  const Dataset& dataset;
  Network network;
  TrainerState state;
  std::vector<int32_t> order;  // of the training trees in the current epoch
};

Trainer::Impl::Impl(const RunSpec& run, const Dataset& data)
    : spec(Resolve(run)), dataset(data), network(spec, data.vocabulary_size, data.classes) {
  RequireTrees(spec, data.train, "train");
  RequireTrees(spec, data.dev, "dev");
  RequireTrees(spec, data.test, "test");
  MinibatchLimits limits;
  limits.Include(data.train, static_cast<size_t>(spec.batch));
  // Without epochs, Finish evaluates the training trees too.
  for (const Forest* forest : {&data.train, &data.dev, &data.test}) {
    IncludeEvaluation(*forest, limits);
  }
  network.Reserve(limits);
  Initialise(network.layout(), spec, network.parameters());
  order.resize(data.train.trees());
  state.result.dev_accuracy = -1;  // so that any epoch is better
  if (spec.probe) {
    // Room for a typical run; longer ones grow it between epochs.
    state.result.ratios.reserve(data.train.trees() * 32);
  }
}

// The order of an epoch depends on the seed and the epoch alone, so that a resumed run finds it
// again.
void Trainer::Impl::OrderTrees() {
  std::iota(order.begin(), order.end(), 0);
  if (spec.shuffle == "none") return;
  const int item = spec.shuffle == "once" ? 1 : state.epoch;
  RandomStream stream(spec.seed, Purpose::kShuffle, static_cast<uint32_t>(item));
  stream.Shuffle(std::span<int32_t>(order));
}

void Trainer::Impl::Probe() {
  const Schedule& schedule = network.schedule();
  for (size_t b = 0; b < schedule.root_row.size(); ++b) {
    if (schedule.keyword_row[b] == kNone) continue;
    const auto ratio = static_cast<float>(network.GradientNorm(schedule.keyword_row[b]) /
                                          network.GradientNorm(schedule.root_row[b]));
    state.result.ratios.push_back({state.epoch, schedule.keyword_depth[b], ratio});
  }
}

// Of a run that goes on, the start was observed before.
void Trainer::Impl::ObserveStart() {
  const Observations& before = state.result.observations;
  const bool at_start = state.epoch == 1 && state.next_tree == 0;
  if (!spec.observe || !at_start || !before.node_ratios.empty() || !before.gates.empty()) return;
  state.result.observations = Observe(network, dataset.dev, 0);
}

// Returns false if stopped; then the state says where.
bool Trainer::Impl::TrainEpoch(const std::atomic<bool>& stop,
                               const std::function<void(const TrainProgress&)>& progress) {
  while (state.next_tree < static_cast<int64_t>(order.size())) {
    if (stop.load(std::memory_order_relaxed)) return false;
    TrainUpdate();
    if (progress) {
      progress({.epoch = state.epoch,
                .trees_trained =
                    (state.epoch - 1) * static_cast<int64_t>(order.size()) + state.next_tree,
                .dev_accuracy =
                    state.result.history.empty() ? 0 : state.result.history.back().dev_accuracy});
    }
  }
  return true;
}

void Trainer::Impl::TrainUpdate() {
  const size_t batch = static_cast<size_t>(spec.batch);
  const size_t begin = static_cast<size_t>(state.next_tree);
  const size_t end = std::min(begin + batch * static_cast<size_t>(spec.accumulate), order.size());
  for (size_t at = begin; at < end; at += batch) {
    if (at > begin) network.Accumulate();  // the minibatch before this one
    TrainMinibatch({order.data() + at, std::min(batch, end - at)}, end - begin);
  }
  const auto epochs_at = [&](size_t tree) {
    return state.epoch - 1 + static_cast<double>(tree) / static_cast<double>(order.size());
  };
  network.Update(RateFactor(spec, epochs_at(begin), epochs_at(end)));
}

// Forward and backward, of trees that are part of an update by `mean_over` trees.
void Trainer::Impl::TrainMinibatch(std::span<const int32_t> trees, size_t mean_over) {
  const size_t batch = static_cast<size_t>(spec.batch);
  const bool drops = spec.dropout_words > 0 || spec.dropout_head > 0;
  if (spec.probe && drops) {  // what is dropped must not show in the ratios: a pass of their own
    network.Forward(dataset.train, trees);
    network.Backward(mean_over);
    Probe();
  }
  const size_t minibatches = (order.size() + batch - 1) / batch;
  const size_t minibatch = static_cast<size_t>(state.epoch - 1) * minibatches +
                           static_cast<size_t>(state.next_tree) / batch;
  const MinibatchLoss loss =
      network.ForwardWithDropout(dataset.train, trees, static_cast<uint32_t>(minibatch));
  if (!std::isfinite(loss.loss)) {
    throw DivergedError("the loss became non-finite in epoch " + std::to_string(state.epoch) +
                        " after " + std::to_string(state.next_tree) + " trees");
  }
  network.Backward(mean_over);
  if (spec.probe && !drops) Probe();
  state.loss_sum += loss.loss;
  state.roots += loss.roots;
  state.correct_roots += loss.correct_roots;
  state.next_tree += static_cast<int64_t>(trees.size());
}

void Trainer::Impl::FinishEpoch() {
  const EvalResult dev = Evaluate(network, dataset.dev);
  if (!std::isfinite(dev.loss)) {
    throw DivergedError("the dev loss became non-finite in epoch " + std::to_string(state.epoch));
  }
  const double trees = static_cast<double>(std::max<size_t>(order.size(), 1));
  EpochRecord record;
  record.epoch = state.epoch;
  record.loss = state.loss_sum / trees;
  record.train_accuracy = state.roots == 0 ? 0
                                           : static_cast<double>(state.correct_roots) /
                                                 static_cast<double>(state.roots);
  record.dev_loss = dev.loss;
  record.dev_accuracy = dev.accuracy;
  state.result.history.push_back(record);
  if (record.dev_accuracy > state.result.dev_accuracy) KeepBest();
  if (spec.observe) Append(Observe(network, dataset.dev, state.epoch), state.result.observations);
  state.StartEpoch(state.epoch + 1);
}

void Trainer::Impl::KeepBest() {
  const EpochRecord& record = state.result.history.back();
  state.result.best_epoch = record.epoch;
  state.result.dev_accuracy = record.dev_accuracy;
  state.result.train_accuracy = record.train_accuracy;
  state.best = static_cast<const ParameterState&>(network.parameters());
}

// Whether fewer than spec.patience epochs, the last ones, brought no better dev accuracy.
bool Trainer::Impl::HasPatience() const {
  if (spec.patience_against == "best") {
    return state.epoch - 1 - state.result.best_epoch < spec.patience;
  }
  const std::vector<EpochRecord>& history = state.result.history;
  int in_vain = 0;
  for (size_t i = history.size(); i-- > 1; ++in_vain) {
    if (history[i].dev_accuracy > history[i - 1].dev_accuracy) break;
  }
  return in_vain < spec.patience;
}

void Trainer::Impl::Finish() {
  if (state.result.best_epoch > 0) {
    Parameters& parameters = network.parameters();
    static_cast<ParameterState&>(parameters) = state.best;
    // An evaluation does not see the vectors of words that its trees do not have.
    if (!AllFinite(parameters.weights) || !AllFinite(parameters.words)) {
      throw DivergedError("a weight became non-finite in epoch " +
                          std::to_string(state.result.best_epoch));
    }
    Transpose(network.layout(), parameters);
  } else {  // no epoch was trained: the start values
    state.result.dev_accuracy = Evaluate(network, dataset.dev).accuracy;
    state.result.train_accuracy = Evaluate(network, dataset.train).accuracy;
  }
  const EvalResult test = Evaluate(network, dataset.test);
  state.result.test_accuracy = test.accuracy;
  state.result.test_loss = test.loss;
  state.result.weights_xxh3 = WeightsHash(network.layout(), network.parameters());
}

Trainer::Trainer(const RunSpec& spec, const Dataset& dataset)
    : impl_(std::make_unique<Impl>(spec, dataset)) {}

Trainer::~Trainer() = default;

bool Trainer::Run(const std::atomic<bool>& stop,
                  const std::function<void(const TrainProgress&)>& progress) {
  TrainerState& state = impl_->state;
  const RunSpec& spec = impl_->spec;
  impl_->ObserveStart();
  while (state.epoch <= spec.epochs && impl_->HasPatience()) {
    impl_->OrderTrees();
    if (!impl_->TrainEpoch(stop, progress)) return false;
    impl_->FinishEpoch();
  }
  impl_->Finish();
  return true;
}

const RunResult& Trainer::result() const { return impl_->state.result; }

Network& Trainer::network() { return impl_->network; }

void Trainer::SaveState(const std::string& path) const {
  WriteTrainerState(path, impl_->spec, impl_->dataset, impl_->network.parameters(), impl_->state);
}

void Trainer::LoadState(const std::string& path) {
  ReadTrainerState(path, impl_->spec, impl_->dataset, impl_->network.parameters(), impl_->state);
  Transpose(impl_->network.layout(), impl_->network.parameters());
}

}  // namespace grove
