// The recursive LSTM of Le & Zuidema (2015) for binary trees; spec section 2.2 has the equations
// and simd/rlstm_cell.h their elementwise part. If leaf weights are "own", every matrix that
// multiplies an x or y has a copy "leaf.*" that is used where that child is a leaf.
#pragma once

#include <memory>

#include "engine/model.h"

namespace grove {

std::unique_ptr<TreeModel> MakeRlstm(const RunSpec& spec, ParameterLayout& layout);

}  // namespace grove
