// The folder of a generated dataset: train.ptb, dev.ptb, test.ptb.
#pragma once

#include <string>

#include "engine/trees/dataset.h"

namespace grove {

// Throws Error if `directory` cannot take the three files, as far as it can be known beforehand: it
// or the folder it would be made in is not writable, or one of the names is taken by a pipe, a
// device or a folder. Changes nothing.
void CheckGeneratedData(const std::string& directory);

// Writes the three files into `directory`, which is made if it is missing: all of them or none.
// Files that hold these bytes already are left alone. Throws Error if one of them holds anything
// else and `force` is not set, and if they cannot be written.
void WriteGeneratedData(const std::string& directory, const Dataset& dataset, bool force);

}  // namespace grove
