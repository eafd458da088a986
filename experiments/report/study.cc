#include "experiments/report/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/error.h"

namespace grove {
namespace {

constexpr int kRatioDepth = 10;

void CheckSubject(const Study& study, const std::string& path) {
  const bool has_paper = std::any_of(study.runs.begin(), study.runs.end(),
                                     [](const StoredRun& run) { return !run.datasets.empty(); });
  if (has_paper || !study.length_depth.empty()) return;
  throw Error(
      fmt::format("{0}: no run on the data of the paper's experiments, of which the study "
                  "tells; 'grove report {0}' shows any runs",
                  path));
}

}  // namespace

std::vector<DevRho> DevRhos(const PaperRuns& runs, int after) {
  std::vector<DevRho> rhos;
  for (const StoredRun& run : runs.Probes("rlstm")) {
    rhos.push_back(DevRhoOf(*run.record, *run.ratios, kRatioDepth, after));
  }
  return rhos;
}

double RatioAdvantage(const PaperRuns& runs, int epoch) {
  const auto median = [&](const char* model) {
    std::vector<double> values;
    for (const StoredRun& run : runs.Probes(model)) {
      const double value = MedianRatio(*run.ratios, epoch, kRatioDepth);
      if (!std::isnan(value)) values.push_back(value);
    }
    return Median(values);
  };
  return median("rlstm") / median("rnn");
}

const JudgedVariant& Study::standard() const {
  return *std::find_if(variants.begin(), variants.end(),
                       [](const JudgedVariant& v) { return v.is_default(); });
}

Study ComputeStudy(const std::string& path) {
  Study study;
  study.store = ReadStore(path);
  study.runs = AllRuns(study.store);
  study.length_depth = MakeLengthDepth(study.runs);
  CheckSubject(study, path);
  for (const StoredRun& run : study.runs) {
    const uint64_t seed = run.record->seed;
    if (run.settings.empty() && !run.datasets.empty() && IsStudySeed(seed))
      study.seeds.insert(seed);
  }
  study.variants = JudgeVariants(study.runs);
  const auto judge = [&](const SeedFilter& seeds) {
    return Judge(PaperRuns(study.runs, Variant(), seeds), Cells::kAll);
  };
  study.reported = judge(IsReportedSeed);
  study.confirming = judge(IsConfirmingSeed);
  study.paper = PaperRuns(study.runs, Variant(), IsStudySeed);
  study.all = Judge(study.paper, Cells::kAll);
  study.deciding = Judge(study.paper, Cells::kDeciding);
  study.cells = MakeCells(study.paper);
  study.pairings = MakePairings(study.paper);
  Observed observed = SummariseObserved(study.runs);
  study.node_ratios = std::move(observed.node_ratios);
  study.gates = std::move(observed.gates);
  return study;
}

}  // namespace grove
