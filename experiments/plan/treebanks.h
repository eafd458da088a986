// Files of trees that runs train on, as planning needs them: read once, before any work, so that
// faults show early and every run is known by the contents of its files.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "engine/files/ptb.h"
#include "engine/run_spec.h"
#include "engine/trees/dataset.h"
#include "experiments/plan/job.h"

namespace grove {

// What a run on files is planned from. A Job takes it over.
struct Treebank {
  DataFiles files;    // with the hashes of what was read, and the number of classes
  DatasetSpec sizes;  // examples of each file, shortest and longest sentence; the rest says nothing
  int vocabulary = 0;
  bool has_keywords =
      false;  // some training tree does (engine/files/ptb.h): else a probe finds nothing
};

// Of a dataset that ReadPtbDataset read. Throws Error if no dev tree has a label at its root, since
// training stops by their accuracy.
Treebank DescribeTreebank(const Dataset& dataset);

// Gives the job what it is to train on.
void TakeTreebank(const Treebank& treebank, Job& job);

// Reads treebanks and keeps what it found, so that all runs of an experiment speak of the same
// contents.
class Treebanks {
 public:
  // Reads the files that the job names by their paths and number of classes, and gives it what it
  // is to train on. Throws Error as ReadPtbDataset (file:line:column) and DescribeTreebank.
  void Read(Job& job);

 private:
  // Paths, classes, and what the lines hold.
  using Key = std::tuple<std::string, std::string, std::string, int, Examples>;
  std::map<Key, Treebank> read_;
};

}  // namespace grove
