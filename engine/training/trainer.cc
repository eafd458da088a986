#include "engine/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "engine/cells/model.h"
#include "engine/error.h"
#include "engine/run_spec_fields.h"
#include "engine/training/class_weights.h"
#include "engine/training/early_stopping.h"
#include "engine/training/evaluate.h"
#include "engine/training/metrics.h"
#include "engine/training/rate_schedule.h"
#include "engine/training/trainer_state.h"
#include "engine/training/tree_order.h"

namespace grove {

namespace {

void Append(const Observations& more, Observations& all) {
  all.node_ratios.insert(all.node_ratios.end(), more.node_ratios.begin(), more.node_ratios.end());
  all.gates.insert(all.gates.end(), more.gates.begin(), more.gates.end());
}

// Early stopping compares epochs by the roots of the dev trees, or by their pairs.
void RequireDevRoots(const Forest& dev) {
  if (dev.trees_per_example == 2 && dev.examples() > 0) return;
  for (size_t t = 0; t < dev.trees(); ++t) {
    if (dev.label[static_cast<size_t>(dev.root(t))] != kNone) return;
  }
  throw Error("no dev tree has a label at its root: nothing says which epoch is the best");
}

// A head cannot make sense of examples that are not its own.
void CheckExamples(const RunSpec& spec, const Dataset& dataset) {
  const bool pairs = spec.comparison != "none", scores = spec.target == "score";
  for (const Forest* forest : {&dataset.train, &dataset.dev, &dataset.test}) {
    if (forest->trees() == 0) continue;
    if (pairs != (forest->trees_per_example == 2)) {
      throw Error("comparison = '" + spec.comparison + "': the trees are " +
                  (pairs ? "single, not pairs" : "pairs, which tai or bowman compares"));
    }
    if (pairs && scores == forest->pair_score.empty()) {
      throw Error("target = '" + spec.target + "': the pairs have " +
                  (scores ? "no scores" : "scores, not classes"));
    }
  }
}

bool AllFinite(const simd::AlignedArray<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

}  // namespace

struct Trainer::Impl {
  Impl(const RunSpec& run, const Dataset& data);

  bool TrainEpoch(const std::atomic<bool>& stop,
                  const std::function<void(const TrainProgress&)>& progress);
  void TrainUpdate();
  void TrainMinibatch(std::span<const int32_t> trees, size_t mean_over);
  void Probe();
  bool ObserveStart(const std::atomic<bool>& stop);
  bool EvaluateDev(const std::atomic<bool>& stop, EpochRecord& record);
  bool FinishEpoch(const std::atomic<bool>& stop);
  void KeepBest();
  bool Finish(const std::atomic<bool>& stop);

  RunSpec spec;
  const Dataset& dataset;
  Network network;
  TrainerState state;
  std::vector<int32_t> order;  // of the training trees in the current epoch
};

Trainer::Impl::Impl(const RunSpec& run, const Dataset& data)
    : spec(Resolve(run)), dataset(data), network(spec, data.vocabulary_size, data.classes) {
  CheckExamples(spec, data);
  RequireTrees(spec, data.train, "train");
  RequireTrees(spec, data.dev, "dev");
  RequireTrees(spec, data.test, "test");
  RequireDevRoots(data.dev);
  MinibatchLimits limits;
  limits.Include(data.train, static_cast<size_t>(spec.batch));
  // Without epochs, Finish evaluates the training trees too.
  for (const Forest* forest : {&data.train, &data.dev, &data.test}) {
    IncludeEvaluation(*forest, limits);
  }
  network.Reserve(limits);
  network.SetClassWeights(ClassWeights(spec, data.train, data.classes));
  Initialise(network.layout(), spec, network.parameters());
  order.resize(data.train.examples());
  if (spec.probe) {
    // Room for a typical run; longer ones grow it between epochs.
    state.result.ratios.reserve(data.train.trees() * 32);
  }
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

// Returns false if stopped. Of a run that goes on, the start was observed before.
bool Trainer::Impl::ObserveStart(const std::atomic<bool>& stop) {
  const Observations& before = state.result.observations;
  const bool at_start = state.epoch == 1 && state.next_tree == 0;
  if (!spec.observe || !at_start || !before.node_ratios.empty() || !before.gates.empty()) {
    return true;
  }
  std::optional<Observations> start = Observe(network, dataset.dev, 0, stop);
  if (!start) return false;
  state.result.observations = *std::move(start);
  return true;
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
      network.ForwardToTrain(dataset.train, trees, static_cast<uint32_t>(minibatch));
  if (!std::isfinite(loss.loss)) {
    throw DivergedError("the loss became non-finite in epoch " + std::to_string(state.epoch) +
                        " after " + std::to_string(state.next_tree) + " trees");
  }
  network.Backward(mean_over);
  if (spec.probe && !drops) Probe();
  state.loss_sum += loss.loss;
  state.roots += loss.roots;
  state.correct_roots += loss.correct_roots;
  state.scores.Add(loss.scores);
  state.next_tree += static_cast<int64_t>(trees.size());
}

// Returns false if stopped.
bool Trainer::Impl::EvaluateDev(const std::atomic<bool>& stop, EpochRecord& record) {
  std::optional<Metrics> metrics;
  AfterBatch after;
  if (spec.select_by == "macro_f1") {
    metrics.emplace(dataset.classes);
    after = [&](size_t begin, size_t end) { metrics->Add(network, dataset.dev, begin, end); };
  }
  const std::optional<EvalResult> dev = Evaluate(network, dataset.dev, stop, after);
  if (!dev) return false;
  record.dev_loss = dev->loss;
  record.dev_accuracy = Quality(dev->accuracy, dev->scores);
  if (spec.select_by == "node_accuracy") record.dev_node_accuracy = dev->node_accuracy;
  if (metrics) record.dev_macro_f1 = metrics->roots().MacroF1();
  return true;
}

// Returns false if stopped; the state is then that after the last update, and the epoch is to be
// finished once more.
bool Trainer::Impl::FinishEpoch(const std::atomic<bool>& stop) {
  EpochRecord record;
  if (!EvaluateDev(stop, record)) return false;
  if (!std::isfinite(record.dev_loss)) {
    throw DivergedError("the dev loss became non-finite in epoch " + std::to_string(state.epoch));
  }
  std::optional<Observations> observations = Observations();
  if (spec.observe) observations = Observe(network, dataset.dev, state.epoch, stop);
  if (!observations) return false;
  const double examples = static_cast<double>(std::max<size_t>(order.size(), 1));
  record.epoch = state.epoch;
  record.loss = state.loss_sum / examples;
  const double correct = state.roots == 0 ? 0
                                          : static_cast<double>(state.correct_roots) /
                                                static_cast<double>(state.roots);
  record.train_accuracy = Quality(correct, state.scores);
  state.result.history.push_back(record);
  if (BestEpoch(state.result.history, spec.select_by) == record.epoch) KeepBest();
  Append(*observations, state.result.observations);
  state.StartEpoch(state.epoch + 1);
  return true;
}

void Trainer::Impl::KeepBest() {
  const EpochRecord& record = state.result.history.back();
  state.result.best_epoch = record.epoch;
  state.result.dev_accuracy = record.dev_accuracy;
  state.result.train_accuracy = record.train_accuracy;
  state.best = static_cast<const ParameterState&>(network.parameters());
}

// Returns false if stopped; no training is lost, and the end is to be evaluated once more.
bool Trainer::Impl::Finish(const std::atomic<bool>& stop) {
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
    const std::optional<EvalResult> dev = Evaluate(network, dataset.dev, stop);
    const std::optional<EvalResult> train = Evaluate(network, dataset.train, stop);
    if (!dev || !train) return false;
    state.result.dev_accuracy = Quality(dev->accuracy, dev->scores);
    state.result.train_accuracy = Quality(train->accuracy, train->scores);
  }
  const std::optional<EvalResult> test = Evaluate(network, dataset.test, stop);
  if (!test) return false;
  state.result.test_accuracy = Quality(test->accuracy, test->scores);
  state.result.test_loss = test->loss;
  state.result.weights_xxh3 = WeightsHash(network.layout(), network.parameters());
  return true;
}

Trainer::Trainer(const RunSpec& spec, const Dataset& dataset)
    : impl_(std::make_unique<Impl>(spec, dataset)) {}

Trainer::~Trainer() = default;

bool Trainer::Run(const std::atomic<bool>& stop,
                  const std::function<void(const TrainProgress&)>& progress) {
  TrainerState& state = impl_->state;
  const RunSpec& spec = impl_->spec;
  if (!impl_->ObserveStart(stop)) return false;
  while (state.epoch <= spec.epochs && HasPatience(state.result.history, spec)) {
    OrderTrees(spec, state.epoch, impl_->order);
    if (!impl_->TrainEpoch(stop, progress) || !impl_->FinishEpoch(stop)) return false;
  }
  return impl_->Finish(stop);
}

const RunResult& Trainer::result() const { return impl_->state.result; }

Network& Trainer::network() { return impl_->network; }

void Trainer::SaveState(const std::string& path, const std::string& note) const {
  WriteTrainerState(path, impl_->spec, impl_->dataset, impl_->network.parameters(), impl_->state,
                    note);
}

std::string Trainer::LoadState(const std::string& path) {
  std::string note;
  ReadTrainerState(path, impl_->spec, impl_->dataset, impl_->network.parameters(), impl_->state,
                   note);
  Transpose(impl_->network.layout(), impl_->network.parameters());
  return note;
}

}  // namespace grove
