// grove report PATH...: writes tables, figures and a page, of one folder of runs or of several side
// by side, and prints what was found.
#include <iostream>
#include <memory>

#include "engine/error.h"
#include "experiments/cli/cli.h"
#include "experiments/report/cells_page.h"
#include "experiments/report/comparison_page.h"
#include "experiments/report/comparison_tables.h"
#include "experiments/report/large_report.h"
#include "experiments/report/paper_tables.h"
#include "experiments/report/report.h"
#include "experiments/report/side_by_side.h"
#include "experiments/report/study.h"
#include "experiments/report/tensorboard.h"

namespace grove {
namespace {

constexpr char kComparisonFolder[] = "comparison";

struct ReportOptions {
  std::vector<std::string> paths;
  std::string out;
  std::string page = "runs";
  std::string tensorboard;  // folder; empty: none

  const std::string& path() const { return paths[0]; }  // where there is one
};

void PrintJson(const Report& report) {
  nlohmann::ordered_json all;
  if (report.has_paper) {
    all["verdict"] = VerdictLine(report.claims);
    all["claims"] = ClaimsTable(report.claims).Json();
  }
  if (!report.sweep.empty()) {
    all["metric"] = report.metric;
    all["sweep"] = report.sweep.Json();
  }
  all["warnings"] = report.warnings;
  all["page"] = report.page;
  std::cout << all.dump(2) << std::endl;
}

void PrintTables(const Report& report) {
  if (!report.sweep.empty()) {
    std::cout << report.metric << " (%)\n" << report.sweep.Text();
  }
  if (report.has_paper) {
    std::cout << ClaimsShown(report.claims).Text() << VerdictLine(report.claims) << "\n";
  }
  std::cout << report.page << std::endl;
}

// The folder of a page that is a README.md.
std::string PageFolder(const ReportOptions& options) {
  return options.out.empty() ? BesideRuns(options.path(), options.page) : options.out;
}

int WriteStudyPage(const ReportOptions& options, const GlobalOptions& globals) {
  const Study study = ComputeStudy(options.path());
  const std::string out = PageFolder(options);
  const std::vector<std::string> paths = WriteStudy(study, out);
  if (globals.json) {
    const nlohmann::ordered_json all = {{"verdict", VerdictLine(study.all)},
                                        {"claims", StudyClaimsTable(study).Json()},
                                        {"page", out + "/README.md"},
                                        {"files", paths}};
    std::cout << all.dump(2) << std::endl;
  } else {
    std::cout << VerdictLine(study.all) << "\n" << out << "/README.md" << std::endl;
  }
  return 0;
}

int WriteCellsPage(const ReportOptions& options, const GlobalOptions& globals) {
  const CellStudy study = ComputeCellStudy(options.path());
  const std::string out = PageFolder(options);
  const std::vector<std::string> paths = WriteCellStudy(study, out);
  if (globals.json) {
    const nlohmann::ordered_json all = {{"choices", ChoicesTable(study.choices).Json()},
                                        {"cells", CellsTable(study.cells).Json()},
                                        {"page", out + "/README.md"},
                                        {"files", paths}};
    std::cout << all.dump(2) << std::endl;
  } else {
    std::cout << AccuracyTable(study, 1).Text() << AccuracyTable(study, 2).Text() << out
              << "/README.md" << std::endl;
  }
  return 0;
}

void PrintComparisonJson(const ComparisonReport& report) {
  const Comparison& comparison = report.comparison;
  const FolderSettings& settings = comparison.settings;
  const auto table = [&](const std::vector<SideRow>& rows) {
    return SideBySide("setting", comparison.folders, rows).Json();
  };
  const nlohmann::ordered_json all = {{"folders", comparison.folders},
                                      {"metric", comparison.metric},
                                      {"settings_that_differ", table(settings.differing)},
                                      {"settings_that_vary", table(settings.varying)},
                                      {"equal_settings", settings.equal},
                                      {"comparison", ComparisonTable(comparison).Json()},
                                      {"warnings", report.warnings},
                                      {"page", report.page}};
  std::cout << all.dump(2) << std::endl;
}

void PrintComparison(const ComparisonReport& report) {
  const Comparison& comparison = report.comparison;
  if (!comparison.settings.differing.empty()) {
    std::cout << SideBySide("setting", comparison.folders, comparison.settings.differing).Text()
              << "\n";
  }
  std::cout << comparison.metric << " (%)\n" << CellsSideBySide(comparison, kMostRowsShown).Text();
  for (const std::string& line : Verdicts(comparison)) std::cout << line << "\n";
  std::cout << report.page << std::endl;
}

int CompareRuns(const ReportOptions& options, const GlobalOptions& globals) {
  if (options.page != "runs") {
    throw Error("--page " + options.page + " is of one folder of runs; several are compared");
  }
  if (!options.tensorboard.empty()) {
    throw Error("--tensorboard is of one folder of runs; several are compared");
  }
  const std::string out = options.out.empty() ? kComparisonFolder : options.out;
  const ComparisonReport report = WriteComparison(options.paths, out);
  for (const std::string& warning : report.warnings) {
    std::cerr << "grove: warning: " << warning << "\n";
  }
  globals.json ? PrintComparisonJson(report) : PrintComparison(report);
  return 0;
}

int RunReport(const ReportOptions& options, const GlobalOptions& globals) {
  if (options.paths.size() > 1) return CompareRuns(options, globals);
  if (!options.tensorboard.empty()) {
    const size_t written = WriteTensorBoard(options.path(), options.tensorboard);
    if (!globals.json) {
      std::cout << options.tensorboard << ": " << written << " runs for TensorBoard" << std::endl;
    }
  }
  if (options.page == "study") return WriteStudyPage(options, globals);
  if (options.page == "cells") return WriteCellsPage(options, globals);
  const Report report = WriteReport(options.path(), options.out);
  for (const std::string& warning : report.warnings) {
    std::cerr << "grove: warning: " << warning << "\n";
  }
  globals.json ? PrintJson(report) : PrintTables(report);
  return 0;
}

}  // namespace

void AddReportCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command =
      app.add_subcommand("report", "Write figures and tables of finished runs, and a page of them");
  const auto options = std::make_shared<ReportOptions>();
  command
      ->add_option("PATH", options->paths,
                   "Runs: an --out folder of grove run, a journal (NAME.jsonl, NAME.jsonl.gz), or "
                   "a folder of journals. Several are put side by side: settings that differ, "
                   "accuracies of each cell with the difference to the first, curves")
      ->required();
  command->add_option(
      "-o,--out", options->out,
      "Folder to write (default: report, study or cells in the folder of the runs; of several "
      "the folder comparison here)");
  command
      ->add_option("--page", options->page,
                   "runs: index.html of any runs. study: README.md, the whole study of the paper "
                   "with its variants. cells: README.md, every cell at the best of its grid")
      ->check(CLI::IsMember({"runs", "study", "cells"}))
      ->capture_default_str();
  command
      ->add_option("--tensorboard", options->tensorboard,
                   "Write the curves of every run into this folder too, as TensorBoard's event "
                   "files: loss and accuracies by epoch")
      ->type_name("DIR");
  command->callback([options, &globals] {
    globals.command = [options, &globals] { return RunReport(*options, globals); };
  });
}

}  // namespace grove
