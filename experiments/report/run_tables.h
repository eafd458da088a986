// Tables of runs, whatever they were run for.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "experiments/report/table.h"
#include "experiments/stats/stored_runs.h"
#include "experiments/stats/sweep_summary.h"

namespace grove {

// By experiment, dataset, model, seed, axes and key: every report has the same rows in the same
// order, whatever the order of finishing.
std::vector<StoredRun> SortedRuns(std::vector<StoredRun> runs);

// One row a run: what was run, how it ended, and its accuracies as shares. A column an axis.
Table RunsTable(const std::vector<StoredRun>& runs);

// The metric of any sweep against its axes: a row a setting and a model, in percent.
Table SweepTable(const SweepSummary& summary);

// What was not trained to its end, for people.
Table FailedRuns(const std::vector<StoredRun>& runs);

// CSV, which may have many lines: one row an epoch of a run, and one row a keyword depth of an
// epoch of a run with the gradient probe.
std::string EpochsCsv(const std::vector<StoredRun>& runs);
std::string RatiosCsv(const std::vector<StoredRun>& runs);

// A journal a row: what it holds, and what made it.
Table JournalsTable(const std::vector<Journal>& journals);

// How the runs were made: what and value, nested values as JSON. Where journals, or the parts of a
// journal that was gone on with, differ, all values.
Table ProvenanceTable(const std::vector<nlohmann::json>& provenance);

// The time that the runs held their threads.
double TotalSeconds(const std::vector<StoredRun>& runs);
// "7.4 core-hours", "12 core-minutes", "3 core-seconds".
std::string TrainingTime(double seconds);

// "1-5, 7".
std::string SeedRanges(const std::set<uint64_t>& seeds);

}  // namespace grove
