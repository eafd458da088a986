#include "experiments/report/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "experiments/report/html.h"
#include "experiments/report/template.h"
#include "experiments/stats/cells.h"
#include "experiments/stats/numbers.h"
#include "experiments/stats/run_ratios.h"
#include "experiments/stats/statistics.h"

namespace grove {
namespace {

constexpr int kMaxPanels = 8;          // of figures 5 and 6: the first epochs, and the last one
constexpr double kLowestRatio = 1e-9;  // the ratio axes go no lower

std::string Needs(int experiment) {
  return fmt::format(
      "needs runs of experiment {0}: grove run experiments/specs/exp{0}.toml "
      "--out DIR",
      experiment);
}

bool HasRuns(const PaperRuns& runs, int experiment, const std::string& model) {
  for (int dataset = 1; dataset <= kPaperDatasets; ++dataset) {
    if (!runs.Cell(experiment, dataset, model).empty()) return true;
  }
  return false;
}

// How the runs of every dataset spread, and each of them.
Table AccuracyData(const PaperRuns& runs, int experiment) {
  Table data({Numbers("dataset"), Words(experiment == 1 ? "words" : "depths"), Words("model"),
              Numbers("runs"), Numbers("lowest", "lowest (%)"), Numbers("q25"), Numbers("median"),
              Numbers("q75"), Numbers("best"), Words("each")});
  for (int dataset = 1; dataset <= kPaperDatasets; ++dataset) {
    const PaperDataset which = {experiment, dataset};
    for (const std::string& model : runs.models()) {
      const std::vector<double> values = Accuracies(runs.Cell(experiment, dataset, model));
      if (values.empty()) continue;
      std::string each;
      for (const double v : values) each += (each.empty() ? "" : ", ") + FormatNumber(v);
      const Spread s = SpreadOf(values, 0);
      data.Add({dataset, experiment == 1 ? WordsText(which) : DepthsText(which), model, s.n,
                s.lowest, s.q25, s.median, s.q75, s.best, each});
    }
  }
  return data;
}

// Of gradient ratios, of one model and seed a row.
Table RatioData() {
  return Table({Words("model"), Numbers("epoch"), Numbers("depth"), Numbers("n", "trees"),
                Numbers("q05", "5 %"), Numbers("q25", "25 %"), Numbers("median"),
                Numbers("q75", "75 %"), Numbers("q95", "95 %")});
}

void AddRatio(const std::string& model, const RatioSummary& s, Table& data) {
  data.Add({model, s.epoch, s.depth, s.n, s.q05, s.q25, s.median, s.q75, s.q95});
}

// Figures 3 and 4.
Figure AccuracyFigure(const PaperRuns& runs, int number) {
  const int experiment = number - 2;
  Figure figure{fmt::format("figure{}", number), "accuracy"};
  figure.title = AccuracyTitle(runs, experiment);
  figure.caption =
      "Best rnn run of each dataset (line) and all rlstm runs (boxes: quartiles; whiskers: lowest "
      "and highest run; circles: single runs). A failed or diverged run counts as 0 %. Dashed: "
      "guessing among 10 classes.";
  const bool rnn = HasRuns(runs, experiment, "rnn"), rlstm = HasRuns(runs, experiment, "rlstm");
  if (!rnn && !rlstm) {
    figure.title =
        fmt::format("Test accuracy by {}", experiment == 1 ? "sentence length" : "keyword depth");
    return Undrawn(figure, Needs(experiment));
  }
  SetDatasets(runs, experiment, figure);
  figure.data = AccuracyData(runs, experiment);
  figure.settings["has_rnn"] = rnn ? 1.0 : 0.0;
  figure.settings["has_rlstm"] = rlstm ? 1.0 : 0.0;
  return figure;
}

std::vector<double> PanelEpochs(int last_epoch) {
  std::vector<double> epochs;
  for (int epoch = 1; epoch <= last_epoch; ++epoch) epochs.push_back(epoch);
  if (last_epoch > kMaxPanels) {
    epochs.resize(kMaxPanels);
    epochs.back() = last_epoch;
  }
  return epochs;
}

// The run of experiment 3 with the lowest seed.
std::optional<StoredRun> FirstProbe(const PaperRuns& runs, const std::string& model) {
  const std::vector<StoredRun> probes = runs.Probes(model);
  if (probes.empty() || probes.front().ratios->empty()) return std::nullopt;
  return probes.front();
}

// "0.0051 in epoch 1, 0.37 in epoch 7"; empty where an epoch has no tree of that depth.
std::string FirstAndLastMedian(const std::vector<RatioSummary>& ratios) {
  const int last = LastEpoch(ratios);
  const RatioSummary* first = FindSummary(ratios, 1, kRatioDepth);
  const RatioSummary* end = FindSummary(ratios, last, kRatioDepth);
  if (first == nullptr || end == nullptr) return "";
  return fmt::format("{} in epoch 1, {} in epoch {}", FormatNumber(first->median, 2),
                     FormatNumber(end->median, 2), last);
}

// Figures 5 and 6: of the probe run with the lowest seed, on one scale for both models.
Figure DepthFigure(const PaperRuns& runs, int number) {
  const std::string model = number == 5 ? "rnn" : "rlstm";
  Figure figure{fmt::format("figure{}", number), "ratios_by_depth"};
  figure.title = "Gradient ratios of " + model + " by keyword depth";
  const std::optional<StoredRun> probe = FirstProbe(runs, model);
  if (!probe) return Undrawn(figure, Needs(3));
  if (const std::string medians = FirstAndLastMedian(*probe->ratios); !medians.empty()) {
    figure.title =
        fmt::format("{}: the median ratio at depth {} is {}", model, kRatioDepth, medians);
  }
  figure.data = RatioData();
  RatioRange range;
  int first = probe->ratios->front().depth, last = first;
  for (const std::string other : kPaperModels) {
    const std::optional<StoredRun> run = FirstProbe(runs, other);
    if (!run) continue;
    const auto epochs = PanelEpochs(LastEpoch(*run->ratios));
    for (const RatioSummary& s : *run->ratios) {
      if (std::find(epochs.begin(), epochs.end(), s.epoch) == epochs.end()) continue;
      first = std::min(first, s.depth);
      last = std::max(last, s.depth);
      range.Add(s.q05);
      range.Add(s.q95);
      if (model == other) AddRatio(model, s, figure.data);
    }
  }
  range.Set(figure);
  const RunRecord& run = *probe->record;
  figure.settings["key"] = run.key;
  figure.settings["model"] = model;
  figure.settings["epochs"] = PanelEpochs(LastEpoch(*probe->ratios));
  figure.settings["first_depth"] = static_cast<double>(first);
  figure.settings["last_depth"] = static_cast<double>(last);
  figure.caption = fmt::format(
      "Gradient norm at the keyword's leaf over that at the root, all training trees of an epoch, "
      "{} seed {}. Line: median; bars: 25 to 75 % and 5 to 95 % of the trees; circles: medians of "
      "fewer than ten trees; dashed: 1, above which a gradient grows on its way down. Figures 5 "
      "and 6 have the same scale.",
      model, run.seed);
  return figure;
}

// Figure 7: ratios at one depth by epoch, with the dev accuracy of rlstm.
Figure EpochFigure(const PaperRuns& runs) {
  Figure figure{"figure7", "ratios_by_epoch"};
  figure.title = "Gradient ratios by epoch";
  figure.data = RatioData();
  std::vector<std::string> models, keys, titles, found;
  RatioRange range;
  int last_epoch = 1;
  for (const std::string model : kPaperModels) {
    const std::optional<StoredRun> probe = FirstProbe(runs, model);
    if (!probe || FindSummary(*probe->ratios, 1, kRatioDepth) == nullptr) continue;
    const RunRecord& run = *probe->record;
    for (const RatioSummary& s : *probe->ratios) {
      if (s.depth != kRatioDepth) continue;
      range.Add(s.q05);
      range.Add(s.q95);
      AddRatio(model, s, figure.data);
      last_epoch = std::max(last_epoch, s.epoch);
    }
    titles.push_back(fmt::format("({}) {}, seed {}", models.empty() ? "a" : "b", model, run.seed));
    models.push_back(model);
    keys.push_back(run.key);
    found.push_back(model + " " + FirstAndLastMedian(*probe->ratios));
  }
  if (models.empty()) return Undrawn(figure, Needs(3));
  figure.title = fmt::format("Median ratio at depth {}: {}", kRatioDepth, found.front());
  if (found.size() > 1) figure.title += "; " + found.back();
  range.Set(figure);
  figure.settings["models"] = models;
  figure.settings["keys"] = keys;
  figure.settings["titles"] = titles;
  figure.settings["depth"] = static_cast<double>(kRatioDepth);
  figure.settings["last_epoch"] = static_cast<double>(last_epoch);
  figure.caption = fmt::format(
      "Ratios of the training trees whose keyword stands at depth {}. Boxes: quartiles and median; "
      "whiskers: 5 % and 95 %; dashed: 1.{}",
      kRatioDepth,
      models.size() < 2 ? " The other model has no run with gradient ratios yet." : "");
  return figure;
}

// "up to 40 words", "at no length"; `datasets` are those that are solved from the first one on.
std::string Reach(int experiment, int datasets) {
  if (experiment == 1) {
    return datasets == 0 ? "at no length" : fmt::format("up to {} words", 10 * datasets);
  }
  return datasets == 0 ? "at no depth" : fmt::format("up to depth {}", datasets + 1);
}

}  // namespace

std::string AccuracyTitle(const PaperRuns& runs, int experiment) {
  std::string title;
  for (const std::string& model : runs.models()) {
    if (!HasRuns(runs, experiment, model)) continue;
    int solved = 0;
    while (solved < kPaperDatasets &&
           Median(Accuracies(runs.Cell(experiment, solved + 1, model))) >= kSolved) {
      ++solved;
    }
    title += fmt::format("{}{} {}", title.empty() ? "Most runs learn the task: " : ", ", model,
                         Reach(experiment, solved));
  }
  return title;
}

void SetDatasets(const PaperRuns& runs, int experiment, Figure& figure) {
  std::vector<double> datasets;
  std::vector<std::string> labels;
  for (int i = 1; i <= kPaperDatasets; ++i) {
    const bool has_runs = std::any_of(
        runs.models().begin(), runs.models().end(),
        [&](const std::string& model) { return !runs.Cell(experiment, i, model).empty(); });
    if (!has_runs) continue;
    datasets.push_back(i);
    labels.push_back(experiment == 1 ? WordsText({experiment, i}) : DepthsText({experiment, i}));
  }
  figure.settings["experiment"] = ExperimentName(experiment);
  figure.settings["datasets"] = datasets;
  figure.settings["labels"] = labels;
  figure.settings["chance"] = kChancePercent;
  figure.settings["xlabel"] =
      std::string(experiment == 1 ? "dataset, with its sentence lengths"
                                  : "dataset, with its keyword depths (21 to 30 words)");
}

std::vector<double> SeriesStyles(const std::vector<std::string>& models) {
  std::vector<double> styles;
  std::set<std::string> seen;
  double next = 3;
  for (const std::string& model : models) {
    const bool first = seen.insert(model).second;
    styles.push_back(first && model == "rnn" ? 1 : first && model == "rlstm" ? 2 : next++);
  }
  return styles;
}

void RatioRange::Add(double ratio) {
  if (!(ratio > 0) || std::isinf(ratio)) return;
  const double exponent = std::log10(std::max(ratio, kLowestRatio));
  low_ = std::min(low_, std::pow(10, std::floor(exponent)));
  high_ = std::max(high_, std::pow(10, std::ceil(exponent)));
}

void RatioRange::Set(Figure& figure) const {
  figure.settings["low"] = low_;
  figure.settings["high"] = high_ > 1 ? high_ : 10;
}

Figure RatioMediansFigure(const std::vector<RatioMedian>& ratios, bool quartiles) {
  Figure figure{"ratios", "ratios"};
  if (ratios.empty()) return Undrawn(figure, "needs runs of experiment 3");
  const std::vector<std::string> models = ModelsOf(ratios);
  std::map<std::string, const RatioMedian*> last;
  RatioRange range;
  int last_epoch = 1;
  for (const RatioMedian& m : ratios) {
    last[m.model] = &m;
    last_epoch = std::max(last_epoch, m.epoch);
    for (const double ratio : {m.q25, m.median, m.q75}) range.Add(ratio);
  }
  for (const std::string& model : models) {
    figure.title +=
        fmt::format("{}{} ends at {}", figure.title.empty() ? "Gradient ratio at depth 10: " : ", ",
                    model, FormatNumber(last[model]->median, 2));
  }
  figure.caption = fmt::format(
      "Median ratio of a run's training trees with the keyword at depth {}: median{} over the runs "
      "that reach the epoch, at least {}.",
      kRatioDepth, quartiles ? " and quartiles" : "", kLeastRatioRuns);
  range.Set(figure);
  figure.settings["models"] = models;
  figure.settings["styles"] = SeriesStyles(models);
  figure.settings["quartiles"] = quartiles ? 1.0 : 0.0;
  figure.settings["depth"] = static_cast<double>(kRatioDepth);
  figure.settings["last_epoch"] = static_cast<double>(last_epoch);
  return figure;
}

std::string FigureLabel(const Figure& figure) {
  const std::string prefix = "figure";
  return figure.name.starts_with(prefix) ? "Figure " + figure.name.substr(prefix.size()) : "";
}

std::string FigureHtml(const Figure& figure, const std::string& command) {
  return FillPage("figure.html", Markup::kHtml,
                  {{"drawn", !figure.svg.empty()},
                   {"svg", InlineSvg(figure.svg, figure.name, figure.title, figure.caption)},
                   {"data", figure.data.empty() ? "" : figure.data.Html()},
                   {"label", FigureLabel(figure)},
                   {"title", figure.title},
                   {"caption", figure.caption},
                   {"command", command},
                   {"name", figure.name}});
}

std::string FigureMarkdown(const Figure& figure, const std::string& command,
                           const std::string& page_command) {
  return FillPage("figure.md", Markup::kMarkdown,
                  {{"title", figure.title},
                   {"name", figure.name},
                   {"caption", figure.caption},
                   {"command", command},
                   {"page_command", page_command}});
}

std::vector<Figure> PrepareFigures(const PaperRuns& runs) {
  return {AccuracyFigure(runs, 3), AccuracyFigure(runs, 4), DepthFigure(runs, 5),
          DepthFigure(runs, 6), EpochFigure(runs)};
}

}  // namespace grove
