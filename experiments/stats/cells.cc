#include "experiments/stats/cells.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace grove {
namespace {

constexpr uint32_t kFirstCellItem = 1000;  // behind the bootstrap streams of the claims

Cell MakeCell(const CellName& name, const std::vector<StoredRun>& runs, uint32_t item) {
  const std::vector<double> values = Accuracies(runs);
  Cell cell{.name = name, .spread = SpreadOf(values, CountFailed(runs))};
  cell.solved = CountSolved(values);
  cell.interquartile_mean = InterquartileMean(values);
  cell.interval = BootstrapInterval(
      {values}, [](const Groups& groups) { return InterquartileMean(groups[0]); }, item);
  cell.solved_share = ClopperPearson(cell.solved, cell.spread.n);
  return cell;
}

Pairing MakePairing(const PaperRuns& runs, PaperDataset dataset) {
  std::map<uint64_t, double> rnn;
  for (const StoredRun& run : runs.Cell(dataset.experiment, dataset.dataset, "rnn")) {
    rnn[run.record->seed] = run.accuracy();
  }
  std::vector<double> x, y;
  for (const StoredRun& run : runs.Cell(dataset.experiment, dataset.dataset, "rlstm")) {
    const auto twin = rnn.find(run.record->seed);
    if (twin == rnn.end()) continue;
    x.push_back(run.accuracy());
    y.push_back(twin->second);
  }
  return {dataset, WilcoxonSignedRank(x, y), 1};
}

}  // namespace

Spread SpreadOf(const std::vector<double>& values, int failed) {
  return {static_cast<int>(values.size()),
          failed,
          Quantile(values, 0),
          Quantile(values, 0.25),
          Median(values),
          Quantile(values, 0.75),
          Quantile(values, 1),
          Mean(values)};
}

std::vector<Cell> MakeCells(const PaperRuns& runs) {
  std::vector<Cell> cells;
  uint32_t item = kFirstCellItem;  // of every cell there could be
  for (const auto& [experiment, dataset] : AccuracyDatasets()) {
    for (const std::string& model : runs.models()) {
      const std::vector<StoredRun>& cell = runs.Cell(experiment, dataset, model);
      if (!cell.empty()) cells.push_back(MakeCell({experiment, dataset, model}, cell, item));
      ++item;
    }
  }
  return cells;
}

std::vector<Pairing> MakePairings(const PaperRuns& runs) {
  std::vector<Pairing> pairings;
  std::vector<double> p;
  for (const PaperDataset dataset : AccuracyDatasets()) {
    const Pairing pairing = MakePairing(runs, dataset);
    if (pairing.test.n == 0) continue;
    p.push_back(pairing.test.p);
    pairings.push_back(pairing);
  }
  const std::vector<double> adjusted = HolmAdjust(p);
  for (size_t i = 0; i < pairings.size(); ++i) pairings[i].holm_p = adjusted[i];
  return pairings;
}

std::vector<LengthDepth> MakeLengthDepth(const std::vector<StoredRun>& all) {
  // By length, depth and model (rnn first), then by seed: twins have equal results.
  std::map<std::tuple<int, int, int, bool, std::string>, std::map<uint64_t, double>> cells;
  for (const StoredRun& run : all) {
    const DatasetSpec& data = run.record->data;
    const std::string& model = run.record->model;
    if (!run.settings.empty() || data.min_keyword_depth <= 0) continue;
    if (data.min_keyword_depth != data.max_keyword_depth) continue;
    cells[{data.min_length, data.max_length, data.min_keyword_depth, model != "rnn", model}]
        .emplace(run.record->seed, run.accuracy());
  }
  std::vector<LengthDepth> rows;
  for (const auto& [place, by_seed] : cells) {
    std::vector<double> values;
    for (const auto& [seed, accuracy] : by_seed) values.push_back(accuracy);
    const auto& [low, high, depth, last, model] = place;
    rows.push_back({low, high, depth, model, static_cast<int>(values.size()), Median(values),
                    CountSolved(values)});
  }
  return rows;
}

}  // namespace grove
