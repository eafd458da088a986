#include "experiments/report/study_charts.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "experiments/report/figure_scripts.h"

namespace grove {
namespace {

constexpr int kDepth = 10;
constexpr double kChance = 10;  // percent: ten classes

Chart ClaimsChart(const Study& study) {
  IntervalChart chart;
  for (const Judgement& j : study.all.claims) {
    if (!j.available) continue;
    chart.rows.push_back({j.claim->id, 100 * j.upheld, kNoInterval, !j.holds()});
  }
  chart.x_title = "five-run studies that uphold the claim (%)";
  chart.x = {0, 100};
  chart.threshold = 50;
  chart.plain_label = "holds";
  chart.highlighted_label = "does not hold";
  chart.threshold_label = "most studies";
  return MakeChart({"claims", "The paper's claims, 25 seeds", ""}, chart);
}

Chart VariantsChart(const Study& study) {
  IntervalChart chart;
  for (const JudgedVariant& v : study.variants) {
    if (v.judgements.judged() == 0) continue;
    chart.rows.push_back(
        {v.variant.label, 100 * v.judgements.share(), kNoInterval, v.is_default()});
  }
  chart.x_title = "of the judged claims, those that hold on the deciding cells (%), seeds 101-105";
  chart.x = {0, 100};
  chart.plain_label = "another variant";
  chart.highlighted_label = "the default";
  return MakeChart({"variants", "What the settings do to the claims", ""}, chart);
}

Chart AccuracyChart(const Study& study, int experiment, const std::string& name,
                    const std::string& title, const std::string& x_title) {
  StripChart chart;
  for (int dataset = 1; dataset <= 10; ++dataset) {
    chart.categories.push_back(std::to_string(dataset));
  }
  for (const std::string model : {"rnn", "rlstm"}) {
    StripChart::Group group{model, model == "rnn" ? kRnnColour : kRlstmColour, {}, {}};
    for (const Cell& cell : study.cells) {
      if (cell.name.experiment != experiment || cell.name.model != model) continue;
      group.values.push_back(Accuracies(study.paper.Cell(experiment, cell.name.dataset, model)));
      group.intervals.push_back(cell.interval);
    }
    chart.groups.push_back(std::move(group));
  }
  chart.x_title = x_title;
  chart.y_title = "test accuracy (%)";
  chart.interval_label = "95 % interval of the interquartile mean";
  chart.chance = kChance;
  return MakeChart({name, title, ""}, chart);
}

// Median over the runs that reach an epoch, with the quartiles of the runs as a band.
Chart RatiosChart(const Study& study) {
  LineChart chart;
  LineChart::Panel panel;
  for (const std::string model : {"rnn", "rlstm"}) {
    LineChart::Series series{
        model, model == "rnn" ? kRnnColour : kRlstmColour, {}, LineChart::Spread::kBand};
    for (int epoch = 1; epoch <= 12; ++epoch) {
      std::vector<double> medians;
      for (const StoredRun& run : study.paper.Probes(model)) {
        const RatioSummary* found = FindSummary(*run.ratios, epoch, kDepth);
        if (found != nullptr) medians.push_back(found->median);
      }
      if (medians.size() < 5) break;
      series.points.push_back({static_cast<double>(epoch),
                               Median(medians),
                               {Quantile(medians, 0.25), Quantile(medians, 0.75)}});
    }
    if (!series.points.empty()) panel.series.push_back(std::move(series));
  }
  chart.panels.push_back(std::move(panel));
  chart.x_title = "epoch";
  chart.y_title = "median ratio at depth 10 (runs: median, quartiles)";
  chart.log_y = true;
  return MakeChart({"ratios", "Gradient ratios at depth 10", ""}, chart);
}

Chart LengthDepthChart(const Study& study) {
  std::set<int> depths;
  std::map<int, int> lengths;  // shortest to longest sentence
  for (const LengthDepth& c : study.length_depth) {
    depths.insert(c.depth);
    lengths[c.min_length] = c.max_length;
  }
  HeatMap map;
  for (const auto& [low, high] : lengths) {
    map.columns.push_back(std::to_string(low) + "-" + std::to_string(high));
  }
  for (const int depth : depths) map.rows.push_back(std::to_string(depth));
  for (const std::string model : {"rnn", "rlstm"}) {
    HeatMap::Panel panel{model, {}};
    for (const int depth : depths) {
      std::vector<double>& row = panel.percent.emplace_back();
      for (const auto& [low, high] : lengths) {
        const auto found = std::find_if(
            study.length_depth.begin(), study.length_depth.end(), [&](const LengthDepth& c) {
              return c.depth == depth && c.min_length == low && c.model == model;
            });
        row.push_back(found == study.length_depth.end() ? kNoValue : found->median);
      }
    }
    map.panels.push_back(std::move(panel));
  }
  map.x_title = "words";
  map.y_title = "keyword depth";
  return MakeChart({"length_depth", "Median test accuracy (%)", ""}, map);
}

constexpr const char* kKindColours[] = {"#444444", kRlstmColour, kRnnColour};

// A panel a model and an epoch: the start, the first epochs, and one that all runs reach.
Chart NodeRatiosChart(const Study& study) {
  LineChart chart;
  for (const std::string model : {"rnn", "rlstm"}) {
    for (const int epoch : {0, 1, 3, 6}) {
      LineChart::Panel panel{
          model + ", " + (epoch == 0 ? "before training" : "epoch " + std::to_string(epoch)), {}};
      size_t colour = 0;
      for (const std::string& kind : NodeKinds()) {
        LineChart::Series series{kind, kKindColours[colour++], {}};
        for (const NodeRatioMedian& m : study.node_ratios) {
          if (m.model != model || m.epoch != epoch || m.kind != kind) continue;
          series.points.push_back({static_cast<double>(m.depth), m.median});
        }
        if (!series.points.empty()) panel.series.push_back(std::move(series));
      }
      chart.panels.push_back(std::move(panel));
    }
  }
  chart.columns = 4;
  chart.x_title = "depth of the node";
  chart.y_title = "|dJ/dh| / |dJ/dh of the root|";
  chart.log_y = true;
  return MakeChart({"node_ratios", "Gradient ratios of all nodes, dev trees", ""}, chart);
}

Chart GatesChart(const Study& study) {
  const std::pair<const char*, const char*> places[] = {
      {"toward", kRnnColour}, {"beside", kRlstmColour}, {"off", "#444444"}, {"path", "#009e73"}};
  const int most = study.gates.front().runs;  // before training: all runs
  LineChart chart;
  for (const std::string gate : {"i", "f", "o"}) {
    LineChart::Panel panel{"gate " + gate, {}};
    for (const auto& [place, colour] : places) {
      LineChart::Series series{place, colour, {}};
      for (const GateMean& m : study.gates) {
        if (m.gate != gate || m.place != place || m.runs < most) continue;
        series.points.push_back({static_cast<double>(m.epoch), m.mean});
      }
      if (!series.points.empty()) panel.series.push_back(std::move(series));
    }
    chart.panels.push_back(std::move(panel));
  }
  chart.columns = 3;
  chart.x_title = "epoch (0: before training)";
  chart.y_title = "mean activation";
  return MakeChart({"gates", "Gates of the RLSTM on the keyword's path and off it", ""}, chart);
}

}  // namespace

std::vector<Chart> StudyCharts(const Study& study) {
  std::vector<Chart> charts = {
      ClaimsChart(study), VariantsChart(study),
      AccuracyChart(study, 1, "experiment1", "Experiment 1: every run, 25 seeds",
                    "dataset (lengths 10 i - 9 to 10 i)"),
      AccuracyChart(study, 2, "experiment2", "Experiment 2: every run, 25 seeds",
                    "dataset (keyword depth i or i + 1)"),
      RatiosChart(study)};
  if (!study.length_depth.empty()) charts.push_back(LengthDepthChart(study));
  if (!study.node_ratios.empty()) charts.push_back(NodeRatiosChart(study));
  if (!study.gates.empty()) charts.push_back(GatesChart(study));
  return charts;
}

}  // namespace grove
