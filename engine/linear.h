// The three products of a block of matrices W that multiply the same inputs X: forward, gradient of
// the inputs, gradient of the weights. Rows are nodes; X is (rows, in), Z = X W' is (rows, out).
#pragma once

#include <cstddef>

#include "engine/gemm.h"
#include "engine/parameters.h"
#include "engine/schedule.h"

namespace grove {

// Rows of a matrix of floats: row r at data + r * stride.
struct Rows {
  float* data = nullptr;
  size_t stride = 0;

  Rows From(int32_t row) const { return {data + static_cast<size_t>(row) * stride, stride}; }
  Rows Columns(size_t column) const { return {data + column, stride}; }
};

enum class Write { kReplace, kAdd };

// The matrices of a block that multiply its inputs [begin, begin + count); a block stands for all.
struct BlockPart {
  BlockPart(const BlockInfo& whole) : block(whole), count(whole.in) {}  // NOLINT: meant to convert
  BlockPart(const BlockInfo& whole, int first, int inputs)
      : block(whole), begin(first), count(inputs) {}

  const BlockInfo& block;
  int begin = 0;
  int count;
};

// z (count, out) (+)= x W', for `count` consecutive rows.
void Forward(GemmBackend backend, const Parameters& parameters, const BlockPart& part, Rows x,
             int32_t count, Rows z, Write write);

// dx (count, in) (+)= dz W, by the transposed copy.
void BackwardInput(GemmBackend backend, const Parameters& parameters, const BlockPart& part,
                   Rows dz, int32_t count, Rows dx, Write write);

// dW = sum over the rows r of `ranges`, in order, of dz[r] x[r]': written to the part's place in
// `gradients`, which has the shape of Parameters::weights. No ranges: zeros.
void BackwardWeights(GemmBackend backend, const BlockPart& part, Rows x, Rows dz,
                     const RowRanges& ranges, float* gradients);

}  // namespace grove
