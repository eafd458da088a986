// A cell that shows how one is added: simd/toy_cell.h has its equation.
#pragma once

#include "engine/cells/cell.h"
#include "engine/run_spec.h"

namespace grove {

CellTable MakeToy(const RunSpec& spec);

}  // namespace grove
