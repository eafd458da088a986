// How much memory runs need, from the formulas by which it is allocated. A run allocates all of it
// at its start, so that N runs at a time need N workspaces and the datasets in use.
#pragma once

#include <cstdint>

#include "engine/run_spec.h"

namespace grove {

// The program with its libraries: what is resident of them while it trains.
inline constexpr uint64_t kProgramBytes = 8'500'000;

// Bytes of a trainer of `spec` on `data`: weights, word vectors, optimiser, the best of them so
// far, and the largest minibatch. A model whose activations are not known here counts as rlstm. Of
// a run on files `data` are their sizes (of pairs their number, and the lengths of single trees),
// and the words and classes those of the files; 0: of the task.
uint64_t WorkspaceBytes(const RunSpec& spec, const DatasetSpec& data, int vocabulary = 0,
                        int classes = 0);

// Bytes of the three forests, with trees of mean length; of pairs there are two in each example.
uint64_t DatasetBytes(const DatasetSpec& data, int trees_per_example = 1);

}  // namespace grove
