// What stands on top of a tree model: it makes losses of the states of a minibatch, and gradients
// of the losses. One head looks at labelled nodes (classifier.h), the other at pairs of trees
// (pair_head.h). A virtual call is made once a minibatch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/cells/level_model.h"
#include "engine/cells/parameters.h"
#include "engine/run_spec.h"
#include "engine/training/dropout.h"
#include "engine/training/score_sums.h"
#include "engine/trees/forest.h"
#include "engine/trees/schedule.h"

namespace grove {

// Of one minibatch, before any update.
struct MinibatchLoss {
  double loss = 0;       // sum of the weighted losses
  int32_t labelled = 0;  // labelled nodes
  int32_t correct = 0;   // of these, predicted right (lowest index wins a tie)
  int32_t roots = 0;     // labelled roots
  int32_t correct_roots = 0;
  // Of pairs, each counts as a labelled root; those with scores are here instead.
  ScoreSums scores;
};

// What a head sees of a minibatch.
struct HeadInput {
  const Parameters& parameters;
  const Schedule& schedule;
  const NodeStates& states;
};

// What a minibatch is to learn.
struct Targets {
  const Forest& forest;
  std::span<const int32_t> examples;     // of the forest, in the order of the minibatch
  std::span<const float> class_weights;  // (C), or empty: all 1
};

class Head {
 public:
  Head() = default;
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;
  virtual ~Head() = default;

  // Room for minibatches of up to so many labelled nodes and examples; allocates, the other calls
  // do not.
  virtual void Reserve(size_t labelled, size_t examples) = 0;
  // Floats that Reserve allocates.
  virtual size_t ReservedFloats(size_t labelled, size_t examples) const = 0;

  // The losses of a minibatch, whose h is seen through `dropout`.
  virtual MinibatchLoss Forward(const HeadInput& in, const Targets& targets,
                                const Dropout& dropout) = 0;

  // Of the objective (1 / mean_over) sum of the losses: adds to dh of the rows that Forward looked
  // at, and writes the gradients of the head's own weights. After Forward on the same minibatch.
  virtual void Backward(const HeadInput& in, size_t mean_over, float* gradients) = 0;

  // After Forward, until Backward: the C probabilities of the label of an example, counted from the
  // first of the minibatch; empty where it has no label.
  virtual std::span<const float> Probabilities(const Schedule& schedule, size_t example) const = 0;
  // After Forward, until Backward: those of labelled node i, in the order of the schedule, or of
  // pair i.
  virtual std::span<const float> ProbabilitiesAt(size_t i) const = 0;
  // After Forward: one for each labelled node, in the order of the schedule, or for each pair.
  virtual std::span<const float> losses() const = 0;
};

// Adds the head's blocks to `layout`, which must outlive it. `spec` must be valid.
std::unique_ptr<Head> MakeHead(const RunSpec& spec, int classes, ParameterLayout& layout);

// Of a pair with a score: what P expects it to be, the sum of score times P(score).
double ExpectedScore(std::span<const float> probabilities);

// `value` times a weight. A weight of 1 leaves all bits as they are, one of 0 leaves out even what
// is not finite.
inline float Weighted(float weight, float value) {
  if (weight == 1) return value;
  return weight == 0 ? 0 : weight * value;
}

}  // namespace grove
