#include "experiments/report/report.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "engine/error.h"
#include "engine/files.h"
#include "experiments/report/figure_tables.h"
#include "experiments/report/figures.h"
#include "experiments/report/report_page.h"
#include "experiments/report/report_tables.h"
#include "experiments/report/sweep_figures.h"
#include "experiments/report/tables.h"

namespace grove {

Report WriteReport(const std::string& directory) {
  const ReportData data = LoadReportData(directory);
  Report report;
  const PaperRuns paper(AllRuns(data), Variant());
  report.claims = Judge(paper, Cells::kAll);
  report.warnings = data.warnings;

  const std::string out = (std::filesystem::path(directory) / "report").string();
  const std::string figures_folder = out + "/figures";
  std::error_code error;
  std::filesystem::create_directories(figures_folder, error);
  if (error) throw Error(figures_folder + ": cannot make this folder: " + error.message());

  WriteFileAtomically(out + "/claims.csv", ClaimsCsv(report.claims));
  WriteFileAtomically(out + "/runs.csv", RunsCsv(data));
  WriteFileAtomically(out + "/sweep.csv", SweepCsv(data));
  WriteFileAtomically(out + "/cells.csv", CellsCsv(MakeCells(paper)));
  WriteFileAtomically(out + "/cell_runs.csv", CellRunsCsv(paper));
  WriteFileAtomically(out + "/epochs.csv", EpochsCsv(data));
  WriteFileAtomically(out + "/ratios.csv", RatiosCsv(data));
  std::vector<Figure> figures = PrepareFigures(paper);
  std::vector<Figure> sweeps = SweepFigures(data.runs);
  std::move(sweeps.begin(), sweeps.end(), std::back_inserter(figures));
  for (std::string& warning : DrawAll(figures_folder, figures, Formats::kSvgAndPng)) {
    report.warnings.push_back(std::move(warning));
  }
  report.page = out + "/index.html";
  WriteFileAtomically(report.page, ReportPage(data, report.claims, figures, report.warnings));
  return report;
}

}  // namespace grove
