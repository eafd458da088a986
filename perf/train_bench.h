// The benchmarks of training steps that need a file; the others register themselves.
#pragma once

#include <string>

namespace grove::perf {

// train/<model>/dim150/word<w>/trees/batch<B>, on the trees of `file`: models that others have
// published speeds of, on treebanks with a label at every node.
void RegisterTraining(const std::string& file);

}  // namespace grove::perf
