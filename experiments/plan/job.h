// A run as it is planned: all settings decided, data named, and what its experiment calls it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/run_spec.h"

namespace grove {

// A file of trees, of word vectors or a checkpoint. Runs are told apart by the contents of their
// files, wherever these lie.
struct DataFile {
  std::string path;  // empty: there is none
  std::string xxh3;  // of its bytes (HashText)

  bool operator==(const DataFile&) const = default;
};

// A file of word vectors (engine/files/word_vectors.h), and what it has for a run.
struct VectorsFile : DataFile {
  int width = 0;    // numbers in a vector
  int words = 0;    // of the run, without the one for unknown words
  int covered = 0;  // of these, that have a vector

  bool operator==(const VectorsFile&) const = default;
};

// What a run on files trains on.
struct DataFiles {
  DataFile train, dev, test;
  DataFile init;        // checkpoint from which words and start weights come
  VectorsFile vectors;  // with which words start
  int classes = 0;      // labels are below; 0: as many as the training file (or the checkpoint) has
  ReadingSpec reading = {};

  bool operator==(const DataFiles&) const = default;
};

// The files with their roles: visit("train", files.train), and so on.
template <typename Files, typename Visitor>
void ForEachFile(Files& files, Visitor&& visit) {
  visit("train", files.train);
  visit("dev", files.dev);
  visit("test", files.test);
  visit("init", files.init);
  visit("vectors", files.vectors);
}

// What a run is, planned or ended, and what it is called.
struct RunIdentity {
  std::string key;  // hash of settings and data: equal keys are the same run, with the same bits
  RunSpec run;      // resolved; holds model and seed
  // What is generated. Of a run on files only the sizes count (trees, shortest and longest
  // sentence), for forecasts.
  DatasetSpec data;
  std::optional<DataFiles> files;

  // Labels: they say what the run is for and change nothing of it.
  std::string experiment;                          // "exp1"
  int dataset = 0;                                 // its id in the experiment, 1..10
  nlohmann::json axes = nlohmann::json::object();  // values beyond dataset, model and seed, by name
  // Of a sweep's point: "batch = 10 (rnn), 2 (rlstm)"; empty for an experiment's own runs.
  std::string variant;

  std::string Label() const;  // "exp1 d3 rlstm l2=0.001 s2"
  // On "key", "experiment", "dataset", "model", "seed" or one of the axes; null if there is none
  // so called.
  nlohmann::json ValueOn(const std::string& axis) const;
};

struct Job : RunIdentity {
  int vocabulary = 0;        // of a run on files, for forecasts; 0: that of the task
  bool has_keywords = true;  // whether training trees have keywords, which the probe looks at
};

// A text as it is, any other value as JSON.
std::string PlainText(const nlohmann::json& value);

// Text that is equal for equal data: that of the dataset spec, or of the contents of the files.
std::string DataIdentity(const DatasetSpec& data, const std::optional<DataFiles>& files);

// Text that is equal for jobs that share one dataset in memory: of equal files pairs may be read
// with labels or with scores.
std::string SharedData(const Job& job);

// Whether the two differ in nothing but seed, key and labels, as neighbours in a plan mostly do.
bool SameButSeed(const Job& a, const Job& b);

// Gives the job the key of its settings and data.
void SetKey(Job& job);

}  // namespace grove
