#include "experiments/report/sweep_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "experiments/report/figures.h"
#include "experiments/stats/numbers.h"
#include "experiments/stats/statistics.h"
#include "experiments/stats/stored_runs.h"

namespace grove {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxSeries = 8;
constexpr double kLogarithmicFrom = 20;  // largest value of an axis over its smallest

// Numbers first, by value, then texts.
struct ByValue {
  bool operator()(const Json& a, const Json& b) const {
    if (a.is_number() != b.is_number()) return a.is_number();
    return a.is_number() ? a.get<double>() < b.get<double>() : a.dump() < b.dump();
  }
};
using Values = std::set<Json, ByValue>;

std::string Text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

struct Sweep {
  std::string experiment;
  std::vector<const RunRecord*> runs;
  std::map<std::string, Values> axes;  // those with more than one value
  std::string metric;                  // for the axis of the figure
};

Json ValueOf(const RunRecord& run, const std::string& axis) {
  if (axis == "dataset") return run.dataset;
  if (axis == "model") return run.model;
  return run.axes.at(axis);
}

double MetricOf(const Sweep& sweep, const RunRecord& run) {
  if (!IsDone(run)) return 0;
  return Percent(sweep.metric.starts_with("test") ? run.test_accuracy : run.dev_accuracy);
}

// Runs of one experiment that vary the same axes; a folder may hold several such sweeps.
std::vector<Sweep> FindSweeps(const std::vector<RunRecord>& runs) {
  std::map<std::pair<std::string, std::set<std::string>>, Sweep> sweeps;
  for (const RunRecord& run : runs) {
    std::set<std::string> axes;
    for (const auto& [axis, value] : run.axes.items()) axes.insert(axis);
    Sweep& sweep = sweeps[{run.experiment, axes}];
    sweep.experiment = run.experiment;
    sweep.runs.push_back(&run);
    for (const std::string& axis : axes) sweep.axes[axis];
  }
  std::vector<Sweep> found;
  for (auto& [which, sweep] : sweeps) {
    sweep.axes["dataset"];
    bool tested = false;
    for (const RunRecord* run : sweep.runs) {
      for (auto& [axis, values] : sweep.axes) values.insert(ValueOf(*run, axis));
      tested = tested || (IsDone(*run) && !std::isnan(run->test_accuracy));
    }
    std::erase_if(sweep.axes, [](const auto& axis) { return axis.second.size() < 2; });
    sweep.metric = tested ? "test accuracy (%)" : "dev accuracy (%)";
    if (sweep.axes.empty()) {
      for (const RunRecord* run : sweep.runs) sweep.axes["model"].insert(run->model);
    }
    found.push_back(std::move(sweep));
  }
  return found;
}

bool IsNumeric(const Values& values) {
  return std::all_of(values.begin(), values.end(), [](const Json& v) { return v.is_number(); });
}

// The model, and its values of the other axes if they are told apart: "rlstm, hidden = 10".
std::string SeriesOf(const Sweep& sweep, const RunRecord& run, const std::string& x, bool apart) {
  std::string series = run.model;
  if (!apart) return series;
  for (const auto& [axis, values] : sweep.axes) {
    if (axis != x) series += ", " + axis + " = " + Text(ValueOf(run, axis));
  }
  return series;
}

// The axis, its ticks and its scale.
void SetAxis(const std::string& axis, const Values& values, Figure& figure) {
  const bool numeric = IsNumeric(values);
  std::vector<double> places;
  std::vector<std::string> ticks;
  for (const Json& value : values) {
    places.push_back(numeric ? value.get<double>() : static_cast<double>(places.size() + 1));
    ticks.push_back(Text(value));
  }
  const bool logarithmic =
      numeric && places.front() > 0 && places.back() / places.front() > kLogarithmicFrom;
  figure.settings["places"] = places;
  figure.settings["ticks"] = ticks;
  figure.settings["numeric"] = numeric ? 1.0 : 0.0;
  figure.settings["log_x"] = logarithmic ? 1.0 : 0.0;
  figure.settings["xlabel"] = axis;
}

// Ends of the metric's axis, at multiples of 5 % around all values.
void SetRange(const std::vector<double>& values, Figure& figure) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  figure.settings["low"] = 5 * std::floor((*low - 0.5) / 5);
  figure.settings["high"] = 5 * std::ceil((*high + 0.5) / 5);
}

// The runs of a figure, by series and by place on its axis.
using Series = std::map<std::string, std::map<double, std::vector<const RunRecord*>>>;

Series SeriesBy(const Sweep& sweep, const std::string& axis, bool apart,
                const std::vector<double>& places) {
  const Values& values = sweep.axes.at(axis);
  Series series;
  for (const RunRecord* run : sweep.runs) {
    const auto value = values.find(ValueOf(*run, axis));
    const auto i = static_cast<size_t>(std::distance(values.begin(), value));
    series[SeriesOf(sweep, *run, axis, apart)][places[i]].push_back(run);
  }
  return series;
}

// The setting with the highest median.
struct Highest {
  double median = -1;
  double place = 0;
  std::string series;
};

// What the axis calls a place.
std::string TickAt(const Figure& figure, double place) {
  const auto& places = std::get<std::vector<double>>(figure.settings.at("places"));
  const auto tick = std::find(places.begin(), places.end(), place) - places.begin();
  return std::get<std::vector<std::string>>(figure.settings.at("ticks"))[static_cast<size_t>(tick)];
}

// Every run, and the median of each setting; sets the range of the metric's axis.
Highest SetTable(const Sweep& sweep, const Series& series, Figure& figure) {
  Highest highest;
  std::vector<double> all;
  figure.table = "series,place,seed,percent,what\n";
  figure.data =
      Table({Numbers("place", std::get<std::string>(figure.settings["xlabel"])), Words("series"),
             Numbers("runs"), Numbers("lowest", "lowest (%)"), Numbers("median"), Numbers("best")});
  int number = 0;
  for (const auto& [label, by_place] : series) {
    ++number;
    for (const auto& [place, runs] : by_place) {
      std::vector<double> percents;
      for (const RunRecord* run : runs) {
        percents.push_back(MetricOf(sweep, *run));
        figure.table += fmt::format("{},{},{},{},run\n", number, place, run->seed, percents.back());
      }
      const double median = Median(percents);
      const auto [lowest, best] = std::minmax_element(percents.begin(), percents.end());
      figure.data.Add({TickAt(figure, place), label, percents.size(), *lowest, median, *best});
      figure.table += fmt::format("{},{},,{},median\n", number, place, median);
      all.insert(all.end(), percents.begin(), percents.end());
      if (median > highest.median) highest = {median, place, label};
    }
  }
  SetRange(all, figure);
  return highest;
}

Figure SweepFigure(const Sweep& sweep, const std::string& axis, bool apart) {
  Figure figure;
  figure.name = fmt::format("sweep_{}_{}", sweep.experiment, axis);
  std::replace_if(
      figure.name.begin(), figure.name.end(),
      [](unsigned char c) { return !std::isalnum(c) && c != '_'; }, '_');
  figure.script = "sweep";
  SetAxis(axis, sweep.axes.at(axis), figure);
  const auto places = std::get<std::vector<double>>(figure.settings["places"]);
  const Series series = SeriesBy(sweep, axis, apart, places);
  std::vector<std::string> labels, models;
  for (const auto& [label, by_place] : series) {
    labels.push_back(label);
    models.push_back(by_place.begin()->second.front()->model);
  }
  const Highest highest = SetTable(sweep, series, figure);
  figure.settings["labels"] = labels;
  figure.settings["styles"] = SeriesStyles(models);
  figure.settings["joined"] = apart && IsNumeric(sweep.axes.at(axis)) ? 1.0 : 0.0;
  figure.settings["ylabel"] = sweep.metric;
  figure.title = fmt::format("{}: the highest median, {} %, at {} = {} ({})", sweep.experiment,
                             FormatNumber(highest.median), axis, TickAt(figure, highest.place),
                             highest.series);
  figure.caption = fmt::format(
      "{} of every run of {} (small) and the median of each setting (large), by {}.{}",
      sweep.metric.starts_with("test") ? "Test accuracy" : "Dev accuracy", sweep.experiment, axis,
      apart ? "" : " Runs of all values of the other axes are shown together.");
  return figure;
}

// The axis with the most numbers; without numbers, with the most values. The dataset only if there
// is no other.
std::string MainAxis(const Sweep& sweep) {
  const auto rank = [](const auto& axis) {
    return std::tuple(axis.first != "dataset", IsNumeric(axis.second), axis.second.size());
  };
  return std::max_element(sweep.axes.begin(), sweep.axes.end(),
                          [&](const auto& a, const auto& b) { return rank(a) < rank(b); })
      ->first;
}

}  // namespace

std::vector<Figure> SweepFigures(const std::vector<RunRecord>& runs) {
  std::vector<Figure> figures;
  for (const Sweep& sweep : FindSweeps(runs)) {
    const std::string axis = MainAxis(sweep);
    std::set<std::string> series;
    for (const RunRecord* run : sweep.runs) series.insert(SeriesOf(sweep, *run, axis, true));
    if (series.size() <= kMaxSeries) {
      figures.push_back(SweepFigure(sweep, axis, true));
      continue;
    }
    for (const auto& [name, values] : sweep.axes) {
      figures.push_back(SweepFigure(sweep, name, false));
    }
  }
  std::map<std::string, int> names;
  for (Figure& figure : figures) {
    const int same = ++names[figure.name];
    if (same > 1) figure.name += fmt::format("_{}", same);
  }
  return figures;
}

}  // namespace grove
