#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "experiments/report/figures.h"
#include "experiments/report/study.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

Figure ClaimsFigure(const Study& study) {
  Figure figure{"claims", "claims"};
  std::vector<std::string> labels;
  std::vector<double> judged;
  for (const Judgement& j : study.all.claims) {
    labels.push_back(fmt::format("{} {}", j.claim->id, j.claim->paper));
    judged.push_back(j.available && !j.one_study ? 1 : 0);
  }
  if (std::count(judged.begin(), judged.end(), 1) == 0)
    return Undrawn(figure, "needs more than five seeds");
  figure.title = fmt::format("{} of the paper's {} claims hold over {} seeds", study.all.held(),
                             study.all.judged(), study.seeds.size());
  figure.caption = fmt::format(
      "Share of {} five-run studies, drawn from the {} seeds, that uphold a claim. It holds if at "
      "least half of them do.",
      kStudies, study.seeds.size());
  figure.settings["labels"] = labels;
  figure.settings["judged"] = judged;
  return figure;
}

// A row of variants.csv a row, which come in the order of their share.
Figure VariantsFigure(const Study& study) {
  Figure figure{"variants", "variants"};
  std::vector<std::string> labels;
  std::vector<double> places;
  double standard = 0, default_row = 0, judged = 0, better = 0;
  for (const JudgedVariant& v : study.variants) {
    labels.push_back(v.variant.label);
    places.push_back(v.judgements.judged() == 0 ? 0 : ++judged);
    if (!v.is_default() || places.back() == 0) continue;
    standard = v.judgements.share();
    default_row = static_cast<double>(labels.size());
  }
  if (judged == 0) return Undrawn(figure, "needs the runs of experiments/specs/variants");
  for (const JudgedVariant& v : study.variants) {
    better += v.judgements.judged() > 0 && v.judgements.share() > standard;
  }
  figure.title = better == 0 ? "No variant upholds a larger share of the claims than the default"
                             : fmt::format(
                                   "{} of {} variants uphold a larger share of the claims "
                                   "than the default",
                                   better, judged - 1);
  figure.caption =
      "Share of the judged claims that hold on the deciding cells, seeds 101-105, by variant.";
  figure.settings["labels"] = labels;
  figure.settings["places"] = places;
  figure.settings["default_row"] = default_row;
  return figure;
}

Figure StripsFigure(const Study& study, int experiment) {
  Figure figure{fmt::format("experiment{}", experiment), "strips"};
  SetDatasets(study.paper, experiment, figure);
  figure.title = AccuracyTitle(study.paper, experiment);
  figure.caption =
      fmt::format("Every run of experiment {}, {} seeds; a failed or diverged run counts as 0 %.",
                  experiment, study.seeds.size());
  figure.settings["models"] = std::vector<std::string>{"rnn", "rlstm"};
  if (figure.title.empty())
    figure.missing = "needs runs of experiment " + std::to_string(experiment);
  return figure;
}

Figure LengthDepthFigure(const Study& study) {
  Figure figure{"length_depth", "length_depth"};
  if (study.length_depth.empty())
    return Undrawn(figure, "needs runs of experiments/specs/exp4.toml");
  std::set<double> depths;
  std::map<int, int> lengths;                         // shortest to longest sentence
  std::map<std::string, std::pair<int, int>> solved;  // of a model: cells, of all its cells
  for (const LengthDepth& c : study.length_depth) {
    depths.insert(c.depth);
    lengths[c.min_length] = c.max_length;
    ++solved[c.model].second;
    solved[c.model].first += c.median >= kSolved;
  }
  std::vector<double> lows;
  std::vector<std::string> labels;
  for (const auto& [low, high] : lengths) {
    lows.push_back(low);
    labels.push_back(fmt::format("{}-{}", low, high));
  }
  const std::vector<std::string> models = ModelsOf(study.length_depth);
  for (const std::string& model : models) {
    figure.title += fmt::format("{}{} in {} of {} cells",
                                figure.title.empty() ? "The median run learns the task: " : ", ",
                                model, solved[model].first, solved[model].second);
  }
  figure.caption = "Median test accuracy in percent, by sentence length and depth of the keyword.";
  figure.settings["models"] = models;
  figure.settings["lows"] = lows;
  figure.settings["lengths"] = labels;
  figure.settings["depths"] = std::vector<double>(depths.begin(), depths.end());
  return figure;
}

// A panel a model and an epoch: the start, the first epochs, and one that all runs reach.
Figure NodeRatiosFigure(const Study& study) {
  Figure figure{"node_ratios", "node_ratios"};
  const std::vector<double> epochs = {0, 1, 3, 6};
  const int told_depth = 8;
  figure.title = "Gradient ratios of all nodes";
  std::map<std::string, std::map<std::string, double>> told;  // of a model and kind, last epoch
  RatioRange range;
  int last_depth = 1;
  for (const NodeRatioMedian& m : study.observed.node_ratios) {
    if (std::find(epochs.begin(), epochs.end(), m.epoch) == epochs.end()) continue;
    range.Add(m.median);
    last_depth = std::max(last_depth, m.depth);
    if (m.epoch == epochs.back() && m.depth == told_depth) told[m.model][m.kind] = m.median;
  }
  const std::vector<std::string> models = ModelsOf(study.observed.node_ratios);
  if (models.empty()) return Undrawn(figure, "needs runs of experiments/specs/observed.toml");
  if (told["rnn"]["leaf"] > 0 && told["rlstm"]["leaf"] > 0) {
    figure.title = fmt::format(
        "Keyword over other leaves (depth {}, epoch 6): {} times the gradient in rnn, {} times in "
        "rlstm",
        told_depth, FormatNumber(told["rnn"]["keyword"] / told["rnn"]["leaf"], 2),
        FormatNumber(told["rlstm"]["keyword"] / told["rlstm"]["leaf"], 2));
  }
  figure.caption =
      "Gradient norm at a node over that at the root, dev trees: median over runs of the median "
      "over nodes, for inner nodes, leaves and the keyword's leaf.";
  range.Set(figure);
  figure.settings["models"] = models;
  figure.settings["epochs"] = epochs;
  figure.settings["kinds"] = NodeKinds();
  figure.settings["last_depth"] = static_cast<double>(last_depth);
  return figure;
}

Figure GatesFigure(const Study& study) {
  Figure figure{"gates", "gates"};
  if (study.observed.gates.empty())
    return Undrawn(figure, "needs runs of experiments/specs/observed.toml");
  const int most = study.observed.gates.front().runs;  // before training: all runs
  double low = 1, high = 0, toward = 0, beside = 0;
  int last_epoch = 1;
  for (const GateMean& m : study.observed.gates) {
    if (m.runs < most) continue;
    low = std::min(low, m.mean);
    high = std::max(high, m.mean);
    last_epoch = std::max(last_epoch, m.epoch);
    if (m.gate == "f" && m.place == "toward") toward = m.mean;
    if (m.gate == "f" && m.place == "beside") beside = m.mean;
  }
  figure.title =
      fmt::format("rlstm's forget gate lets through {} toward the keyword, {} beside its path",
                  FormatNumber(toward, 2), FormatNumber(beside, 2));
  figure.caption = fmt::format(
      "Mean activation of the gates, median over the {} observed runs, for epochs that all of them "
      "reach. Toward: the child on the keyword's path; beside: its sibling; off: nodes off the "
      "path; path: the node on the path itself.",
      most);
  figure.settings["gates"] = std::vector<std::string>{"i", "f", "o"};
  figure.settings["places"] = std::vector<std::string>{"toward", "beside", "off", "path"};
  figure.settings["labels"] = std::vector<std::string>{"toward the keyword", "beside the path",
                                                       "off the path", "on the path"};
  figure.settings["least_runs"] = static_cast<double>(most);
  figure.settings["last_epoch"] = static_cast<double>(last_epoch);
  figure.settings["low"] = std::floor(20 * low) / 20;
  figure.settings["high"] = std::ceil(20 * high) / 20;
  return figure;
}

}  // namespace

std::vector<Figure> StudyFigures(const Study& study) {
  return {ClaimsFigure(study),
          VariantsFigure(study),
          StripsFigure(study, 1),
          StripsFigure(study, 2),
          RatioMediansFigure(study.ratios, true),
          LengthDepthFigure(study),
          NodeRatiosFigure(study),
          GatesFigure(study)};
}

}  // namespace grove
