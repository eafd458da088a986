// What differs between runs or folders of runs, a column a side.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/report/table.h"
#include "experiments/stats/run_settings.h"

namespace grove {

// The rows under `what`, which is a column of its own, and the names of the sides.
Table SideBySide(const std::string& what, const std::vector<std::string>& sides,
                 const std::vector<SideRow>& rows);

// What made the runs of each side (runs/provenance.h), where that differs: a row a value, those
// that are nested by dotted names ("libraries.TBB"). Where a side was made by several programs it
// has all of their values.
std::vector<SideRow> ProvenanceDifferences(
    const std::vector<std::vector<nlohmann::json>>& provenance);

}  // namespace grove
