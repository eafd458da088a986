#include "engine/cells/output.h"

#include "engine/cells/cell_blocks.h"
#include "simd/output.h"

namespace grove {

void AddOutput(CellTable& cell) {
  if (!cell.residual && !cell.layer_norm) return;
  const int n = cell.state[0].width;
  simd::Output output{
      .n = static_cast<size_t>(n), .residual = cell.residual, .layer_norm = cell.layer_norm};
  const auto add = [&](const char* name, int width) {
    cell.activations.push_back({name, width});
    return ColumnOf(cell, RowArray::kActivations, cell.activations.size() - 1);
  };
  add("out", n);
  add("dout", n);
  if (cell.layer_norm) {
    output.v = add("normed", n);
    output.scale = add("scale", 1);
    for (const Bias& bias : cell.biases) output.biases += static_cast<size_t>(bias.width);
    cell.biases.push_back({"gain", n, 1});
    cell.biases.push_back({"b_norm", n});
  }
  if (cell.residual) cell.adds_to_dh = true;
  cell.stages.push_back(
      {[output](const simd::Level& level) { simd::OutputForward(output, level); },
       [output](const simd::Level& level) { simd::OutputBackward(output, level); },
       cell.leaf_is_cell});
}

}  // namespace grove
