#include "experiments/report/study.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "experiments/stats/claim_statistics.h"

namespace grove {
namespace {

constexpr double kSolved = 50;  // percent
constexpr int kRatioDepth = 10;
constexpr uint32_t kFirstCellItem = 1000;  // behind the bootstrap streams of the claims

bool IsLost(const RunRecord& run) { return run.test_accuracy == 0 && !run.message.empty(); }

Cell MakeCell(const ReportData& data, const std::string& experiment, int dataset,
              const std::string& model, uint32_t item) {
  Cell cell{.experiment = experiment, .dataset = dataset, .model = model};
  std::vector<double> values;
  for (const size_t i : CellRuns(data.runs, experiment, dataset, model)) {
    values.push_back(Percent(data.runs[i].test_accuracy));
    cell.lost += IsLost(data.runs[i]);
    cell.solved += values.back() >= kSolved;
  }
  cell.n = static_cast<int>(values.size());
  cell.median = Median(values);
  cell.interquartile_mean = InterquartileMean(values);
  cell.interval = BootstrapInterval(
      {values}, [](const Groups& groups) { return InterquartileMean(groups[0]); }, item);
  cell.solved_share = ClopperPearson(cell.solved, cell.n);
  return cell;
}

std::vector<Cell> MakeCells(const ReportData& data) {
  std::vector<Cell> cells;
  uint32_t item = kFirstCellItem;
  for (const std::string experiment : {"exp1", "exp2"}) {
    for (int dataset = 1; dataset <= 10; ++dataset) {
      for (const std::string model : {"rnn", "rlstm"}) {
        cells.push_back(MakeCell(data, experiment, dataset, model, item++));
      }
    }
  }
  return cells;
}

Pairing MakePairing(const ReportData& data, const std::string& experiment, int dataset) {
  std::map<uint64_t, double> rnn;
  for (const size_t i : CellRuns(data.runs, experiment, dataset, "rnn")) {
    rnn[data.runs[i].seed] = Percent(data.runs[i].test_accuracy);
  }
  std::vector<double> x, y;
  for (const size_t i : CellRuns(data.runs, experiment, dataset, "rlstm")) {
    const auto twin = rnn.find(data.runs[i].seed);
    if (twin == rnn.end()) continue;
    x.push_back(Percent(data.runs[i].test_accuracy));
    y.push_back(twin->second);
  }
  return {experiment, dataset, WilcoxonSignedRank(x, y), 1};
}

std::vector<Pairing> MakePairings(const ReportData& data) {
  std::vector<Pairing> pairings;
  std::vector<double> p;
  for (const std::string experiment : {"exp1", "exp2"}) {
    for (int dataset = 1; dataset <= 10; ++dataset) {
      pairings.push_back(MakePairing(data, experiment, dataset));
      p.push_back(pairings.back().test.p);
    }
  }
  const std::vector<double> adjusted = HolmAdjust(p);
  for (size_t i = 0; i < pairings.size(); ++i) pairings[i].holm_p = adjusted[i];
  return pairings;
}

std::vector<LengthDepth> MakeLengthDepth(const Pool& pool, const std::string& path) {
  Experiment experiment = ReadExperiment(path);
  SetSeeds(experiment, ParseSeeds(kAllSeeds));
  const std::vector<Job> planned = PlanRuns(experiment);
  const ReportData data = pool.Collect(planned);
  std::vector<LengthDepth> all;
  std::set<std::pair<int, std::string>> seen;
  for (const Job& plan : planned) {
    if (!seen.emplace(plan.dataset, plan.run.model).second) continue;
    std::vector<double> values;
    for (const size_t i : CellRuns(data.runs, plan.experiment, plan.dataset, plan.run.model)) {
      values.push_back(Percent(data.runs[i].test_accuracy));
    }
    if (values.empty()) continue;
    all.push_back({plan.data.min_length, plan.data.max_length, plan.data.min_keyword_depth,
                   plan.run.model, static_cast<int>(values.size()), Median(values),
                   static_cast<int>(std::count_if(values.begin(), values.end(),
                                                  [](double v) { return v >= kSolved; }))});
  }
  return all;
}

// The means over all depths of a run's gates, by epoch, gate and place.
std::map<std::tuple<int, std::string, std::string>, double> GateMeans(const Observations& run) {
  std::map<std::tuple<int, std::string, std::string>, std::pair<double, double>> sums;
  for (const GateGroup& group : run.gates) {
    auto& [sum, n] = sums[{group.epoch, group.gate, group.place}];
    sum += group.mean * static_cast<double>(group.n);
    n += static_cast<double>(group.n);
  }
  std::map<std::tuple<int, std::string, std::string>, double> means;
  for (const auto& [key, value] : sums) means[key] = value.first / value.second;
  return means;
}

void AddObservations(const Pool& pool, const std::string& path, Study& study) {
  Sweep sweep = ReadSweep(path);
  for (Experiment& experiment : sweep.experiments) SetSeeds(experiment, ParseSeeds(kAllSeeds));
  std::map<std::tuple<std::string, int, std::string, int>, std::vector<double>> ratios;
  std::map<std::tuple<int, std::string, std::string>, std::vector<double>> gates;
  for (const Job& planned : PlanRuns(sweep)) {
    const Observations* run = pool.FindObservations(planned.key);
    if (run == nullptr) continue;
    for (const NodeRatioGroup& g : run->node_ratios) {
      ratios[{planned.run.model, g.epoch, g.kind, g.depth}].push_back(g.median);
    }
    for (const auto& [key, mean] : GateMeans(*run)) gates[key].push_back(mean);
  }
  for (const auto& [key, values] : ratios) {
    const auto& [model, epoch, kind, depth] = key;
    study.node_ratios.push_back(
        {model, epoch, kind, depth, static_cast<int>(values.size()), Median(values)});
  }
  for (const auto& [key, values] : gates) {
    const auto& [epoch, gate, place] = key;
    study.gates.push_back({epoch, gate, place, static_cast<int>(values.size()), Median(values)});
  }
}

}  // namespace

std::vector<DevRho> DevRhos(const ReportData& data, int after) {
  std::vector<DevRho> rhos;
  for (const ProbeRun* probe : ProbeRuns(data, "rlstm")) {
    int peak = 1;
    for (int epoch = 2; epoch <= LastEpoch(probe->summaries); ++epoch) {
      if (ShareAbove1(probe->summaries, epoch) > ShareAbove1(probe->summaries, peak)) peak = epoch;
    }
    std::vector<double> ratios, accuracies;
    for (const EpochRecord& epoch : data.runs[probe->run].history) {
      const RatioSummary* found = FindSummary(probe->summaries, epoch.epoch, kRatioDepth);
      if (epoch.epoch > peak + after || found == nullptr) continue;
      ratios.push_back(found->median);
      accuracies.push_back(epoch.dev_accuracy);
    }
    rhos.push_back({SpearmanRho(ratios, accuracies), static_cast<int>(ratios.size())});
  }
  return rhos;
}

double RatioAdvantage(const ReportData& data, int epoch) {
  const auto median = [&](const char* model) {
    std::vector<double> values;
    for (const ProbeRun* probe : ProbeRuns(data, model)) {
      const RatioSummary* found = FindSummary(probe->summaries, epoch, kRatioDepth);
      if (found != nullptr) values.push_back(found->median);
    }
    return Median(values);
  };
  return median("rlstm") / median("rnn");
}

Study ComputeStudy(const std::string& results, const std::string& ablations) {
  Study study;
  study.pieces = ReadPieces(results + "/journals");
  study.readings = ReadReadings(ablations);
  const Pool pool(study.pieces);
  JudgeReadings(pool, study.readings);
  study.standard = PlanReading(study.readings.experiments, {}, kReportedSeeds).back().run;
  const auto collect = [&](const char* seeds) {
    return pool.Collect(PlanReading(study.readings.experiments, {}, seeds));
  };
  study.reported = Judge(collect(kReportedSeeds), Cells::kAll);
  study.confirming = Judge(collect(kConfirmingSeeds), Cells::kAll);
  study.data = collect(kAllSeeds);
  study.all = Judge(study.data, Cells::kAll);
  study.deciding = Judge(study.data, Cells::kDeciding);
  study.cells = MakeCells(study.data);
  study.pairings = MakePairings(study.data);
  study.length_depth = MakeLengthDepth(pool, ablations + "/../exp4.toml");
  AddObservations(pool, ablations + "/../observed.toml", study);
  return study;
}

}  // namespace grove
