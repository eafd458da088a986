#include "experiments/stats/comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "experiments/stats/numbers.h"
#include "experiments/stats/statistics.h"

namespace grove {
namespace {

using Json = nlohmann::json;

// The bootstrap streams behind those of claims and cells.
constexpr uint32_t kFirstItem = 10'000;

// What tells cells apart, before it is known which of it takes several values.
struct Axes {
  std::vector<std::string> labels;    // experiment, dataset, model, axes of the runs
  std::vector<std::string> settings;  // that vary where all of these are the same
};

// Whether every folder has one value of it, and not all have the same.
bool IsOfTheFolder(const std::vector<ComparedFolder>& folders, const std::string& label) {
  std::set<Json> all;
  for (const ComparedFolder& folder : folders) {
    std::set<Json> values;
    for (const StoredRun& run : folder.runs) values.insert(run.record->ValueOn(label));
    if (values.size() > 1) return false;
    all.insert(values.begin(), values.end());
  }
  return all.size() > 1;
}

std::vector<std::string> LabelsOf(const std::vector<ComparedFolder>& folders) {
  std::set<std::string> axes;
  for (const ComparedFolder& folder : folders) {
    for (const StoredRun& run : folder.runs) {
      for (const auto& [name, value] : run.record->axes.items()) axes.insert(name);
    }
  }
  std::vector<std::string> labels = {"experiment", "dataset"};
  labels.insert(labels.end(), axes.begin(), axes.end());
  labels.emplace_back("model");
  std::erase_if(labels, [&](const std::string& label) { return IsOfTheFolder(folders, label); });
  return labels;
}

// Where a run stands: the values of the labels and settings. Of a setting what must be equal.
std::vector<Json> PlaceOf(const RunRecord& run, const Axes& axes) {
  std::vector<Json> place;
  for (const std::string& label : axes.labels) place.push_back(run.ValueOn(label));
  if (axes.settings.empty()) return place;
  const std::vector<NamedSetting> settings = SettingsOf(run);
  for (const std::string& name : axes.settings) {
    const auto found = std::find_if(settings.begin(), settings.end(),
                                    [&](const NamedSetting& each) { return each.name == name; });
    place.push_back(found == settings.end() ? Json() : Json(found->identity));
  }
  return place;
}

bool SameSettings(const RunRecord& a, const RunRecord& b) {
  RunSpec run = a.run;
  run.seed = b.run.seed;
  return run == b.run && a.data == b.data && a.files == b.files;
}

// Settings that runs of one folder have otherwise though all labels are the same.
std::vector<std::string> SettingsBehind(const std::vector<ComparedFolder>& folders,
                                        const Axes& labels) {
  std::set<std::string> names;
  for (const ComparedFolder& folder : folders) {
    std::map<std::vector<Json>, const RunRecord*> first;
    for (const StoredRun& run : folder.runs) {
      const RunRecord& record = *run.record;
      const auto [place, is_new] = first.emplace(PlaceOf(record, labels), &record);
      if (is_new || SameSettings(*place->second, record)) continue;
      size_t equal = 0;
      for (const SideRow& row : SettingDifferences(*place->second, record, equal)) {
        if (row.name != "seed") names.insert(row.name);
      }
    }
  }
  return {names.begin(), names.end()};
}

bool AllHaveTestTrees(const std::vector<ComparedFolder>& folders) {
  return std::all_of(folders.begin(), folders.end(), [](const ComparedFolder& folder) {
    return std::all_of(folder.runs.begin(), folder.runs.end(), [](const StoredRun& run) {
      return run.failed() || std::isfinite(run.record->test_accuracy);
    });
  });
}

std::vector<uint64_t> SeedsOf(const CellSide& side) {
  std::vector<uint64_t> seeds;
  for (const RunRecord* run : side.runs) seeds.push_back(run->seed);
  return seeds;
}

bool HaveTheSameSeeds(const CellSide& a, const CellSide& b) {
  const std::vector<uint64_t> seeds = SeedsOf(a);
  const bool each_once = std::adjacent_find(seeds.begin(), seeds.end()) == seeds.end();
  return each_once && seeds == SeedsOf(b);
}

// What the difference of one cell is computed from: a group of differences, or the values of the
// first folder and those of the other.
Groups GroupsOf(const CellSide& first, const CellSide& side) {
  if (!side.paired) return {first.values, side.values};
  std::vector<double> differences;
  for (size_t i = 0; i < side.values.size(); ++i) {
    differences.push_back(RoundDecimals(side.values[i] - first.values[i]));
  }
  return {differences};
}

// The mean over cells; `paired` says of each whether it has one group or two.
double MeanDifference(const Groups& groups, const std::vector<char>& paired) {
  double sum = 0;
  size_t next = 0;
  for (const char is_paired : paired) {
    const double first = Mean(groups[next++]);
    sum += is_paired ? first : Mean(groups[next++]) - first;
  }
  return sum / static_cast<double>(paired.size());
}

FolderDifference DifferenceOf(const Groups& groups, const std::vector<char>& paired,
                              uint32_t item) {
  const auto statistic = [&](const Groups& drawn) { return MeanDifference(drawn, paired); };
  const Interval interval = BootstrapInterval(groups, statistic, item);
  return {RoundDecimals(statistic(groups)),
          {RoundDecimals(interval.low), RoundDecimals(interval.high)}};
}

// Compares every folder with the first, in each cell and over all.
void AddDifferences(Comparison& comparison) {
  const size_t folders = comparison.folders.size();
  comparison.overall.resize(folders);
  uint32_t item = kFirstItem;
  for (size_t folder = 0; folder < folders; ++folder) {
    Groups all;
    std::vector<char> paired;
    for (ComparedCell& cell : comparison.cells) {
      const CellSide& first = cell.sides[0];
      CellSide& side = cell.sides[folder];
      ++item;
      if (first.runs.empty() || side.runs.empty()) continue;
      side.paired = HaveTheSameSeeds(first, side);
      const Groups groups = GroupsOf(first, side);
      paired.push_back(side.paired ? 1 : 0);
      side.difference = DifferenceOf(groups, {paired.back()}, item);
      all.insert(all.end(), groups.begin(), groups.end());
    }
    comparison.overall[folder].cells = static_cast<int>(paired.size());
    ++item;
    if (!paired.empty()) comparison.overall[folder].difference = DifferenceOf(all, paired, item);
  }
}

// Numbers before texts, rnn before rlstm before any other model; nothing comes first.
struct ByPlace {
  size_t model;  // where the model stands; npos: nowhere

  bool operator()(const std::vector<Json>& a, const std::vector<Json>& b) const {
    for (size_t i = 0; i < a.size(); ++i) {
      if (a[i] == b[i]) continue;
      if (i != model) return a[i] < b[i];
      const auto rank = [](const Json& name) {
        return name == "rnn" ? 0 : name == "rlstm" ? 1 : 2;
      };
      return std::pair(rank(a[i]), a[i]) < std::pair(rank(b[i]), b[i]);
    }
    return false;
  }
};

using Cells = std::map<std::vector<Json>, std::vector<CellSide>, ByPlace>;

Cells CollectCells(const std::vector<ComparedFolder>& folders, const Axes& axes, bool has_test) {
  const auto model = std::find(axes.labels.begin(), axes.labels.end(), "model");
  Cells cells(ByPlace{static_cast<size_t>(model - axes.labels.begin())});
  for (size_t folder = 0; folder < folders.size(); ++folder) {
    for (const StoredRun& run : folders[folder].runs) {
      std::vector<CellSide>& sides =
          cells.try_emplace(PlaceOf(*run.record, axes), folders.size()).first->second;
      sides[folder].runs.push_back(run.record);
    }
  }
  for (auto& [place, sides] : cells) {
    for (CellSide& side : sides) {
      std::stable_sort(side.runs.begin(), side.runs.end(),
                       [](const RunRecord* a, const RunRecord* b) { return a->seed < b->seed; });
      int failed = 0;
      for (const RunRecord* run : side.runs) {
        failed += !IsDone(*run);
        const double share = has_test ? run->test_accuracy : run->dev_accuracy;
        side.values.push_back(IsDone(*run) ? Percent(share) : 0);
      }
      side.spread = SpreadOf(side.values, failed);
    }
  }
  return cells;
}

// Which places of the values are told: those with several values, and the model.
std::vector<size_t> ToldPlaces(const Cells& cells, const std::vector<std::string>& names) {
  std::vector<size_t> told;
  for (size_t i = 0; i < names.size(); ++i) {
    const bool differs = std::any_of(cells.begin(), cells.end(), [&](const auto& cell) {
      return cell.first[i] != cells.begin()->first[i];
    });
    if (differs || names[i] == "model") told.push_back(i);
  }
  return told;
}

}  // namespace

Comparison CompareFolders(const std::vector<ComparedFolder>& folders) {
  Comparison comparison;
  for (const ComparedFolder& folder : folders) comparison.folders.push_back(folder.name);
  comparison.settings = CompareSettings(folders);
  const bool has_test = AllHaveTestTrees(folders);
  comparison.metric = has_test ? "test accuracy" : "dev accuracy";
  Axes axes{LabelsOf(folders), {}};
  axes.settings = SettingsBehind(folders, axes);
  std::vector<std::string> names = axes.labels;
  names.insert(names.end(), axes.settings.begin(), axes.settings.end());
  const Cells cells = CollectCells(folders, axes, has_test);
  const std::vector<size_t> told = ToldPlaces(cells, names);
  for (const size_t i : told) comparison.axes.push_back(names[i]);
  for (const auto& [place, sides] : cells) {
    ComparedCell& cell = comparison.cells.emplace_back();
    for (const size_t i : told) {
      cell.values.push_back(place[i].is_null() ? "" : PlainText(place[i]));
    }
    cell.sides = sides;
  }
  AddDifferences(comparison);
  return comparison;
}

}  // namespace grove
