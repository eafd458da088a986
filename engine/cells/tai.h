// The N-ary Tree-LSTM (Tai, Socher & Manning 2015, section 3.2) with 2, 3 or 4 places for children:
// simd/tai_cell.h has its equations. Words enter at leaves, and at inner nodes that have one.
#pragma once

#include "engine/cells/cell.h"
#include "engine/run_spec.h"

namespace grove {

CellTable MakeTaiBinary(const RunSpec& spec);
CellTable MakeTai3(const RunSpec& spec);
CellTable MakeTai4(const RunSpec& spec);

}  // namespace grove
