// The recursive network for binary trees; spec section 2.1 has the equation and simd/rnn_cell.h its
// elementwise part.
#pragma once

#include "engine/cells/cell.h"
#include "engine/run_spec.h"

namespace grove {

CellTable MakeRnn(const RunSpec& spec);

}  // namespace grove
