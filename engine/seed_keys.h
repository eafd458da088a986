// Keys of runs that differ in their seed alone: those of RunKey (engine/run_spec_json.h), but a
// hundred times faster, because all other settings are written once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/run_spec.h"

namespace grove {

class SeedKeys {
 public:
  // Of the run with any seed, on the data that this text stands for.
  SeedKeys(const RunSpec& run, std::string_view dataset_identity);

  std::string KeyOf(uint64_t seed) const;

 private:
  std::string before_, after_;  // the seed, in the text that is hashed
};

}  // namespace grove
