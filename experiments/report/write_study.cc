#include <filesystem>

#include "engine/error.h"
#include "engine/files.h"
#include "experiments/report/figure_tables.h"
#include "experiments/report/figures.h"
#include "experiments/report/story.h"
#include "experiments/report/study.h"
#include "experiments/report/study_figures.h"
#include "experiments/report/tables.h"

namespace grove {

std::vector<std::string> WriteStudy(const Study& study, const std::string& results) {
  const std::string figures = results + "/figures";
  std::error_code error;
  std::filesystem::create_directories(figures, error);
  if (error) throw Error(figures + ": cannot make this folder: " + error.message());
  const std::pair<const char*, std::string> files[] = {
      {"claims.csv", StudyClaimsCsv(study)},
      {"variants.csv", StudyVariantsCsv(study)},
      {"verdicts.csv", StudyVerdictsCsv(study)},
      {"cells.csv", CellsCsv(study.cells)},
      {"cell_runs.csv", CellRunsCsv(study.paper)},
      {"ratio_medians.csv",
       RatioMediansCsv(RatioMedians(study.paper, kRatioDepth, kStudyRuns), kRatioDepth)},
      {"pairs.csv", StudyPairsCsv(study)},
      {"length_depth.csv", StudyLengthDepthCsv(study)},
      {"node_ratios.csv", StudyNodeRatiosCsv(study)},
      {"gates.csv", StudyGatesCsv(study)},
      {"journals.csv", StudyJournalsCsv(study)},
      {"README.md", StudyStory(study)}};
  std::vector<std::string> paths;
  for (const auto& [name, text] : files) {
    paths.push_back(results + "/" + name);
    WriteFileAtomically(paths.back(), text);
  }
  for (Figure figure : StudyFigures(study)) {
    const std::string problem = Draw(figures, figure, Formats::kSvg);
    if (!problem.empty()) throw Error(figures + "/" + figure.name + ".svg: " + problem);
    if (figure.missing.empty()) paths.push_back(figures + "/" + figure.name + ".svg");
  }
  return paths;
}

}  // namespace grove
