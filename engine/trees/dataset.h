// A dataset: three forests over one vocabulary. Built once, then shared read-only by its runs.
#pragma once

#include <string>
#include <vector>

#include "engine/run_spec.h"
#include "engine/trees/forest.h"

namespace grove {

// A file that trees were read from.
struct DatasetFile {
  std::string role;  // train, dev, test
  std::string path;  // as given
  std::string xxh3;  // HashText (engine/run_spec_json.h) of exactly the bytes that were parsed
};

struct Dataset {
  Forest train, dev, test;
  int vocabulary_size = 0;          // V: every word id is below
  int classes = 0;                  // C: every label is below
  std::vector<std::string> words;   // V spellings by id; empty: the id itself is the spelling
  std::vector<std::string> labels;  // C names by class; empty: the class itself is the name
  std::vector<DatasetFile> files;   // one a forest, in their order; empty for generated trees
};

// XXH3-64 of all that makes the dataset (the trees of the three forests, words and classes, and not
// the files they came from) as 16 hex digits.
std::string HashDataset(const Dataset& dataset);

}  // namespace grove
