// The head of pairs of trees in double precision (Tai, Socher & Manning 2015, section 4.2; Bowman,
// Potts & Manning 2015, section 3): the oracle of engine/training/pair_head.h. Tensors as there;
// Settings say which comparison it is.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "tests/reference/reference_model.h"

namespace grove::reference {

struct Pair {
  std::array<Tree, 2> trees;
  // What is learnt: the class or, with settings.scores, the score from 1 to C.
  size_t label = 0;
  double score = 1;
};

// A nudge of one of the two trees.
struct PairNudge {
  size_t tree = 0;
  Nudge nudge;
};

struct PairPass {
  Vector probabilities;  // (C)
  double loss = 0;

  std::unique_ptr<Tape> tape;
  std::array<std::vector<Var>, 2> h;  // of every node of each tree
  Var loss_on_tape;
};

// The forward pass of one pair. The tensors must not move or change before its Backward.
PairPass Forward(const Settings& settings, const Tensors& tensors, const Pair& pair,
                 const PairNudge& nudge = {});

// Adds dloss/dtensor to `gradients`; returns dloss/dh of every node of both trees.
std::array<std::vector<Vector>, 2> Backward(const PairPass& pass, Tensors& gradients);

// The mean loss of the pairs and its gradients, without L2.
struct PairBatch {
  double loss = 0;
  Tensors gradients;
};
PairBatch MeanOf(const Settings& settings, const Tensors& tensors, const std::vector<Pair>& pairs);

}  // namespace grove::reference
