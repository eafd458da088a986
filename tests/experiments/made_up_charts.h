// One chart of each kind, made up.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/random.h"
#include "experiments/report/charts.h"

namespace grove {

constexpr char kRnn[] = "#d55e00", kRlstm[] = "#0072b2";

inline std::vector<std::string> Numbered(int n) {
  std::vector<std::string> labels;
  for (int i = 1; i <= n; ++i) labels.push_back(std::to_string(i));
  return labels;
}

inline HeatMap MadeUpHeatMap() {
  HeatMap map;
  map.x_title = "dataset";
  map.y_title = "reading";
  map.columns = Numbered(10);
  map.rows = {"as published", "l2_words = 0", "leaf_weights = shared", "first step adagrad",
              "forget_bias = 1"};
  for (const std::string title : {"rnn", "rlstm"}) {
    HeatMap::Panel panel{title, {}};
    for (size_t row = 0; row < map.rows.size(); ++row) {
      panel.percent.emplace_back();
      for (int column = 0; column < 10; ++column) {
        const double slope = title == "rnn" ? 40 : 9 + static_cast<double>(row);
        panel.percent.back().push_back(std::max(9.6, 99.7 - slope * column));
      }
    }
    panel.percent[3][7] = kNoValue;
    map.panels.push_back(panel);
  }
  return map;
}

inline IntervalChart MadeUpIntervals() {
  IntervalChart chart;
  chart.x_title = "share of resampled studies in which all claims hold (%)";
  chart.x = {0, 100};
  chart.rows = {{"as published", 93.5, {88.25, 97}, true},
                {"l2_words = 0", 12, {4, 24}},
                {"leaf_weights = shared", 55, {41, 70}},
                {"patience 10, and a label that is rather long", 100, {93, 100}},
                {"one run", 40},
                {"no run"}};
  chart.threshold = 50;
  chart.plain_label = "other readings";
  chart.highlighted_label = "the paper's settings";
  chart.threshold_label = "half of the studies";
  return chart;
}

inline LineChart MadeUpLines(int panels, bool log_y) {
  LineChart chart;
  chart.columns = 3;
  chart.log_y = log_y;
  chart.x_title = "epoch";
  chart.y_title = log_y ? "gradient ratio at depth 10" : "dev accuracy (%)";
  if (!log_y) chart.chance = 10;
  for (int p = 0; p < panels; ++p) {
    LineChart::Panel panel{panels == 1 ? "" : "dataset " + std::to_string(p + 1), {}};
    LineChart::Series rnn{"rnn", kRnn, {}, LineChart::Spread::kBand};
    LineChart::Series rlstm{"rlstm, l2_words = 0", kRlstm, {}, LineChart::Spread::kBars};
    for (int epoch = 1; epoch <= 20; ++epoch) {
      const double rise = 80 / (1 + std::exp(4.0 + p - epoch));
      const double a = log_y ? std::pow(10, -4 + 0.1 * epoch) : 12 + 0.3 * epoch;
      const double b = log_y ? std::pow(10, -4 + rise / 20) : 11 + rise;
      rnn.points.push_back({1.0 * epoch, a, {0.8 * a, 1.3 * a}});
      rlstm.points.push_back({1.0 * epoch, epoch == 11 ? kNoValue : b, {0.9 * b, 1.05 * b}});
    }
    panel.series = {rnn, rlstm};
    chart.panels.push_back(panel);
  }
  return chart;
}

inline StripChart MadeUpStrips(int runs) {
  StripChart chart;
  chart.x_title = "dataset, with its sentence lengths";
  chart.y_title = "test accuracy (%)";
  chart.chance = 10;
  for (int i = 1; i <= 10; ++i) {
    chart.categories.push_back(std::to_string(i) + "\n" + std::to_string(10 * i - 9) + "-" +
                               std::to_string(10 * i));
  }
  RandomStream random(1, Purpose::kBootstrap);
  for (const std::string model : {"rnn", "rlstm"}) {
    StripChart::Group group{model, model == "rnn" ? kRnn : kRlstm, {}, {}};
    for (int i = 0; i < 10; ++i) {
      group.values.emplace_back();
      for (int run = 0; run < runs; ++run) {
        const bool learns = model == "rnn" ? i == 0 : random.NextUniform() > 0.1f * i;
        group.values.back().push_back(learns ? random.NextUniform(80, 99)
                                             : random.NextUniform(8, 13));
      }
      group.intervals.push_back({i == 4 ? 10.0 : 60 - 5.0 * i, i == 4 ? 90.0 : 75});
    }
    chart.groups.push_back(group);
  }
  return chart;
}

inline std::vector<Chart> MadeUpCharts() {
  return {MakeChart({"readings", "Median test accuracy (%) by reading", ""}, MadeUpHeatMap()),
          MakeChart({"holds", "How often the claims hold", ""}, MadeUpIntervals()),
          MakeChart({"epochs-one", "", ""}, MadeUpLines(1, false)),
          MakeChart({"epochs_many", "Gradient ratios by epoch", ""}, MadeUpLines(5, true)),
          MakeChart({"runs", "All runs of experiment 1", ""}, MadeUpStrips(20))};
}

}  // namespace grove
