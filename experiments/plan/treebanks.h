// Files of trees that runs train on, as planning needs them: read once, before any work, so that
// faults show early and every run is known by the contents of its files.
#pragma once

#include <compare>
#include <map>
#include <string>

#include "engine/dataset.h"
#include "engine/run_spec.h"
#include "engine/run_spec_fields.h"
#include "experiments/plan/job.h"

namespace grove {

// The files of a run by their paths.
struct TreebankPaths {
  std::string train, dev, test;  // test may be empty
  int classes = 0;               // labels are below; 0: as many as the training file has

  auto operator<=>(const TreebankPaths&) const = default;
};

// What a run on files is planned from. A Job takes it over.
struct Treebank {
  DataFiles files;    // with the hashes of what was read, and the number of classes
  DatasetSpec sizes;  // trees of each file, shortest and longest sentence; the rest says nothing
  int vocabulary = 0;
  bool has_keywords = false;  // some training tree does (engine/ptb.h): else a probe finds nothing
};

// Of a dataset that ReadPtbDataset read. Throws Error if no dev tree has a label at its root, since
// training stops by their accuracy.
Treebank DescribeTreebank(const Dataset& dataset);

// Reads treebanks and keeps what it found, so that all runs of an experiment speak of the same
// contents.
class Treebanks {
 public:
  // Throws Error as ReadPtbDataset (file:line:column) and DescribeTreebank.
  const Treebank& Get(const TreebankPaths& paths);

 private:
  std::map<TreebankPaths, Treebank> read_;
};

// Gives the job what it is to train on.
void TakeTreebank(const Treebank& treebank, Job& job);

}  // namespace grove
