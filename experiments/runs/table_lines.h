// The lines of a journal that carry what a run measured beside its record:
//
//   {"ratios": {"key": K, "rows": [[epoch, depth, n, above_1, q05, q25, median, q75, q95], ...]}}
//   {"observations": {"key": K, "nodes": [[...], ...], "gates": [[...], ...]}}
//
// A row of nodes or gates holds the fields of its group (engine/training/observe.h) in their order.
// Quantiles, means and deviations keep five significant digits: more than a figure shows, and half
// the bytes. null is an infinite quantile of the ratios, and no number elsewhere.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/training/observe.h"
#include "experiments/runs/ratios.h"

namespace grove {

// The lines, without '\n'. The same tables give the same bytes.
std::string RatioLine(const std::string& key, const std::vector<RatioSummary>& summaries);
std::string ObservationLine(const std::string& key, const Observations& observations);

// What stands under "ratios" and under "observations". Throw nlohmann::json::exception where it is
// not of that form.
std::vector<RatioSummary> ReadRatioTable(const nlohmann::json& table);
Observations ReadObservationTables(const nlohmann::json& tables);

}  // namespace grove
