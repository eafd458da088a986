// What `grove data stats` shows.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/trees/data_stats.h"

namespace grove {

// A table of lengths, depths and scores, and histograms of them and of labels.
// `names` are those of the labels, by class; empty: the class itself.
std::string FormatStats(const ForestStats& stats, const std::vector<std::string>& names = {});

// {"trees", "nodes", "distinct_words"; "length", "height", "leaf_depth", "keyword_depth": {"min",
// "mean", "median", "max", "counts": {value: count}}; "root_labels", "inner_labels", "leaf_labels":
// {label: count}}, where the label "none" counts unlabelled nodes. Of pairs also "pairs", with
// "pair_labels" like the labels or "score" like the lengths.
nlohmann::ordered_json ToJson(const ForestStats& stats, const std::vector<std::string>& names = {});

}  // namespace grove
