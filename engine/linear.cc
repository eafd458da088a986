#include "engine/linear.h"

#include "simd/aligned.h"

namespace grove {

void Forward(GemmBackend backend, const Parameters& parameters, const BlockInfo& block, Rows x,
             int32_t count, Rows z, Write write) {
  if (count == 0) return;
  const simd::KRange all{0, block.in};
  Multiply(backend, {.a = x.data,
                     .a_row_stride = x.stride,
                     .a_k_stride = 1,
                     .b = parameters.weights.data() + block.offset,
                     .b_stride = block.stride,
                     .c = z.data,
                     .c_stride = z.stride,
                     .rows = static_cast<size_t>(count),
                     .cols = static_cast<size_t>(block.out),
                     .ranges = &all,
                     .num_ranges = 1,
                     .accumulate = write == Write::kAdd});
}

void BackwardInput(GemmBackend backend, const Parameters& parameters, const BlockInfo& block,
                   Rows dz, int32_t count, Rows dx, Write write) {
  if (count == 0) return;
  const simd::KRange all{0, block.out};
  Multiply(backend, {.a = dz.data,
                     .a_row_stride = dz.stride,
                     .a_k_stride = 1,
                     .b = parameters.transposed.data() + block.transposed_offset,
                     .b_stride = simd::PadRow(static_cast<size_t>(block.in)),
                     .c = dx.data,
                     .c_stride = dx.stride,
                     .rows = static_cast<size_t>(count),
                     .cols = static_cast<size_t>(block.in),
                     .ranges = &all,
                     .num_ranges = 1,
                     .accumulate = write == Write::kAdd});
}

void BackwardWeights(GemmBackend backend, const BlockInfo& block, Rows x, Rows dz,
                     const RowRanges& ranges, float* gradients) {
  Multiply(backend, {.a = x.data,
                     .a_row_stride = 1,
                     .a_k_stride = x.stride,
                     .b = dz.data,
                     .b_stride = dz.stride,
                     .c = gradients + block.offset,
                     .c_stride = block.stride,
                     .rows = static_cast<size_t>(block.in),
                     .cols = static_cast<size_t>(block.out),
                     .ranges = ranges.data(),
                     .num_ranges = ranges.size(),
                     .accumulate = false});
}

}  // namespace grove
