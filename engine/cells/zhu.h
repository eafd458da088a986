// The structured LSTM (Zhu, Sobhani & Guo 2015): simd/zhu_cell.h has its equations.
#pragma once

#include "engine/cells/cell.h"
#include "engine/run_spec.h"

namespace grove {

CellTable MakeZhu(const RunSpec& spec);

}  // namespace grove
