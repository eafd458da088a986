// The Child-Sum Tree-LSTM (Tai, Socher & Manning 2015, section 3.1), for any number of children and
// words at any node: simd/child_sum_cell.h has its equations.
#pragma once

#include "engine/cells/cell.h"
#include "engine/run_spec.h"

namespace grove {

CellTable MakeChildSum(const RunSpec& spec);

}  // namespace grove
