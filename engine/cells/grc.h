// The gated recursive cell (Shen et al. 2019) with GELU (Ray Chowdhury & Caragea 2023):
// simd/grc_cell.h has its equations.
#pragma once

#include "engine/cells/cell.h"
#include "engine/run_spec.h"

namespace grove {

CellTable MakeGrc(const RunSpec& spec);

}  // namespace grove
