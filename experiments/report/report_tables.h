// The report's tables as CSV (RFC 4180, LF line ends): what the figures and claims rest on, for
// whoever wants to compute something else. Empty field: no value.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/table.h"
#include "experiments/stats/judge.h"
#include "experiments/stats/report_data.h"

namespace grove {

// One CSV line; a field with a comma, a quote or a line end is quoted.
std::string CsvLine(const std::vector<std::string>& fields);

// How many of 1,000 studies uphold the claim; empty where one study decides.
std::string UpheldText(const Judgement& judgement);

// One row a claim; `value`, `low`, `high` and `threshold` are in `unit`.
std::string ClaimsCsv(const Judgements& judgements);

// One row a run: what was run, how it ended, and its accuracies as shares.
std::string RunsCsv(const ReportData& data);

// One row a place on the axes and a model: accuracies in percent, of the dev split where some run
// had no test trees.
std::string SweepCsv(const ReportData& data);

// One row an epoch of a run.
std::string EpochsCsv(const ReportData& data);

// One row a keyword depth of an epoch of a probe run.
std::string RatiosCsv(const ReportData& data);

}  // namespace grove
