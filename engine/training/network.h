// A tree model with its head, word vectors and optimiser: one minibatch forward, backward and
// updated. Trainer and evaluation are loops over this.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/cells/model.h"
#include "engine/cells/parameters.h"
#include "engine/run_spec.h"
#include "engine/training/dropout.h"
#include "engine/training/gradients.h"
#include "engine/training/head.h"
#include "engine/trees/dataset.h"
#include "engine/trees/schedule.h"

namespace grove {

// The largest minibatch that must fit.
struct MinibatchLimits {
  size_t nodes = 0;
  size_t inner = 0;  // nodes that are no leaves
  size_t levels = 0;
  size_t trees = 0;
  size_t examples = 0;
  size_t labelled = 0;

  // Of any `batch` examples of `forest`; grows `limits` where these need more.
  void Include(const Forest& forest, size_t batch);
  // Of the examples [begin, end) together.
  void Include(const Forest& forest, size_t begin, size_t end);
};

class Network {
 public:
  // A valid, resolved spec. All memory is allocated here and in Reserve.
  Network(const RunSpec& spec, int vocabulary_size, int classes);
  ~Network();

  // Room for minibatches within `limits`. Larger ones must not come (asserted, by the parts too).
  void Reserve(const MinibatchLimits& limits);

  // The weights of the C classes in the losses of minibatches that are trained on; none: all 1.
  void SetClassWeights(std::vector<float> weights) { class_weights_ = std::move(weights); }

  // Word vectors -> h of all nodes -> loss, of the given examples (trees, or pairs of them) in that
  // order. Backward may follow only what was kept for it.
  MinibatchLoss Forward(const Forest& forest, std::span<const int32_t> examples,
                        Keep keep = Keep::kForBackward);
  // The same for the examples [begin, end).
  MinibatchLoss Forward(const Forest& forest, size_t begin, size_t end, Keep keep);
  // The same as training sees it: with the class weights, and with the spec's dropout, which draws
  // other elements for every number of a minibatch.
  MinibatchLoss ForwardToTrain(const Forest& forest, std::span<const int32_t> examples,
                               uint32_t minibatch);

  // After Forward: the gradients of J without its L2 term, of all weights and of every node's h. J
  // is a mean over the minibatch, or over `mean_over` examples of which the minibatch is a part.
  void Backward(size_t mean_over = 0);

  // Where the model's gates stand: LevelModel::Gates.
  std::vector<GateRows> gates() const { return model_->Gates(schedule_); }

  // After Backward: |dJ/dh| of a row of schedule(). Call it before Update, which adds up the
  // gradients of repeated words.
  double GradientNorm(int32_t row) const;

  // After Backward, in place of Update: keeps the gradients to add them to those of the next
  // minibatches. For specs with accumulate > 1.
  void Accumulate();

  // After Backward: one step of the update rule, of all weights and of the words that occurred, L2
  // included, by the gradients of this minibatch and of those accumulated before it.
  void Update(double rate_factor = 1);

  int dim() const { return spec_.dim; }
  const Schedule& schedule() const { return schedule_; }
  // The row of each node of the last minibatch: Scheduler::rows.
  std::span<const int32_t> node_rows() const { return scheduler_.rows(); }
  const Head& head() const { return *head_; }
  const ParameterLayout& layout() const { return layout_; }
  Parameters& parameters() { return *parameters_; }
  const Parameters& parameters() const { return *parameters_; }
  // (size of Parameters::weights) after Backward.
  const simd::AlignedArray<float>& gradients() const { return gradients_; }
  const NodeStates& states() const { return states_; }

 private:
  void ForwardModel(const Forest& forest, std::span<const int32_t> examples, Keep keep,
                    const Dropout& words);
  void MergeRepeatedWords();
  Gradients OwnGradients();
  void UpdateWeights(const Gradients& gradients, double rate_factor);
  void UpdateWords(const Gradients& gradients, double rate_factor);

  RunSpec spec_;
  MinibatchLimits limits_;  // as reserved
  ParameterLayout layout_;
  std::unique_ptr<LevelModel> model_;
  std::unique_ptr<Head> head_;
  std::unique_ptr<Parameters> parameters_;
  simd::AlignedArray<float> gradients_;
  GradientSum sum_;  // of the minibatches before this one
  std::vector<float> class_weights_;
  Dropout word_dropout_;
  Scheduler scheduler_;
  Schedule schedule_;
  size_t examples_ = 0;  // of the last minibatch
  std::vector<int32_t> consecutive_examples_, trees_of_pairs_;
  simd::AlignedArray<float> h_, dh_, x_, dx_;
  NodeStates states_;
};

}  // namespace grove
