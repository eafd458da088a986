// The same sentences under other trees.
#pragma once

#include "engine/random.h"
#include "engine/trees/forest.h"
#include "engine/trees/tree_shapes.h"

namespace grove {

enum class Branching { kLeft, kRight };

// Nodes with more than two children become binary: (a b c) is ((a b) c) to the left, (a (b c)) to
// the right. New nodes have no label and no word.
Forest Binarise(const Forest& forest, Branching branching);

// Trees of that shape over the same leaves, which keep their labels, as the roots do; other nodes
// have none. Words at inner nodes are lost. `random` is drawn from for random shapes, tree by tree.
Forest Reshape(const Forest& forest, TreeShape shape, RandomStream& random);

}  // namespace grove
