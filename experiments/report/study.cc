#include "experiments/report/study.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error.h"
#include "experiments/report/artifact_page.h"
#include "experiments/report/data_package.h"
#include "experiments/report/paper_tables.h"
#include "experiments/report/run_tables.h"

namespace grove {
const JudgedVariant& Study::standard() const {
  return *std::find_if(variants.begin(), variants.end(),
                       [](const JudgedVariant& v) { return v.is_default(); });
}

Study ComputeStudy(const std::string& path) {
  Study study;
  study.store = ReadStore(path);
  study.runs = AllRuns(study.store);
  study.length_depth = MakeLengthDepth(study.runs);
  const bool has_paper = std::any_of(study.runs.begin(), study.runs.end(),
                                     [](const StoredRun& run) { return !run.datasets.empty(); });
  if (!has_paper && study.length_depth.empty()) {
    throw Error(
        fmt::format("{0}: no run on the data of the paper's experiments, of which the study "
                    "tells; 'grove report {0}' shows any runs",
                    path));
  }
  for (const StoredRun& run : study.runs) {
    if (run.of_paper() && IsStudySeed(run.record->seed)) study.seeds.insert(run.record->seed);
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
  study.ratios = RatioMedians(study.paper);
  study.observed = SummariseObserved(study.runs);
  return study;
}

Table StudyClaimsTable(const Study& study) {
  Table table = ClaimsTable(study.all);
  table.Join("upheld_of_1000_seeds_6_25", ClaimsTable(study.confirming), "upheld_of_1000");
  table.Join("holds_seeds_1_5", ClaimsTable(study.reported), "verdict");
  table.Join("deciding_cells_alone", ClaimsTable(study.deciding), "verdict");
  return table.Select({"claim", "paper", "holds_when", "verdict", "upheld_of_1000",
                       "upheld_of_1000_seeds_6_25", "holds_seeds_1_5", "value", "low", "high",
                       "relation", "threshold", "unit", "deciding_cells_alone", "measured",
                       "solved_runs"});
}

std::vector<std::string> WriteStudy(const Study& study, const std::string& folder) {
  std::vector<Figure> figures = StudyFigures(study);
  Files files = {{"claims.csv", StudyClaimsTable(study).Csv()},
                 {"variants.csv", VariantsTable(study.variants).Csv()},
                 {"verdicts.csv", VerdictsTable(study.variants).Csv()},
                 {"cells.csv", CellsTable(study.cells).Csv()},
                 {"cell_runs.csv", CellRunsTable(study.paper).Csv()},
                 {"ratio_medians.csv", RatioMediansTable(study.ratios).Csv()},
                 {"pairs.csv", PairsTable(study.pairings).Csv()},
                 {"length_depth.csv", LengthDepthTable(study.length_depth).Csv()},
                 {"node_ratios.csv", NodeRatiosTable(study.observed.node_ratios).Csv()},
                 {"gates.csv", GatesTable(study.observed.gates).Csv()},
                 {"journals.csv", JournalsTable(study.store.journals()).Csv()},
                 {"README.md", StudyPage(study, figures)}};
  // Of the paper's own number of runs it says what each claim's must give.
  if (study.reported.judged() > 0) files.emplace_back("ARTIFACT.md", ArtifactPage(study));
  AddDataPackage("grove-study", "What the runs say of Le and Zuidema (2016)", files, {&figures});
  return WriteWithFigures(folder, files, figures);
}

}  // namespace grove
