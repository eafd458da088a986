// The recursive LSTM of Le & Zuidema (2015) for binary trees; spec section 2.2 has the equations
// and simd/rlstm_cell.h their elementwise part.
#pragma once

#include "engine/cells/cell.h"
#include "engine/run_spec.h"

namespace grove {

CellTable MakeRlstm(const RunSpec& spec);

}  // namespace grove
