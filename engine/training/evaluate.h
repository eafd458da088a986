// A network on trees without training it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/training/network.h"

namespace grove {

struct EvalResult {
  double loss = 0;      // mean over the examples of a tree's, or a pair's, losses (head.h)
  double accuracy = 0;  // share of labelled roots, or pairs, predicted right; NaN if there are none
  double node_accuracy = 0;  // share of all labelled nodes predicted right; NaN if there are none
  int64_t examples = 0;
  int64_t labelled = 0;
  ScoreSums scores;  // of pairs with scores
};

// What an epoch is judged by: the accuracy or, where there are scores, Pearson's r, with 0 where it
// is negative or undefined.
double Quality(double accuracy, const ScoreSums& scores);

// Evaluation goes through consecutive examples of at most so many nodes at a time (or one larger
// one): enough rows for the products, few enough for the second-level cache. Measured on lengths
// 91-100: 500 nodes lose 2 %, 300 lose 5 %, 4,800 lose a quarter; shorter trees do not mind.
inline constexpr size_t kEvalNodes = 1000;

// The end of the batch of examples that begins with example `begin`.
size_t EvaluationBatchEnd(const Forest& forest, size_t begin);

// Grows `limits` by what the functions here need to evaluate `forest`.
void IncludeEvaluation(const Forest& forest, MinibatchLimits& limits);

// Calls `after(begin, end)`, if there is one, for each batch of examples while `network` holds what
// it made of them.
using AfterBatch = std::function<void(size_t begin, size_t end)>;
EvalResult Evaluate(Network& network, const Forest& forest, const AfterBatch& after = nullptr);
// The same, or nothing if `stop` became true before the end: it is looked at before every batch.
std::optional<EvalResult> Evaluate(Network& network, const Forest& forest,
                                   const std::atomic<bool>& stop,
                                   const AfterBatch& after = nullptr);

// One example on its own: J is its loss alone, without L2.
struct ExampleEvaluation {
  int32_t example = 0;
  int32_t label = kNone;             // of the root, or of the pair
  float score = 0;                   // of a pair that has one
  std::vector<float> probabilities;  // (C) of the label or score; empty if there is no label
  float loss = 0;                    // sum over the labelled nodes, or of the pair
  // Of a tree, with gradients only:
  float grad_norm_root = 0;       // |dJ/dh| of the root
  int32_t keyword_depth = kNone;  // edges from the root; kNone: the tree has no keyword
  float grad_norm_keyword = 0;    // |dJ/dx| of the keyword's vector
};

// Calls `each` for every example of the forest, in order. Gradients are those of trees, not of
// pairs.
void EvaluateEach(Network& network, const Forest& forest, bool gradients,
                  const std::function<void(const ExampleEvaluation&)>& each);

}  // namespace grove
