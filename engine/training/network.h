// A tree model with its classifier, word vectors and optimiser: one minibatch forward, backward and
// updated. Trainer and evaluation are loops over this.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/cells/model.h"
#include "engine/cells/parameters.h"
#include "engine/run_spec.h"
#include "engine/training/classifier.h"
#include "engine/trees/dataset.h"
#include "engine/trees/schedule.h"
#include "simd/update.h"

namespace grove {

// The largest minibatch that must fit.
struct MinibatchLimits {
  size_t nodes = 0;
  size_t inner = 0;  // nodes that are no leaves
  size_t levels = 0;
  size_t trees = 0;
  size_t labelled = 0;

  // Of any `batch` trees of `forest`; grows `limits` where these need more.
  void Include(const Forest& forest, size_t batch);
  // Of the trees [begin, end) together.
  void Include(const Forest& forest, size_t begin, size_t end);
};

class Network {
 public:
  // A valid, resolved spec. All memory is allocated here and in Reserve.
  Network(const RunSpec& spec, int vocabulary_size, int classes);
  ~Network();

  void Reserve(const MinibatchLimits& limits);

  // Word vectors -> h of all nodes -> loss, of the given trees in that order. Backward may follow
  // only what was kept for it.
  MinibatchLoss Forward(const Forest& forest, std::span<const int32_t> trees,
                        Keep keep = Keep::kForBackward);
  // The same for the trees [begin, end).
  MinibatchLoss Forward(const Forest& forest, size_t begin, size_t end, Keep keep);

  // After Forward: the gradients of J without its L2 term, of all weights and of every node's h.
  void Backward();

  // Where the model's gates stand: LevelModel::Gates.
  std::vector<GateRows> gates() const { return model_->Gates(schedule_); }

  // After Backward: |dJ/dh| of a row of schedule(). Call it before Update, which adds up the
  // gradients of repeated words.
  float GradientNorm(int32_t row) const;

  // After Backward: one step of the update rule, of all weights and of the words that occurred, L2
  // included.
  void Update();

  int dim() const { return spec_.dim; }
  const Schedule& schedule() const { return schedule_; }
  const Classifier& classifier() const { return classifier_; }
  const ParameterLayout& layout() const { return layout_; }
  Parameters& parameters() { return *parameters_; }
  const Parameters& parameters() const { return *parameters_; }
  // (size of Parameters::weights) after Backward.
  const simd::AlignedArray<float>& gradients() const { return gradients_; }
  const NodeStates& states() const { return states_; }

 private:
  void MergeRepeatedWords();
  simd::UpdateRule Rule(double l2) const;
  void UpdateWeights();
  void UpdateWords();

  RunSpec spec_;
  ParameterLayout layout_;
  std::unique_ptr<LevelModel> model_;
  Classifier classifier_;
  std::unique_ptr<Parameters> parameters_;
  simd::AlignedArray<float> gradients_;
  Scheduler scheduler_;
  Schedule schedule_;
  std::vector<int32_t> consecutive_trees_;
  simd::AlignedArray<float> h_, dh_, x_, dx_;
  NodeStates states_;
};

}  // namespace grove
