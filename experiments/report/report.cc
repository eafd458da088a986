#include "experiments/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "engine/error.h"
#include "experiments/report/data_package.h"
#include "experiments/report/figures.h"
#include "experiments/report/large_report.h"
#include "experiments/report/paper_tables.h"
#include "experiments/report/run_tables.h"
#include "experiments/report/sweep_figures.h"
#include "experiments/runs/each_run.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

constexpr char kSweepFigures[] = "sweep_";  // how their names begin

// Whether some run of the paper's settings is of an experiment that sweeps over nothing.
bool PaperComesFirst(const Report& report) {
  return std::any_of(report.runs.begin(), report.runs.end(), [&](const StoredRun& run) {
    return run.of_paper() && !report.sweep_experiments.contains(run.record->experiment);
  });
}

void AddPaper(Report& report) {
  report.paper_first = report.sweep_runs.empty() || PaperComesFirst(report);
  report.paper = PaperRuns(report.runs, Variant());
  if (report.paper.empty()) return;
  report.claims = Judge(report.paper, Cells::kAll);
  // A sweep that passes the default settings may have too few runs for any claim: nobody asks for
  // the paper there.
  report.has_paper = report.claims.judged() > 0 || report.paper_first;
  if (!report.has_paper) return;
  report.cells = MakeCells(report.paper);
  report.pairings = MakePairings(report.paper);
  report.paper_figures = PrepareFigures(report.paper);
}

void AddSweep(Report& report) {
  report.sweep_runs = SweepRuns(report.runs);
  if (report.sweep_runs.empty()) return;
  for (const RunRecord& run : report.sweep_runs) report.sweep_experiments.insert(run.experiment);
  const SweepSummary summary = SummariseSweep(report.sweep_runs);
  report.metric = summary.metric;
  report.sweep = SweepTable(summary);
  report.sweep_figures = SweepFigures(report.sweep_runs);
}

// Runs that should have gradient ratios, but whose ratios are not in the journal.
std::vector<std::string> LostRatios(const std::vector<StoredRun>& runs) {
  std::vector<std::string> warnings;
  for (const StoredRun& stored : runs) {
    const RunRecord& run = *stored.record;
    if (stored.failed() || !run.run.probe || stored.ratios != nullptr) continue;
    warnings.push_back(fmt::format("the gradient ratios of run {} ({}, {}, seed {}) are missing",
                                   run.key, run.experiment, run.model, run.seed));
  }
  return warnings;
}

// Every table that a report may have; "" for those that this one has not.
Files CsvFiles(const Report& report) {
  const bool probed = std::any_of(report.runs.begin(), report.runs.end(),
                                  [](const StoredRun& run) { return run.ratios != nullptr; });
  const auto of_paper = [&](const Table& table) { return report.has_paper ? table.Csv() : ""; };
  return {{"runs.csv", RunsTable(report.runs).Csv()},
          {"epochs.csv", EpochsCsv(report.runs)},
          {"ratios.csv", probed ? RatiosCsv(report.runs) : ""},
          {"claims.csv", of_paper(ClaimsTable(report.claims))},
          {"cells.csv", of_paper(CellsTable(report.cells))},
          {"cell_runs.csv", of_paper(CellRunsTable(report.paper))},
          {"pairs.csv", of_paper(PairsTable(report.pairings))},
          {"sweep.csv", report.sweep_runs.empty() ? "" : report.sweep.Csv()}};
}

// With all that is known of every run.
Report ReportInDetail(const std::string& path) {
  Report report;
  report.store = ReadStore(path);
  report.runs = SortedRuns(AllRuns(report.store));
  report.warnings = LostRatios(report.runs);
  report.run_count = report.runs.size();
  report.seconds = TotalSeconds(report.runs);
  report.failed = FailedRuns(report.runs);
  for (const Journal& journal : report.store.journals()) {
    report.provenance.insert(report.provenance.end(), journal.provenance.begin(),
                             journal.provenance.end());
  }
  AddSweep(report);
  AddPaper(report);
  return report;
}

// Writes the files; those that are empty are removed, as of an older report.
void WriteTables(const std::string& folder, const Files& files, Report& report) {
  for (const auto& [name, text] : files) {
    std::error_code ignored;
    if (text.empty()) {
      fs::remove(folder + "/" + name, ignored);
      continue;
    }
    WriteFiles(folder, {{name, text}});
    report.files.push_back(name);
  }
}

}  // namespace

std::string BesideRuns(const std::string& path, const std::string& name) {
  const fs::path runs(path);
  return ((fs::is_directory(runs) ? runs : runs.parent_path()) / name).string();
}

Report WriteReport(const std::string& path, const std::string& out,
                   const UnfinishedRuns* unfinished) {
  const std::string folder = out.empty() ? BesideRuns(path, "report") : out;
  const EachRun runs(JournalFiles(path), nullptr);
  const bool in_detail = runs.runs() <= kMostRunsInDetail;
  Table settings({});  // of very many runs
  Report report = in_detail ? ReportInDetail(path) : SummariseRuns(runs, settings);
  if (unfinished != nullptr) report.unfinished = *unfinished;
  if (report.run_count == 0 && report.unfinished.runs.empty()) {
    throw Error(path + ": no finished run to report; first run: grove run SPEC.toml --out " + path);
  }
  Files files = CsvFiles(report);
  if (!in_detail) {
    for (auto& [name, text] : files) text = name == "sweep.csv" ? settings.Csv() : "";
  }
  AddDataPackage("grove-report", "Tables of runs", files,
                 {&report.paper_figures, &report.sweep_figures});
  WriteTables(folder, files, report);
  const Formats formats = unfinished == nullptr ? Formats::kSvgAndPng : Formats::kSvg;
  for (std::vector<Figure>* figures : {&report.paper_figures, &report.sweep_figures}) {
    for (std::string& warning : DrawAll(folder + "/figures", *figures, formats)) {
      report.warnings.push_back(std::move(warning));
    }
  }
  report.page = WriteFiles(folder, {{"index.html", ReportPage(report)}}).front();
  RemoveOlderFigures(folder + "/figures", kSweepFigures, report.sweep_figures);
  return report;
}

}  // namespace grove
