// What `grove train` is going to do, told before it does.
#pragma once

#include <string>

#include "experiments/plan/job.h"

namespace grove {

// A line each on the files, the words, the classes, the parameters, threads and the SIMD target.
std::string Overview(const Job& job);

// "vectors: 15,432 of 16,581 words (93.1 %) from glove.txt"; empty if there are none.
std::string VectorsLine(const VectorsFile& vectors);

}  // namespace grove
