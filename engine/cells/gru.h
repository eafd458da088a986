// The tree GRU (Kokkinos & Potamianos 2017), binary: simd/gru_cell.h has its equations.
#pragma once

#include "engine/cells/cell.h"
#include "engine/run_spec.h"

namespace grove {

CellTable MakeGru(const RunSpec& spec);

}  // namespace grove
