// Trains one run: minibatches, epochs, early stopping, the gradient probe, observations; stops
// and resumes anywhere with the same bits. Single-threaded; knows no clock: whoever wants times
// takes them outside.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/run_spec.h"
#include "engine/training/epoch_record.h"
#include "engine/training/network.h"
#include "engine/training/observe.h"
#include "engine/trees/dataset.h"

namespace grove {

// One ratio |dJ/dx_keyword| / |dJ/dx_root| of the probe.
struct GradientRatio {
  int32_t epoch = 0;  // from 1
  int32_t depth = 0;  // edges from the root to the keyword
  float ratio = 0;
};

// Accuracies are shares in [0, 1] of trees whose root label is predicted, or of pairs whose class
// is; of pairs with scores they are Pearson's r, 0 where it is negative (Quality in evaluate.h). An
// example is a tree or a pair.
struct RunResult {
  std::vector<EpochRecord> history;  // one an epoch
  int best_epoch = 0;                // 0: the start values
  double dev_accuracy = 0;           // at best_epoch
  double train_accuracy = 0;         // at best_epoch, as in EpochRecord
  double test_accuracy = 0;          // at best_epoch
  double test_loss = 0;
  std::string weights_xxh3;           // of the weights of best_epoch
  std::vector<GradientRatio> ratios;  // empty without the probe
  // Of the dev trees, before training (epoch 0) and after every epoch; empty unless spec.observe.
  Observations observations;
};

// Called between updates.
struct TrainProgress {
  int epoch = 0;              // the current one, from 1
  int64_t trees_trained = 0;  // examples since the run began, resumed parts included
  double dev_accuracy = 0;    // of the last finished epoch
};

class Trainer {
 public:
  // `dataset` must outlive the trainer. All memory is allocated here. Throws Error if no dev tree
  // has a label at its root (epochs could not be compared), if the model cannot take the trees, or
  // if the spec is for pairs and the trees are none, or the other way round.
  Trainer(const RunSpec& spec, const Dataset& dataset);
  ~Trainer();

  // Trains until early stopping or spec.epochs. Returns false if `stop` became true first, which is
  // looked at before every minibatch, of evaluations too: then SaveState gives what a new Trainer
  // needs to go on. Throws DivergedError on a non-finite loss, and if a weight that would be kept
  // is not finite; result() then has the history and the best epoch so far.
  bool Run(const std::atomic<bool>& stop,
           const std::function<void(const TrainProgress&)>& progress = nullptr);

  // After Run returned true: the result; the parameters are then those of the best epoch.
  const RunResult& result() const;
  // What is trained. Set weights through it before Run, to start from others than Initialise gives.
  Network& network();

  // The whole state between two updates (weights, optimiser, best weights so far, order of
  // trees, counters, ratios, observations), to a file and back. LoadState throws DamagedFile
  // if the file is damaged or belongs to another run (other trees, another spec), and Error if the
  // system does not let us read it: then the state may be good, and must stay. `note` is the
  // caller's and comes back from LoadState. A state may be saved whenever Run calls `progress`.
  void SaveState(const std::string& path, const std::string& note = "") const;
  std::string LoadState(const std::string& path);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grove
