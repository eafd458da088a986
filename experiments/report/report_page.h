// The report as one HTML page.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/draw.h"
#include "experiments/stats/judge.h"
#include "experiments/stats/report_data.h"

namespace grove {

// The whole page: verdict, claims, figures (drawn or why not), cells, runs that failed, seeds,
// computing time, provenance, and the commands that make it again.
std::string ReportPage(const ReportData& data, const Judgements& claims,
                       const std::vector<Figure>& figures,
                       const std::vector<std::string>& warnings);

}  // namespace grove
