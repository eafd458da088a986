// The three products of a block of matrices W that multiply the same inputs X: forward, gradient of
// the inputs, gradient of the weights. Rows are nodes; X is (rows, in), Z = X W' is (rows, out).
#pragma once

#include <cstddef>

#include "engine/cells/gemm.h"
#include "engine/cells/parameters.h"
#include "engine/trees/schedule.h"
#include "simd/level.h"

namespace grove {

using simd::Rows;

enum class Write { kReplace, kAdd };

// The part of a block that takes its inputs [input, input + inputs) to its outputs [output, output
// + outputs); a block stands for all of itself. Rows of inputs begin with the part's first input;
// rows of outputs are those of the whole block.
struct BlockPart {
  BlockPart(const BlockInfo& whole)  // NOLINT: meant to convert
      : block(whole), inputs(whole.in), outputs(whole.out) {}
  BlockPart(const BlockInfo& whole, int first_input, int input_count)
      : block(whole), input(first_input), inputs(input_count), outputs(whole.out) {}
  BlockPart Outputs(int first, int count) const {
    BlockPart part = *this;
    part.output = first;
    part.outputs = count;
    return part;
  }

  const BlockInfo& block;
  int input = 0;
  int inputs;
  int output = 0;
  int outputs;
};

// z (count, out) (+)= x W', for `count` consecutive rows.
void Forward(GemmBackend backend, const Parameters& parameters, const BlockPart& part, Rows x,
             int32_t count, Rows z, Write write);

// dx (count, in) (+)= dz W, by the transposed copy.
void BackwardInput(GemmBackend backend, const Parameters& parameters, const BlockPart& part,
                   Rows dz, int32_t count, Rows dx, Write write);

// dW (+)= sum over the rows r of `ranges`, in order, of dz[r] x[r]': in the part's place in
// `gradients`, which has the shape of Parameters::weights. No ranges: zeros are written or added.
void BackwardWeights(GemmBackend backend, const BlockPart& part, Rows x, Rows dz,
                     const RowRanges& ranges, float* gradients, Write write = Write::kReplace);

}  // namespace grove
