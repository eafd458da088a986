// The settings of a run by name, as texts: what is told of them side by side.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "experiments/plan/job.h"

namespace grove {

struct NamedSetting {
  std::string name;      // as spec files have it; the seed of the trees is called "data.seed"
  std::string text;      // "0.001"; of a file its path and hash: "train.ptb (0123456789abcdef)"
  std::string identity;  // equal where the setting is: the text, or of a file its hash alone

  bool operator==(const NamedSetting&) const = default;
};

// All of them, of the run first, in the order of the tables of the specs; defaults are resolved.
std::vector<NamedSetting> SettingsOf(const RunSpec& run, const DatasetSpec& data);

// The same; of a run on files these, their classes and how they are read stand in place of what is
// generated. Files that there are not are left out.
std::vector<NamedSetting> SettingsOf(const RunIdentity& run);

// What differs between sides: a text a side, "" where it has no such thing.
struct SideRow {
  std::string name;
  std::vector<std::string> values;

  bool operator==(const SideRow&) const = default;
};

// Between two runs. `equal` is set to how many settings are not told, since they are equal.
std::vector<SideRow> SettingDifferences(const RunIdentity& left, const RunIdentity& right,
                                        size_t& equal);

}  // namespace grove
