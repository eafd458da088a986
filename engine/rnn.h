// The recursive network of spec section 2.1: p = g(W1 x + W2 y + b), with W1, W2 (n, n) and, if
// leaf weights are "own", leaf.W1, leaf.W2 in their place for children that are leaves.
#pragma once

#include <memory>

#include "engine/model.h"

namespace grove {

std::unique_ptr<TreeModel> MakeRnn(const RunSpec& spec, ParameterLayout& layout);

}  // namespace grove
