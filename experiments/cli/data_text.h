// What `grove data stats` shows.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "engine/trees/data_stats.h"

namespace grove {

// A table of lengths and depths, and histograms of lengths, depths and labels.
std::string FormatStats(const ForestStats& stats);

// {"trees", "nodes", "distinct_words"; "length", "height", "leaf_depth", "keyword_depth": {"min",
// "mean", "median", "max", "counts": {value: count}}; "root_labels", "inner_labels", "leaf_labels":
// {label: count}}, where the label "none" counts unlabelled nodes.
nlohmann::ordered_json ToJson(const ForestStats& stats);

}  // namespace grove
