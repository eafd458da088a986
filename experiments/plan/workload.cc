#include "experiments/plan/workload.h"

#include <map>
#include <string>

#include "experiments/plan/cost_model.h"
#include "experiments/plan/memory_model.h"

namespace grove {
namespace {

// Of the word vectors that are kept beside the trees.
uint64_t VectorsBytes(const Job& job) {
  if (!job.files) return 0;
  const VectorsFile& vectors = job.files->vectors;
  return static_cast<uint64_t>(vectors.covered) * static_cast<uint64_t>(vectors.width) *
         sizeof(float);
}

uint64_t DataBytes(const Job& job) {
  return DatasetBytes(job.data, TreesPerExample(job.run)) + VectorsBytes(job);
}

uint64_t TrainerBytes(const Job& job) {
  return WorkspaceBytes(job.run, job.data, job.vocabulary, job.files ? job.files->classes : 0);
}

}  // namespace

Workload MakeWorkload(const std::vector<const Job*>& runs,
                      const std::vector<Prediction>& predictions) {
  Workload workload;
  std::map<std::string, size_t> datasets, cells;
  for (size_t i = 0; i < runs.size(); ++i) {
    const Job& planned = *runs[i];
    workload.keys.push_back(planned.key);
    workload.spreads.push_back(predictions[i].spread);
    if (i > 0 && SameButSeed(planned, *runs[i - 1])) {
      workload.jobs.push_back(workload.jobs.back());
      workload.jobs.back().seconds = predictions[i].seconds;
      workload.workspace_bytes.push_back(workload.workspace_bytes.back());
      workload.cells.push_back(workload.cells.back());
      continue;
    }
    const auto [dataset, is_new] = datasets.emplace(SharedData(planned), workload.datasets.size());
    if (is_new) {
      workload.datasets.push_back({PredictBuildSeconds(planned.data)});
      workload.dataset_bytes.push_back(DataBytes(planned));
    }
    workload.jobs.push_back(
        {PredictSeconds(planned.run, planned.data), predictions[i].seconds, {dataset->second}});
    workload.workspace_bytes.push_back(TrainerBytes(planned));
    workload.cells.push_back(
        cells.emplace(CellOf(planned.run, planned.data), cells.size()).first->second);
  }
  return workload;
}

uint64_t BytesOf(const Job& run) { return TrainerBytes(run) + DataBytes(run); }

}  // namespace grove
