// What a job trains on, in memory: trees that its task makes, or those of its files.
#pragma once

#include <atomic>
#include <optional>

#include "engine/files/checkpoint.h"
#include "engine/files/word_vectors.h"
#include "engine/trees/dataset.h"
#include "experiments/plan/job.h"

namespace grove {

struct LoadedData {
  Dataset dataset;
  std::optional<TensorFile> initial;        // the checkpoint that start weights come from
  std::optional<WordVectors> vectors = {};  // that words start with
};

// Throws Error as ReadTreebankDataset, ReadTensorFile and ReadWordVectors do, and if a file is not
// what it was when the job was planned: its key stands for the contents that it had then. Returns
// nothing if `stop` became true while trees were made or read.
std::optional<LoadedData> LoadData(const Job& job, const std::atomic<bool>& stop);

}  // namespace grove
