// The scripts that train the shards of a plan on a cluster with Slurm:
// experiments/slurm/*.mustache, filled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace grove {

struct SlurmJobs {
  // Absolute paths: jobs start anywhere.
  std::string grove;   // the program
  std::string out;     // the folder of the results
  std::string folder;  // that of the scripts and of what the jobs print
  std::vector<std::string> specs;

  // Arguments of `grove run` as words: which runs (with those of the whole program), of these the
  // ones that decide what a run is, and all.
  std::vector<std::string> choice, settings, options;
  bool openblas = false;  // some run multiplies by OpenBLAS

  std::string cheapest;        // the key of the run that the smoke test trains
  std::string cheapest_label;  // what it is called
  size_t runs = 0;
  int shards = 1;
  int threads = 1;                  // runs at a time, and cores, of each shard
  int64_t minutes = 0;              // asked for each shard
  int64_t megabytes = 0;            // the same
  int max_array_size = 1001;        // indices of a job array are below
  bool own_requeue = false;         // a task that is told to stop queues itself again
  std::vector<std::string> sbatch;  // more options of every job, as sbatch reads them in a script
};

struct Script {
  std::string name;  // of the file
  std::string text;
};

// smoke.sbatch, array.sbatch, finish.sbatch and submit.sh. Throws Error for a folder whose name no
// script can say to sbatch.
std::vector<Script> SlurmScripts(const SlurmJobs& jobs);

}  // namespace grove
