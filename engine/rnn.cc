#include "engine/rnn.h"

#include <algorithm>

#include "simd/aligned.h"
#include "simd/rnn_cell.h"

namespace grove {
namespace {

class Rnn : public TreeModel {
 public:
  Rnn(const RunSpec& spec, ParameterLayout& layout);

  int state_width() const override { return static_cast<int>(n_); }
  void Reserve(size_t rows, size_t leaves) override;
  void Forward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
               Keep keep) override;
  void Backward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
                float* gradients) override;

 private:
  const BlockInfo& Block(int index) const { return layout_.blocks()[static_cast<size_t>(index)]; }
  // The blocks of the matrices that act on the nodes of a level.
  const BlockInfo& Left(size_t level) const { return Block(level == 0 ? leaf_left_ : left_); }
  const BlockInfo& Right(size_t level) const { return Block(level == 0 ? leaf_right_ : right_); }
  simd::RnnLevel Level(const Schedule& schedule, size_t level, const NodeStates& states);

  const ParameterLayout& layout_;
  const GemmBackend gemm_;
  const simd::Activation g_;
  const size_t n_;
  int left_, right_, leaf_left_, leaf_right_, bias_;  // blocks
  simd::AlignedArray<float> projections_storage_;
  Rows projections_;  // (rows, n): W1 x of left children, W2 y of right ones; then their gradients
};

Rnn::Rnn(const RunSpec& spec, ParameterLayout& layout)
    : layout_(layout),
      gemm_(ParseGemmBackend(spec.gemm)),
      g_(ParseActivation(spec.activation)),
      n_(static_cast<size_t>(spec.dim)) {
  const int n = spec.dim;
  const double range = InitRange(spec.init_fan_cell, n);
  const auto matrix = [&](const char* name) {
    const int block = layout.AddBlock(name, n);
    layout.AddTensor(block, name, n, range);
    return block;
  };
  left_ = matrix("W1");
  right_ = matrix("W2");
  const bool own = spec.leaf_weights == "own";
  leaf_left_ = own ? matrix("leaf.W1") : left_;
  leaf_right_ = own ? matrix("leaf.W2") : right_;
  bias_ = layout.AddBlock("b", 1);
  layout.AddBias(bias_, "b", n);
}

void Rnn::Reserve(size_t rows, size_t /*leaves*/) {
  projections_storage_.Resize(rows * simd::PadRow(n_));
  projections_ = {projections_storage_.data(), simd::PadRow(n_)};
}

simd::RnnLevel Rnn::Level(const Schedule& schedule, size_t level, const NodeStates& states) {
  const LevelRows& rows = schedule.levels[level];
  const size_t inner = static_cast<size_t>(rows.begin - schedule.leaves);
  return {.n = n_,
          .rows = static_cast<size_t>(rows.end - rows.begin),
          .left = schedule.left.data() + inner,
          .right = schedule.right.data() + inner,
          .projections = projections_.data,
          .projection_stride = projections_.stride,
          .h = states.h.From(rows.begin).data,
          .h_stride = states.h.stride};
}

void Rnn::Forward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
                  Keep /*keep*/) {
  const float* bias = parameters.weights.data() + Block(bias_).offset;
  for (size_t l = 0; l < schedule.levels.size(); ++l) {
    const LevelRows& rows = schedule.levels[l];
    // p = g(W1 x + W2 y + b)
    if (l > 0) simd::RnnForward(g_, Level(schedule, l, states), bias);
    // What the parents of this level's nodes will add up.
    grove::Forward(gemm_, parameters, Left(l), states.h.From(rows.begin),
                   rows.right_begin - rows.begin, projections_.From(rows.begin), Write::kReplace);
    grove::Forward(gemm_, parameters, Right(l), states.h.From(rows.right_begin),
                   rows.root_begin - rows.right_begin, projections_.From(rows.right_begin),
                   Write::kReplace);
  }
}

void Rnn::Backward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
                   float* gradients) {
  float* dbias = gradients + Block(bias_).offset;
  std::fill_n(dbias, n_, 0.0f);
  const Write write = schedule.labels_inside ? Write::kAdd : Write::kReplace;
  for (size_t l = schedule.levels.size(); l-- > 0;) {
    const LevelRows& rows = schedule.levels[l];
    BackwardInput(gemm_, parameters, Right(l), projections_.From(rows.right_begin),
                  rows.root_begin - rows.right_begin, states.dh.From(rows.right_begin), write);
    BackwardInput(gemm_, parameters, Left(l), projections_.From(rows.begin),
                  rows.right_begin - rows.begin, states.dh.From(rows.begin), write);
    if (l > 0) {
      simd::RnnBackward(g_, Level(schedule, l, states), states.dh.From(rows.begin).data, dbias);
    }
  }
  // dW = sum over the nodes of dz x'
  if (leaf_left_ != left_) {
    BackwardWeights(gemm_, Block(leaf_left_), states.h, projections_, schedule.left_leaves,
                    gradients);
    BackwardWeights(gemm_, Block(leaf_right_), states.h, projections_, schedule.right_leaves,
                    gradients);
    const Rows h = states.h.From(schedule.leaves);
    const Rows dz = projections_.From(schedule.leaves);
    BackwardWeights(gemm_, Block(left_), h, dz, schedule.left_inner, gradients);
    BackwardWeights(gemm_, Block(right_), h, dz, schedule.right_inner, gradients);
  } else {
    BackwardWeights(gemm_, Block(left_), states.h, projections_, schedule.left_children, gradients);
    BackwardWeights(gemm_, Block(right_), states.h, projections_, schedule.right_children,
                    gradients);
  }
}

}  // namespace

std::unique_ptr<TreeModel> MakeRnn(const RunSpec& spec, ParameterLayout& layout) {
  return std::make_unique<Rnn>(spec, layout);
}

}  // namespace grove
