// What a report is made of: the runs of a store and the summaries of their gradient ratios.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/runs/ratios.h"
#include "experiments/runs/record.h"

namespace grove {

// A finished run with the gradient probe; `run` is its position in ReportData::runs.
struct ProbeRun {
  size_t run = 0;
  std::vector<RatioSummary> summaries;
};

struct ReportData {
  std::vector<nlohmann::json> provenance;
  std::vector<RunRecord> runs;        // by experiment, dataset, model, seed, axes
  std::vector<ProbeRun> probes;       // in the order of runs
  std::vector<std::string> warnings;  // one line each: what is missing
};

// Whether the run was trained to its end, so that its numbers count.
bool IsDone(const RunRecord& run);

}  // namespace grove
