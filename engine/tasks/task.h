// The tasks whose datasets the program generates itself. To add one: write a generator in its own
// files and add its line to the table in task.cc.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/run_spec.h"
#include "engine/trees/dataset.h"

namespace grove {

std::vector<std::string> TaskNames();

// Throws Error, with the key and what is allowed, if no dataset can come of `spec`: a setting out
// of its range, a keyword depth that no tree of this shape and these lengths has, or more nodes
// than positions can number.
void ValidateDatasetSpec(const DatasetSpec& spec);

// The dataset of `spec`, the same bits everywhere. Throws Error as ValidateDatasetSpec, and if the
// settings are possible but so unlikely that drawing was given up (the message says which key).
Dataset GenerateDataset(const DatasetSpec& spec);
// The same, or nothing if `stop` became true before the end: it is looked at before every drawing
// of a tree.
std::optional<Dataset> GenerateDataset(const DatasetSpec& spec, const std::atomic<bool>& stop);

// The seed of a dataset's random streams: XXH3-64, seeded with spec.seed, of the settings that give
// a tree its distribution (task, tree, lengths, keyword depths). Datasets that differ in one of
// them are independent; the numbers of trees are left out, so that a smaller dataset is the
// beginning of a larger one.
uint64_t DatasetStreamSeed(const DatasetSpec& spec);

}  // namespace grove
