#include <filesystem>

#include "engine/error.h"
#include "engine/files.h"
#include "experiments/report/figure_tables.h"
#include "experiments/report/figures.h"
#include "experiments/report/paper_tables.h"
#include "experiments/report/study.h"
#include "experiments/report/study_figures.h"
#include "experiments/report/study_page.h"

namespace grove {

std::vector<std::string> WriteStudy(const Study& study, const std::string& folder) {
  const std::string figures_folder = folder + "/figures";
  std::error_code error;
  std::filesystem::create_directories(figures_folder, error);
  if (error) throw Error(figures_folder + ": cannot make this folder: " + error.message());
  std::vector<Figure> figures = StudyFigures(study);
  const std::pair<const char*, std::string> files[] = {
      {"claims.csv", StudyClaimsTable(study).Csv()},
      {"variants.csv", VariantsTable(study.variants).Csv()},
      {"verdicts.csv", VerdictsTable(study.variants).Csv()},
      {"cells.csv", CellsTable(study.cells).Csv()},
      {"cell_runs.csv", CellRunsCsv(study.paper)},
      {"ratio_medians.csv",
       RatioMediansCsv(RatioMedians(study.paper, kRatioDepth, kStudyRuns), kRatioDepth)},
      {"pairs.csv", PairsTable(study.pairings).Csv()},
      {"length_depth.csv", LengthDepthTable(study.length_depth).Csv()},
      {"node_ratios.csv", NodeRatiosTable(study.node_ratios).Csv()},
      {"gates.csv", GatesTable(study.gates).Csv()},
      {"journals.csv", JournalsTable(study).Csv()},
      {"README.md", StudyPage(study, figures)}};
  std::vector<std::string> paths;
  for (const auto& [name, text] : files) {
    paths.push_back(folder + "/" + name);
    WriteFileAtomically(paths.back(), text);
  }
  for (Figure& figure : figures) {
    const std::string problem = Draw(figures_folder, figure, Formats::kSvg);
    if (!problem.empty()) throw Error(figures_folder + "/" + figure.name + ".svg: " + problem);
    if (figure.missing.empty()) paths.push_back(figures_folder + "/" + figure.name + ".svg");
  }
  return paths;
}

}  // namespace grove
