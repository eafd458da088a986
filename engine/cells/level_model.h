// A tree network of any cell (engine/cells/cell.h): how a minibatch goes through it level by level,
// forward and backward. Matrices that multiply the same rows stand side by side in one block, so
// that a level takes one product for all of them.
#pragma once

#include <string>
#include <vector>

#include "engine/cells/cell.h"
#include "engine/cells/linear.h"
#include "engine/cells/parameters.h"
#include "engine/trees/schedule.h"
#include "simd/aligned.h"

namespace grove {

// The state of every row of the minibatch, and its gradient; leaves are rows [0, leaves). A row
// begins with h (n floats).
struct NodeStates {
  Rows h;   // (rows, state_width())
  Rows dh;  // the same: dJ/dh
};

// What forward leaves behind: what backward needs, or nothing but h.
enum class Keep { kForBackward, kNothing };

// The activations of one gate: a row for every inner node P of the minibatch, the first at row
// `leaves` of the schedule; n elements in (0, 1).
struct GateRows {
  GateOf gate;
  Rows rows;
};

// Products of consecutive rows of a level with a part of a block.
struct ProductPart {
  Who who = Who::kNode;
  bool beside_inner = false;  // only of children with an inner node for a sibling
  size_t stage = 0;           // of kNode
  int block = 0;
  int input = 0, inputs = 0, output = 0, outputs = 0;  // which part of it (BlockPart)
  size_t x = 0;  // column in the state of the part's first input
  size_t z = 0;  // column in projections or activations of the block's first output
};

// One instance serves one run: it owns the activations that forward leaves for backward.
class LevelModel {
 public:
  // Adds the cell's blocks to `layout`, which the caller finishes and which must outlive the model.
  LevelModel(CellTable cell, ParameterLayout& layout);

  // Floats of a node's row in NodeStates.
  int state_width() const { return state_width_; }
  // Floats that Reserve allocates for so many nodes and leaves.
  size_t ReservedFloats(size_t rows, size_t leaves) const;

  // Makes room for minibatches of up to so many nodes and inner nodes beyond so few leaves;
  // allocates, the other calls do not.
  void Reserve(size_t rows, size_t leaves);

  // From the word vectors in the leaf rows of h: h of all inner rows.
  void Forward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
               Keep keep);

  // From dh of the labelled rows (what their own losses give; zero in root rows without a label,
  // and in every row if schedule.labels_inside): dh of all rows and the gradient of all of the
  // model's weights, written into its blocks of `gradients` (shape of Parameters::weights).
  void Backward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
                float* gradients);

  // Where the gates stand between Forward (that keeps them for Backward) and Backward, which
  // overwrites some; the places stay the same until Reserve.
  std::vector<GateRows> Gates() const;

 private:
  // The parts of a kind of rows, in the order in which they are multiplied.
  enum Kind : size_t { kLeaves, kInner, kKinds };

  const BlockInfo& Block(int index) const { return layout_.blocks()[static_cast<size_t>(index)]; }
  BlockPart PartOf(const ProductPart& part) const {
    return BlockPart(Block(part.block), part.input, part.inputs).Outputs(part.output, part.outputs);
  }
  const std::vector<ProductPart>& Children(size_t level) const {
    return children_[level == 0 ? kLeaves : kInner];
  }
  LevelView View(const Schedule& schedule, size_t level, const NodeStates& states) const;
  void Project(const Parameters& parameters, const Schedule& schedule, size_t level,
               const NodeStates& states);
  void BackProject(const Parameters& parameters, const Schedule& schedule, size_t level,
                   const NodeStates& states);
  void WeightGradients(const Schedule& schedule, const NodeStates& states, float* gradients);

  const CellTable cell_;
  const ParameterLayout& layout_;
  int state_width_ = 0;
  size_t projection_stride_ = 0, activation_stride_ = 0;
  int bias_ = 0;  // block of all biases
  int bias_count_ = 0;
  std::vector<ProductPart> children_[kKinds];
  std::vector<ProductPart> node_;
  // The parts of children_ once more, cut where a gradient has been written before (leaves that
  // share their weights): the first to come writes, the others add.
  struct WeightPart {
    ProductPart part;
    Write write = Write::kReplace;
  };
  std::vector<WeightPart> weights_[kKinds];
  bool one_part_a_row_ = false;  // every child's row goes through one part, which has all of dh

  simd::AlignedArray<float> projections_storage_, activations_storage_;
  Rows projections_;  // of all rows; then their gradients
  Rows activations_;  // of inner rows
};

}  // namespace grove
