// Specs as the tests of predictions need them: one setting each, the others as they come.
#pragma once

#include "engine/run_spec.h"

namespace grove::test {

inline RunSpec Model(const char* model) {
  RunSpec run;
  run.model = model;
  return run;
}

inline DatasetSpec Lengths(int low, int high) {
  DatasetSpec data;
  data.min_length = low;
  data.max_length = high;
  return data;
}

}  // namespace grove::test
