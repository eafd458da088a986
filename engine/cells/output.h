// What may follow any cell: the mean of the children's h beside its own, and a layer norm.
#pragma once

#include "engine/cells/cell.h"

namespace grove {

// Appends to the table what cell.residual and cell.layer_norm ask for (simd/output.h): a stage, its
// segments, of which the cell's own h and its gradient stand in "out" and "dout" of the
// activations, and the biases "gain" (from 1) and "b_norm".
void AddOutput(CellTable& cell);

}  // namespace grove
