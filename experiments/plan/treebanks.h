// Files of trees that runs train on, as planning needs them: read once, before any work, so that
// faults show early and every run is known by the contents of its files.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "engine/files/treebank.h"
#include "engine/run_spec.h"
#include "engine/trees/dataset.h"
#include "experiments/plan/job.h"

namespace grove {

// Gives the job what it is to train on, a dataset that ReadTreebankDataset read as the job's
// files say, if it has them: the files with the hashes of what was read and the number of classes,
// their sizes, and what else forecasts and the probe must know. Throws Error if no dev tree has a
// label at its root, since training stops by their accuracy.
void DescribeTreebank(const Dataset& dataset, Job& job);

// How the files of the job are to be read.
TreebankOptions OptionsOf(const Job& job);

// Reads the word vectors of `path` for the words of the dataset, and tells the job, which must have
// files, what they are; an empty path means none. Throws Error as ReadWordVectors
// (file:line:column).
void DescribeVectors(const std::string& path, const Dataset& dataset, Job& job);

// If the words of the job start with vectors, word_dim becomes the width of these. Throws Error if
// it is given and is another.
void TakeWordWidth(Job& job);

// Reads treebanks and keeps what it found, so that all runs of an experiment speak of the same
// contents.
class Treebanks {
 public:
  // Reads the files that the job names by their paths and number of classes, and gives it what it
  // is to train on. Throws Error as ReadTreebankDataset (file:line:column), DescribeTreebank and
  // DescribeVectors.
  void Read(Job& job);

 private:
  // Paths, and all that decides how they are read.
  using Key = std::tuple<std::string, std::string, std::string, std::string, std::string>;
  std::map<Key, Job> read_;  // jobs that have them
};

}  // namespace grove
