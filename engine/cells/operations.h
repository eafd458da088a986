// What a tree costs, from a cell's table alone: multiply-adds of its matrix products, no padding
// counted. Two floating-point operations each.
#pragma once

#include <cstddef>

#include "engine/cells/cell.h"
#include "engine/trees/forest.h"

namespace grove {

// A leaf that is no cell has a state of zeros behind its h: what multiplies them is not counted.
enum class Counted {
  kEquations,  // all other products of the equations
  kExecuted,   // of these, what LevelModel does: without what is of no account (Needed)
};

// Multiply-adds of one forward pass over the trees [begin, end) together. Training costs three
// times that: the gradients of inputs and of weights have the same products.
double MultiplyAdds(const CellTable& cell, const Forest& forest, size_t begin, size_t end,
                    Counted counted);

// The same by the equations for a binary tree with words at its leaves, whatever its shape. May be
// between whole numbers of leaves.
double MultiplyAddsOfTree(const CellTable& cell, double leaves);

}  // namespace grove
