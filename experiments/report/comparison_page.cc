#include "experiments/report/comparison_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "engine/error.h"
#include "experiments/report/comparison_tables.h"
#include "experiments/report/data_package.h"
#include "experiments/report/explorer.h"
#include "experiments/report/figures.h"
#include "experiments/report/large_report.h"
#include "experiments/report/run_tables.h"
#include "experiments/report/side_by_side.h"
#include "experiments/report/template.h"
#include "experiments/runs/each_run.h"
#include "experiments/stats/mean_curves.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// The names of a path from its root on.
std::vector<std::string> PartsOf(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error).lexically_normal();
  std::vector<std::string> parts;
  for (const fs::path& part : whole.relative_path()) {
    if (!part.empty()) parts.push_back(part.string());
  }
  if (parts.empty()) parts.emplace_back("/");
  return parts;
}

std::string Ending(const std::vector<std::string>& parts, size_t length) {
  const size_t from = parts.size() - std::min(length, parts.size());
  return fmt::format(
      "{}", fmt::join(parts.begin() + static_cast<std::ptrdiff_t>(from), parts.end(), "/"));
}

// Of each as many names from its end as no other ends with.
std::vector<std::string> ShortestOf(const std::vector<std::vector<std::string>>& all) {
  std::vector<std::string> endings;
  for (size_t i = 0; i < all.size(); ++i) {
    const auto is_of_another = [&](size_t length) {
      for (size_t j = 0; j < all.size(); ++j) {
        if (j != i && Ending(all[j], length) == Ending(all[i], length)) return true;
      }
      return false;
    };
    size_t length = 1;
    while (length < all[i].size() && is_of_another(length)) ++length;
    endings.push_back(Ending(all[i], length));
  }
  return endings;
}

// Throws Error if what stands there cannot be compared, and if a journal of it is known already.
void CheckRuns(const std::string& path, std::map<std::string, std::string>& path_of_journal) {
  const std::vector<std::string> journals = JournalFiles(path);
  for (const std::string& journal : journals) {
    std::error_code error;
    const std::string file = fs::canonical(journal, error).string();
    const auto [known, is_new] = path_of_journal.emplace(error ? journal : file, path);
    if (!is_new) {
      throw Error(fmt::format("{}: given twice: {} has the same runs", path, known->second));
    }
  }
  size_t ended = 0;
  const EachRun runs(journals, nullptr);
  runs.Visit([&](std::string_view, const LineSubject& subject) {
    ended += subject.is_record && subject.is_final;
  });
  if (ended == 0) {
    throw Error(path + ": no finished run to compare; first: grove run SPEC.toml --out " + path);
  }
  if (runs.runs() > kMostRunsInDetail) {
    throw Error(fmt::format("{}: {} runs are too many to be compared one by one; at most {}", path,
                            runs.runs(), kMostRunsInDetail));
  }
}

ComparisonReport ReadFolders(const std::vector<std::string>& paths) {
  if (paths.size() < 2) throw Error("a comparison is of two folders or more");
  if (paths.size() > kMostFolders) {
    throw Error(fmt::format("{} folders; at most {} can be compared at a time", paths.size(),
                            kMostFolders));
  }
  std::map<std::string, std::string> path_of_journal;
  for (const std::string& path : paths) CheckRuns(path, path_of_journal);
  const std::vector<std::string> names = ShortestEndings(paths);
  ComparisonReport report;
  report.paths = paths;
  for (size_t i = 0; i < paths.size(); ++i) {
    const Store& store = report.stores.emplace_back(ReadStore(paths[i]));
    report.folders.push_back({names[i], SortedRuns(AllRuns(store))});
  }
  return report;
}

Table FoldersTable(const ComparisonReport& report) {
  Table table({Words("folder"), Words("path"), Numbers("runs"),
               Numbers("failed_or_diverged", "failed or diverged"), Words("seeds"),
               Numbers("time", "training")});
  for (size_t i = 0; i < report.folders.size(); ++i) {
    const ComparedFolder& folder = report.folders[i];
    std::set<uint64_t> seeds;
    for (const StoredRun& run : folder.runs) seeds.insert(run.record->seed);
    table.Add({folder.name, report.paths[i], folder.runs.size(), CountFailed(folder.runs),
               SeedRanges(seeds), TrainingTime(TotalSeconds(folder.runs))});
  }
  return table;
}

// The runs of all folders, one after the other, and the folder of each.
struct RunsOfAll {
  std::vector<StoredRun> runs;
  std::vector<std::string> folders;
};

RunsOfAll AllRunsOf(const ComparisonReport& report) {
  RunsOfAll all;
  for (const ComparedFolder& folder : report.folders) {
    all.runs.insert(all.runs.end(), folder.runs.begin(), folder.runs.end());
    all.folders.resize(all.runs.size(), folder.name);
  }
  return all;
}

// A table of which each row is of a folder.
Table WithFolders(const std::vector<std::string>& folders, const Table& table) {
  std::vector<Table::Column> columns = {Words("folder")};
  columns.insert(columns.end(), table.columns().begin(), table.columns().end());
  Table with(std::move(columns));
  for (size_t i = 0; i < folders.size(); ++i) {
    std::vector<Value> row = {folders[i]};
    row.insert(row.end(), table.rows()[i].begin(), table.rows()[i].end());
    with.Add(std::move(row));
  }
  return with;
}

Table FailedOf(const RunsOfAll& all) {
  RunsOfAll failed;
  for (size_t i = 0; i < all.runs.size() && failed.runs.size() < kMostRowsShown; ++i) {
    if (!all.runs[i].failed()) continue;
    failed.runs.push_back(all.runs[i]);
    failed.folders.push_back(all.folders[i]);
  }
  return WithFolders(failed.folders, FailedRuns(failed.runs));
}

Table Provenance(const ComparisonReport& report) {
  std::vector<std::vector<Json>> made(report.folders.size());
  size_t folder = 0;
  for (const Store& store : report.stores) {
    for (const Journal& journal : store.journals()) {
      made[folder].insert(made[folder].end(), journal.provenance.begin(), journal.provenance.end());
    }
    ++folder;
  }
  return SideBySide("made by", report.comparison.folders, ProvenanceDifferences(made));
}

std::string CommandOf(const ComparisonReport& report, const std::string& out) {
  std::string command = "grove report";
  for (const std::string& path : report.paths) command += " " + QuoteForShell(path);
  return command + " --out " + QuoteForShell(out);
}

Json FiguresHtml(const ComparisonReport& report, const std::string& command) {
  Json figures = Json::array();
  for (const Figure& figure : report.figures) figures.push_back(FigureHtml(figure, command));
  return figures;
}

std::string HtmlOrNothing(const Table& table) { return table.empty() ? "" : table.Html(); }

std::string ComparisonPage(const ComparisonReport& report, const RunsOfAll& all,
                           const std::string& out) {
  const Comparison& comparison = report.comparison;
  const std::vector<std::string>& names = comparison.folders;
  std::string metric = comparison.metric;
  const bool dev = metric.starts_with("dev");
  metric[0] = dev ? 'D' : 'T';
  const std::string command = CommandOf(report, out);
  const size_t cells = comparison.cells.size();
  const FolderSettings& settings = comparison.settings;
  return FillPage("comparison.html", Markup::kHtml,
                  {{"title", fmt::format("{} side by side", fmt::join(names, ", "))},
                   {"style", PageFile("style.css")},
                   {"verdicts", Verdicts(comparison)},
                   {"warnings", report.warnings},
                   {"differing", HtmlOrNothing(SideBySide("setting", names, settings.differing))},
                   {"varying", HtmlOrNothing(SideBySide("setting", names, settings.varying))},
                   {"equal", settings.equal},
                   {"figures", FiguresHtml(report, command)},
                   {"metric", metric},
                   {"first", names[0]},
                   {"dev", dev},
                   {"cells", CellsSideBySide(comparison, kMostRowsShown).Html()},
                   {"left_out", cells > kMostRowsShown ? Json(cells) : Json("")},
                   {"folders", FoldersTable(report).Html()},
                   {"explorer", RunExplorer(all.runs, all.folders)},
                   {"failed", HtmlOrNothing(FailedOf(all))},
                   {"provenance", HtmlOrNothing(Provenance(report))},
                   {"command", command}});
}

}  // namespace

std::vector<std::string> ShortestEndings(const std::vector<std::string>& paths) {
  std::vector<std::vector<std::string>> all;
  for (const std::string& path : paths) {
    all.push_back(PartsOf(path));
    for (const char* ending : {".gz", ".jsonl"}) {
      std::string& name = all.back().back();
      if (name.ends_with(ending)) name.resize(name.size() - std::string(ending).size());
    }
  }
  if (std::set(all.begin(), all.end()).size() == all.size()) return ShortestOf(all);
  all.clear();
  for (const std::string& path : paths) all.push_back(PartsOf(path));
  return ShortestOf(all);
}

ComparisonReport WriteComparison(const std::vector<std::string>& paths, const std::string& out) {
  ComparisonReport report = ReadFolders(paths);
  report.comparison = CompareFolders(report.folders);
  const std::vector<MeanCurve> curves = MeanCurves(report.comparison);
  report.figures = CurveFigures(report.comparison, curves);
  const RunsOfAll all = AllRunsOf(report);
  Files tables = {{"comparison.csv", ComparisonTable(report.comparison).Csv()},
                  {"curves.csv", CurvesTable(report.comparison, curves).Csv()},
                  {"runs.csv", WithFolders(all.folders, RunsTable(all.runs)).Csv()},
                  {"epochs.csv", EpochsCsv(all.runs)}};
  AddDataPackage("grove-comparison", "Folders of runs side by side", tables, {});
  WriteFiles(out, tables);
  report.warnings = DrawAll(out + "/figures", report.figures, Formats::kSvgAndPng);
  report.page = WriteFiles(out, {{"index.html", ComparisonPage(report, all, out)}}).front();
  RemoveOlderFigures(out + "/figures", kCurveFigures, report.figures);
  return report;
}

}  // namespace grove
