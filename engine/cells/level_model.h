// A tree network of any cell (engine/cells/cell.h): how a minibatch goes through it level by level,
// forward and backward. Matrices that multiply the same rows stand side by side in one block, so
// that a level takes one product for all of them.
#pragma once

#include <string>
#include <vector>

#include "engine/cells/cell.h"
#include "engine/cells/cell_blocks.h"
#include "engine/cells/linear.h"
#include "engine/cells/parameters.h"
#include "engine/cells/product_parts.h"
#include "engine/trees/schedule.h"
#include "simd/aligned.h"

namespace grove {

// The state of every row of the minibatch, and its gradient; leaves are rows [0, leaves). A row
// begins with h (n floats). One more row than the minibatch has nodes stands for missing children.
// x and dx are the word vectors and their gradients, by row: the same as h and dh unless the model
// has_words().
struct NodeStates {
  Rows h;      // (rows + 1, state_width())
  Rows dh;     // the same: dJ/dh
  Rows x, dx;  // (rows, w)
};

// What forward leaves behind: what backward needs, or nothing but h.
enum class Keep { kForBackward, kNothing };

// One gate: a row for every inner node P of the minibatch, the first at row `leaves` of the
// schedule, or a row for every child if it is of kEachChild; n elements in (0, 1).
struct GateRows {
  GateOf gate;
  Rows rows;
};

// One instance serves one run: it owns the activations that forward leaves for backward.
class LevelModel {
 public:
  // Adds the cell's blocks to `layout`, which the caller finishes and which must outlive the model.
  LevelModel(CellTable cell, ParameterLayout& layout);

  const CellTable& cell() const { return cell_; }
  // Floats of a node's row in NodeStates.
  int state_width() const { return static_cast<int>(state_width_); }
  // Whether word vectors have rows of their own.
  bool has_words() const { return !words_[kLeaves].empty(); }
  // Floats that Reserve allocates for so many nodes and leaves.
  size_t ReservedFloats(size_t rows, size_t leaves) const;
  ScheduleNeeds needs() const { return needs_; }

  // Makes room for minibatches of up to `rows` nodes, of which up to `rows` - `leaves` are inner
  // nodes; allocates, the other calls do not. Forward asserts that the minibatch is no larger.
  void Reserve(size_t rows, size_t leaves);

  // From the word vectors in the rows of x: h of all rows that the model computes.
  void Forward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
               Keep keep);

  // From dh of the labelled rows (what their own losses give; zero in root rows without a label,
  // and in every row if schedule.labels_inside or cell().adds_to_dh): dh of all rows, dx, and the
  // gradient of all of the model's weights, written into its blocks of `gradients` (shape of
  // Parameters::weights).
  void Backward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
                float* gradients);

  // Where the gates stand between Forward (that keeps them for Backward) and Backward, which
  // overwrites some. For the schedule of that Forward.
  std::vector<GateRows> Gates(const Schedule& schedule) const;

 private:
  // The parts of a kind of rows, in the order in which they are multiplied.
  enum Kind : size_t { kLeaves, kInner, kKinds };
  // A part whose gradient is written, or added to what earlier ones wrote.
  struct WeightPart {
    ProductPart part;
    Write write = Write::kReplace;
  };
  // Of the node itself: whether something is there already that it adds to.
  struct NodePart {
    ProductPart part;
    bool after_words = false;   // if words gave something to these rows
    bool after_others = false;  // always
  };

  const BlockInfo& Block(int index) const { return layout_.blocks()[static_cast<size_t>(index)]; }
  BlockPart PartOf(const ProductPart& part) const {
    return BlockPart(Block(part.block), part.input, part.inputs).Outputs(part.output, part.outputs);
  }
  const std::vector<ProductPart>& Children(size_t level) const {
    return children_[level == 0 ? kLeaves : kInner];
  }
  void AddParts(const CellBlock& block);
  void OrderWeightGradients();
  bool HasRoomFor(const Schedule& schedule) const;
  int32_t FirstComputed(const Schedule& schedule) const {
    return cell_.leaf_is_cell ? 0 : schedule.leaves;
  }
  Rows RowsOf(RowArray array, bool gradients, const NodeStates& states, int32_t row,
              const Schedule& schedule) const;
  simd::Level View(const Schedule& schedule, size_t level, const NodeStates& states) const;
  void SetActivations(Rows activations, simd::Level& view) const;
  void ForwardWords(const Parameters& parameters, const Schedule& schedule,
                    const NodeStates& states);
  void BackwardWords(const Parameters& parameters, const Schedule& schedule,
                     const NodeStates& states);
  void ForwardStages(const Parameters& parameters, const simd::Level& view,
                     const NodeStates& states);
  void BackwardStages(const Parameters& parameters, const simd::Level& view,
                      const NodeStates& states);
  void Project(const Parameters& parameters, const Schedule& schedule, size_t level,
               const NodeStates& states);
  void BackProject(const Parameters& parameters, const Schedule& schedule, size_t level,
                   const NodeStates& states);
  void WeightGradients(const Schedule& schedule, const NodeStates& states, float* gradients);

  const CellTable cell_;
  const ParameterLayout& layout_;
  ScheduleNeeds needs_;
  size_t state_width_ = 0, h_width_ = 0;
  size_t projection_stride_ = 0, sum_stride_ = 0, activation_stride_ = 0;
  bool has_output_ = false;    // whether something follows the cell (engine/cells/output.h)
  size_t out_ = 0, dout_ = 0;  // columns of the activations
  int bias_ = 0;               // block of all biases
  int bias_count_ = 0;
  std::vector<ProductPart> children_[kKinds], words_[kKinds];
  std::vector<NodePart> node_;
  // The parts of children_ and words_ once more, cut where a gradient has been written before: the
  // first to come writes, the others add.
  std::vector<WeightPart> child_weights_[kKinds], word_weights_[kKinds];
  bool one_part_a_row_ = false;  // every child's row goes through one part, which has all of dh
  RowRanges leaf_rows_, inner_rows_, no_rows_;  // of the minibatch; kept so that nothing allocates

  size_t most_rows_ = 0, most_computed_ = 0;  // as reserved
  simd::AlignedArray<float> projections_storage_, sums_storage_, activations_storage_;
  Rows projections_;         // of all rows, and one for missing children; then their gradients
  Rows sums_, activations_;  // of the rows that are computed
};

}  // namespace grove
