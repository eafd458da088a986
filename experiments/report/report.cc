#include "experiments/report/report.h"

#include <filesystem>

#include "engine/error.h"
#include "engine/files.h"
#include "experiments/report/figures.h"
#include "experiments/report/report_page.h"
#include "experiments/report/report_tables.h"

namespace grove {

Report WriteReport(const std::string& directory) {
  const ReportData data = LoadReportData(directory);
  Report report;
  report.claims = Judge(PaperRuns(AllRuns(data), Variant()), Cells::kAll);
  report.warnings = data.warnings;

  const std::string out = (std::filesystem::path(directory) / "report").string();
  const std::string figures_folder = out + "/figures";
  std::error_code error;
  std::filesystem::create_directories(figures_folder, error);
  if (error) throw Error(figures_folder + ": cannot make this folder: " + error.message());

  WriteFileAtomically(out + "/claims.csv", ClaimsCsv(report.claims));
  WriteFileAtomically(out + "/runs.csv", RunsCsv(data));
  WriteFileAtomically(out + "/sweep.csv", SweepCsv(data));
  WriteFileAtomically(out + "/epochs.csv", EpochsCsv(data));
  WriteFileAtomically(out + "/ratios.csv", RatiosCsv(data));
  std::vector<Figure> figures = PrepareFigures(data);
  for (std::string& warning : DrawFigures(figures_folder, figures)) {
    report.warnings.push_back(std::move(warning));
  }
  report.page = out + "/index.html";
  WriteFileAtomically(report.page, ReportPage(data, report.claims, figures, report.warnings));
  return report;
}

}  // namespace grove
