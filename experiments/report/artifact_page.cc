#include "experiments/report/artifact_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "experiments/report/paper_tables.h"
#include "experiments/report/run_tables.h"
#include "experiments/report/template.h"
#include "experiments/stats/claim_statistics.h"

namespace grove {
namespace {

using Json = nlohmann::json;

// What the claim is judged on, all of one experiment.
std::set<CellName> CellsOf(const ClaimSpec& claim) {
  std::set<CellName> cells;
  for (const Condition& condition : claim.conditions) {
    for (const CellName& cell : InputOf(condition, PaperRuns()).cells) cells.insert(cell);
  }
  return cells;
}

// The runs of a cell on the seeds that the study reports, as many as the paper had.
std::vector<StoredRun> ReportedRuns(const PaperRuns& paper, const CellName& cell) {
  std::vector<StoredRun> runs = paper.Cell(cell.experiment, cell.dataset, cell.model);
  std::erase_if(runs, [](const StoredRun& run) { return !IsReportedSeed(run.record->seed); });
  return runs;
}

std::string TimeOf(const Study& study, const ClaimSpec& claim) {
  std::vector<StoredRun> all;
  for (const CellName& cell : CellsOf(claim)) {
    const std::vector<StoredRun> runs = ReportedRuns(study.paper, cell);
    all.insert(all.end(), runs.begin(), runs.end());
  }
  return TrainingTime(TotalSeconds(all));
}

// "holds, 90.3 %".
std::string Expected(const Json& row) {
  const std::string verdict = row.at("verdict");
  return row.at("value") == "-"
             ? verdict
             : fmt::format("{}, {}", verdict, row.at("value").get<std::string>());
}

std::set<uint64_t> ReportedSeeds(const Study& study) {
  std::set<uint64_t> seeds = study.seeds;
  std::erase_if(seeds, [](uint64_t seed) { return !IsReportedSeed(seed); });
  return seeds;
}

// All runs of the paper, each once: one of experiment 3 may stand in experiment 1 too.
std::string TimeOfPaper(const Study& study) {
  std::vector<PaperDataset> datasets = AccuracyDatasets();
  datasets.push_back({3, kRatioDataset});
  std::map<std::string, StoredRun> by_key;
  for (const auto& [experiment, dataset] : datasets) {
    for (const std::string model : kPaperModels) {
      for (const StoredRun& run : study.paper.Cell(experiment, dataset, model)) {
        by_key.emplace(run.record->key, run);
      }
    }
  }
  std::vector<StoredRun> runs;
  for (const auto& [key, run] : by_key) runs.push_back(run);
  return TrainingTime(TotalSeconds(runs));
}

}  // namespace

std::string OnlyOfClaim(const ClaimSpec& claim) {
  const std::set<CellName> cells = CellsOf(claim);
  const CellName& first = *cells.begin();
  std::set<uint64_t> datasets;
  std::set<std::string> models;
  for (const CellName& cell : cells) {
    datasets.insert(static_cast<uint64_t>(cell.dataset));
    models.insert(cell.model);
  }
  std::string only = "experiment=" + ExperimentName(first.experiment);
  if (models.size() == 1) only += ",model=" + first.model;
  std::string ranges = SeedRanges(datasets);  // "1-3, 5"
  std::erase(ranges, ' ');
  std::replace(ranges.begin(), ranges.end(), ',', '|');
  return only + ",dataset=" + ranges;
}

std::string ArtifactPage(const Study& study) {
  const std::vector<Json> reported = ClaimsTable(study.reported).Rows();
  const std::vector<Json> all = ClaimsTable(study.all).Rows();
  Json claims = Json::array();
  for (size_t i = 0; i < reported.size(); ++i) {
    const ClaimSpec& claim = *study.reported.claims[i].claim;
    claims.push_back({{"claim", claim.id},
                      {"paper", claim.paper},
                      {"only", OnlyOfClaim(claim)},
                      {"time", TimeOf(study, claim)},
                      {"expected", Expected(reported[i])},
                      {"all", Expected(all[i])}});
  }
  std::string seeds_option = SeedRanges(study.seeds);
  std::erase(seeds_option, ' ');
  return FillPage("artifact.md", Markup::kMarkdown,
                  {{"claims", claims},
                   {"reported_seeds", SeedRanges(ReportedSeeds(study))},
                   {"seeds", SeedRanges(study.seeds)},
                   {"seeds_option", seeds_option},
                   {"reported", HeldOf(study.reported)},
                   {"held", HeldOf(study.all)},
                   {"time", TimeOfPaper(study)}});
}

}  // namespace grove
