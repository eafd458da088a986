#include "engine/cells/linear.h"

#include "simd/aligned.h"

namespace grove {

namespace {

// Where the part begins in an array of the layout's shape.
size_t Offset(const BlockPart& part) {
  return part.block.offset + static_cast<size_t>(part.input) * part.block.stride +
         static_cast<size_t>(part.output);
}

}  // namespace

void Forward(GemmBackend backend, const Parameters& parameters, const BlockPart& part, Rows x,
             int32_t count, Rows z, Write write) {
  if (count == 0) return;
  const simd::KRange all{0, part.inputs};
  Multiply(backend, {.a = x.data,
                     .a_row_stride = x.stride,
                     .a_k_stride = 1,
                     .b = parameters.weights.data() + Offset(part),
                     .b_stride = part.block.stride,
                     .c = z.data + part.output,
                     .c_stride = z.stride,
                     .rows = static_cast<size_t>(count),
                     .cols = static_cast<size_t>(part.outputs),
                     .ranges = &all,
                     .num_ranges = 1,
                     .accumulate = write == Write::kAdd});
}

void BackwardInput(GemmBackend backend, const Parameters& parameters, const BlockPart& part,
                   Rows dz, int32_t count, Rows dx, Write write) {
  if (count == 0) return;
  const simd::KRange all{part.output, part.outputs};
  Multiply(backend, {.a = dz.data,
                     .a_row_stride = dz.stride,
                     .a_k_stride = 1,
                     .b = parameters.transposed.data() + part.block.transposed_offset + part.input,
                     .b_stride = simd::PadRow(static_cast<size_t>(part.block.in)),
                     .c = dx.data,
                     .c_stride = dx.stride,
                     .rows = static_cast<size_t>(count),
                     .cols = static_cast<size_t>(part.inputs),
                     .ranges = &all,
                     .num_ranges = 1,
                     .accumulate = write == Write::kAdd});
}

void BackwardWeights(GemmBackend backend, const BlockPart& part, Rows x, Rows dz,
                     const RowRanges& ranges, float* gradients, Write write) {
  Multiply(backend, {.a = x.data,
                     .a_row_stride = 1,
                     .a_k_stride = x.stride,
                     .b = dz.data + part.output,
                     .b_stride = dz.stride,
                     .c = gradients + Offset(part),
                     .c_stride = part.block.stride,
                     .rows = static_cast<size_t>(part.inputs),
                     .cols = static_cast<size_t>(part.outputs),
                     .ranges = ranges.data(),
                     .num_ranges = ranges.size(),
                     .accumulate = write == Write::kAdd});
}

}  // namespace grove
