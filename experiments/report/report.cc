#include "experiments/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "engine/error.h"
#include "engine/files.h"
#include "experiments/report/figure_tables.h"
#include "experiments/report/figures.h"
#include "experiments/report/paper_tables.h"
#include "experiments/report/report_page.h"
#include "experiments/report/run_tables.h"
#include "experiments/report/sweep_figures.h"
#include "experiments/report/sweep_table.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

constexpr char kSweepFigures[] = "sweep_";  // how their names begin

void AddPaper(ReportContents& contents) {
  contents.paper = PaperRuns(contents.runs, Variant());
  if (contents.paper.empty()) return;
  contents.claims = Judge(contents.paper, Cells::kAll);
  // A sweep that passes the default settings may have too few runs for any claim: nobody asks for
  // the paper there.
  contents.has_paper = contents.claims.judged() > 0 || PaperComesFirst(contents);
  if (!contents.has_paper) return;
  contents.cells = MakeCells(contents.paper);
  contents.pairings = MakePairings(contents.paper);
  contents.paper_figures = PrepareFigures(contents.paper);
}

void AddSweep(ReportContents& contents) {
  contents.sweep_runs = SweepRuns(contents.runs);
  if (contents.sweep_runs.empty()) return;
  const SweepSummary summary = SummariseSweep(contents.sweep_runs);
  contents.metric = summary.metric;
  contents.sweep = SweepTable(summary);
  contents.sweep_figures = SweepFigures(contents.sweep_runs);
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

// Names and texts.
std::vector<std::pair<std::string, std::string>> CsvFiles(const ReportContents& contents) {
  std::vector<std::pair<std::string, std::string>> files = {
      {"runs.csv", RunsTable(contents.runs).Csv()}, {"epochs.csv", EpochsCsv(contents.runs)}};
  const bool probed = std::any_of(contents.runs.begin(), contents.runs.end(),
                                  [](const StoredRun& run) { return run.ratios != nullptr; });
  if (probed) files.emplace_back("ratios.csv", RatiosCsv(contents.runs));
  if (contents.has_paper) {
    files.emplace_back("claims.csv", ClaimsTable(contents.claims).Csv());
    files.emplace_back("cells.csv", CellsTable(contents.cells).Csv());
    files.emplace_back("cell_runs.csv", CellRunsCsv(contents.paper));
    files.emplace_back("pairs.csv", PairsTable(contents.pairings).Csv());
  }
  if (!contents.sweep_runs.empty()) files.emplace_back("sweep.csv", contents.sweep.Csv());
  return files;
}

void MakeFolder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(folder + ": cannot make this folder: " + error.message());
}

// Removes the tables and the figures of sweeps that an older report left: it may have been of other
// runs.
void WriteTables(const std::string& folder, ReportContents& contents) {
  for (const char* name :
       {"ratios.csv", "claims.csv", "cells.csv", "cell_runs.csv", "pairs.csv", "sweep.csv"}) {
    std::error_code ignored;
    fs::remove(folder + "/" + name, ignored);
  }
  std::error_code error;
  std::vector<fs::path> old;
  for (fs::directory_iterator i(folder + "/figures", error), end; !error && i != end;
       i.increment(error)) {
    if (i->path().filename().string().starts_with(kSweepFigures)) old.push_back(i->path());
  }
  for (const fs::path& path : old) fs::remove(path, error);
  for (const auto& [name, text] : CsvFiles(contents)) {
    WriteFileAtomically(folder + "/" + name, text);
    contents.files.push_back(name);
  }
}

}  // namespace

std::string BesideRuns(const std::string& path, const std::string& name) {
  const fs::path runs(path);
  return ((fs::is_directory(runs) ? runs : runs.parent_path()) / name).string();
}

Report WriteReport(const std::string& path, const std::string& out) {
  const std::string folder = out.empty() ? BesideRuns(path, "report") : out;
  const Store store = ReadStore(path);
  ReportContents contents;
  contents.runs = SortedRuns(AllRuns(store));
  if (contents.runs.empty()) {
    throw Error(path + ": no finished run to report; first run: grove run SPEC.toml --out " + path);
  }
  for (const Journal& journal : store.journals()) {
    contents.provenance.insert(contents.provenance.end(), journal.provenance.begin(),
                               journal.provenance.end());
  }
  contents.warnings = LostRatios(contents.runs);
  AddSweep(contents);
  AddPaper(contents);

  MakeFolder(folder + "/figures");
  WriteTables(folder, contents);
  for (std::vector<Figure>* figures : {&contents.paper_figures, &contents.sweep_figures}) {
    for (std::string& warning : DrawAll(folder + "/figures", *figures, Formats::kSvgAndPng)) {
      contents.warnings.push_back(std::move(warning));
    }
  }
  Report report;
  report.page = folder + "/index.html";
  WriteFileAtomically(report.page, ReportPage(contents));
  report.has_paper = contents.has_paper;
  report.claims = std::move(contents.claims);
  report.metric = std::move(contents.metric);
  report.sweep = std::move(contents.sweep);
  report.warnings = std::move(contents.warnings);
  return report;
}

}  // namespace grove
