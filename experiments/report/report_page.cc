#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "experiments/report/explorer.h"
#include "experiments/report/figures.h"
#include "experiments/report/paper_tables.h"
#include "experiments/report/report.h"
#include "experiments/report/run_tables.h"
#include "experiments/report/template.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

using Json = nlohmann::json;

constexpr char kPaperTitle[] =
    "Long-distance dependencies in recursive networks: RNN and recursive LSTM";

std::string FillHtml(const std::string& page, const Json& data) {
  return FillPage(page + ".html", Markup::kHtml, data);
}

// As --seeds takes them.
std::string SeedsOption(std::string seeds) {
  std::erase(seeds, ' ');
  return seeds;
}

// What draws one of figures 3 to 7 from nothing.
std::string PaperCommand(const Figure& figure, const std::string& seeds) {
  const int experiment = figure.name == "figure3" ? 1 : figure.name == "figure4" ? 2 : 3;
  return fmt::format(
      "grove run experiments/specs/exp{}.toml --seeds '{}' --out DIR && grove report DIR",
      experiment, SeedsOption(seeds));
}

std::string SpecFiles(const Report& report) {
  std::string files;
  for (const std::string& name : report.sweep_experiments) {
    files += (files.empty() ? "" : " ") + name + ".toml";
  }
  return files;
}

Json Missing(const std::vector<Figure>& figures) {
  Json missing = Json::array();
  for (const Figure& figure : figures) {
    if (figure.missing.empty()) continue;
    missing.push_back({{"label", FigureLabel(figure)}, {"why", figure.missing}});
  }
  return missing;
}

// Those of the runs that are told of the paper.
std::string PaperSeeds(const Report& report) {
  std::set<uint64_t> seeds;
  for (const StoredRun& run : report.runs) {
    if (run.of_paper()) seeds.insert(run.record->seed);
  }
  return SeedRanges(seeds);
}

std::string PaperSection(const Report& report) {
  const auto runs = std::count_if(report.runs.begin(), report.runs.end(),
                                  [](const StoredRun& run) { return run.of_paper(); });
  const std::string seeds = PaperSeeds(report);
  std::string first, more;
  for (const Figure& figure : report.paper_figures) {
    if (!figure.missing.empty()) continue;
    (first.empty() ? first : more) += FigureHtml(figure, PaperCommand(figure, seeds));
  }
  return FillHtml("paper",
                  {{"verdict", VerdictLine(report.claims)},
                   {"first_figure", first},
                   {"runs", runs},
                   {"seeds", seeds},
                   {"more_figures", more},
                   {"missing", Missing(report.paper_figures)},
                   {"many", report.claims.many_studies()},
                   {"claims", ClaimsShown(report.claims).Html()},
                   {"evidence", EvidenceShown(report.claims).Html()},
                   {"cells", CellsTable(report.cells).Html()},
                   {"pairs", report.pairings.empty() ? "" : PairsTable(report.pairings).Html()}});
}

std::string SweepSection(const Report& report) {
  std::string metric = report.metric;
  const bool dev = metric.starts_with("dev");
  metric[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(metric[0])));
  std::string figures;
  for (const Figure& figure : report.sweep_figures) {
    if (!figure.missing.empty()) continue;
    figures += FigureHtml(
        figure, fmt::format("grove run {} --out DIR && grove report DIR", SpecFiles(report)));
  }
  return FillHtml("sweep", {{"metric", metric},
                            {"each_run", !report.runs.empty()},
                            {"figures", figures},
                            {"missing", Missing(report.sweep_figures)},
                            {"dev", dev},
                            {"table", report.sweep.Html()}});
}

Json Commands(const Report& report) {
  Json commands = Json::array();
  if (report.has_paper) {
    commands.push_back(
        fmt::format("grove run experiments/specs/exp1.toml experiments/specs/exp2.toml "
                    "experiments/specs/exp3.toml --seeds '{}' --out DIR",
                    SeedsOption(PaperSeeds(report))));
  }
  if (!report.sweep.empty()) {
    commands.push_back(fmt::format("grove run {} --out DIR", SpecFiles(report)));
  }
  commands.push_back("grove report DIR");
  return commands;
}

// Of all runs that there are; those that are done are no longer unfinished.
std::string ExplorerSection(const Report& report) {
  std::vector<StoredRun> runs = report.runs;
  for (const RunRecord& run : report.unfinished.runs) {
    if (report.store.Find(run.key) == nullptr) runs.emplace_back(run);
  }
  return runs.empty() ? "" : RunExplorer(SortedRuns(std::move(runs)));
}

}  // namespace

std::string ReportPage(const Report& report) {
  const bool has_sweep = !report.sweep.empty();
  return FillHtml("report",
                  {{"title", report.has_paper ? kPaperTitle : "Runs of " + SpecFiles(report)},
                   {"style", PageFile("style.css")},
                   {"warnings", report.warnings},
                   {"sweep_first", !report.paper_first},
                   {"sweep", has_sweep ? SweepSection(report) : ""},
                   {"paper", report.has_paper ? PaperSection(report) : ""},
                   {"unfinished", report.unfinished.line},
                   {"going_on", report.unfinished.going_on},
                   {"explorer", ExplorerSection(report)},
                   {"failed", report.failed.empty() ? "" : report.failed.Html()},
                   {"runs", report.run_count},
                   {"time", TrainingTime(report.seconds)},
                   {"provenance", ProvenanceTable(report.provenance).Html()},
                   {"commands", Commands(report)},
                   {"files", report.files}});
}

}  // namespace grove
