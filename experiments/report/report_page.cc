#include "experiments/report/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "experiments/report/html.h"
#include "experiments/report/paper_tables.h"
#include "experiments/report/run_tables.h"
#include "experiments/report/sweep_table.h"
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

// "Figure 3" of "figure3"; "" of any other name.
std::string Label(const Figure& figure) {
  const std::string prefix = "figure";
  return figure.name.starts_with(prefix) ? "Figure " + figure.name.substr(prefix.size()) : "";
}

std::string FigureHtml(const Figure& figure, const std::string& command) {
  return FillHtml("figure", {{"drawn", !figure.svg.empty()},
                             {"svg", InlineSvg(figure.svg, figure.name, figure.title)},
                             {"label", Label(figure)},
                             {"title", figure.title},
                             {"caption", figure.caption},
                             {"command", command},
                             {"name", figure.name}});
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

std::string SpecFiles(const std::vector<RunRecord>& runs) {
  std::set<std::string> names;
  for (const RunRecord& run : runs) names.insert(run.experiment);
  std::string files;
  for (const std::string& name : names) files += (files.empty() ? "" : " ") + name + ".toml";
  return files;
}

std::string SweepCommand(const std::vector<RunRecord>& runs) {
  return fmt::format("grove run {} --out DIR && grove report DIR", SpecFiles(runs));
}

Json Missing(const std::vector<Figure>& figures) {
  Json missing = Json::array();
  for (const Figure& figure : figures) {
    if (figure.missing.empty()) continue;
    missing.push_back({{"label", Label(figure)}, {"why", figure.missing}});
  }
  return missing;
}

// Those of the runs that are told of the paper.
std::string PaperSeeds(const ReportContents& contents) {
  std::set<uint64_t> seeds;
  for (const StoredRun& run : contents.runs) {
    if (run.settings.empty() && !run.datasets.empty()) seeds.insert(run.record->seed);
  }
  return SeedRanges(seeds);
}

std::string PaperSection(const ReportContents& contents) {
  const auto runs = std::count_if(
      contents.runs.begin(), contents.runs.end(),
      [](const StoredRun& run) { return run.settings.empty() && !run.datasets.empty(); });
  const std::string seeds = PaperSeeds(contents);
  std::string first, more;
  for (const Figure& figure : contents.paper_figures) {
    if (!figure.missing.empty()) continue;
    (first.empty() ? first : more) += FigureHtml(figure, PaperCommand(figure, seeds));
  }
  const auto& claims = contents.claims.claims;
  const bool many = std::any_of(claims.begin(), claims.end(),
                                [](const Judgement& j) { return j.available && !j.one_study; });
  return FillHtml(
      "paper", {{"verdict", VerdictLine(contents.claims)},
                {"first_figure", first},
                {"runs", runs},
                {"seeds", seeds},
                {"more_figures", more},
                {"missing", Missing(contents.paper_figures)},
                {"many", many},
                {"claims", ClaimsShown(contents.claims).Html()},
                {"evidence", EvidenceShown(contents.claims).Html()},
                {"cells", CellsShown(contents.cells).Html()},
                {"pairs", contents.pairings.empty() ? "" : PairsShown(contents.pairings).Html()}});
}

std::string SweepSection(const ReportContents& contents) {
  std::string metric = contents.metric;
  const bool dev = metric.starts_with("dev");
  metric[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(metric[0])));
  std::string figures;
  for (const Figure& figure : contents.sweep_figures) {
    if (!figure.missing.empty()) continue;
    figures += FigureHtml(figure, SweepCommand(contents.sweep_runs));
  }
  return FillHtml("sweep", {{"metric", metric},
                            {"figures", figures},
                            {"missing", Missing(contents.sweep_figures)},
                            {"dev", dev},
                            {"table", contents.sweep.Html()}});
}

Json Commands(const ReportContents& contents) {
  Json commands = Json::array();
  if (contents.has_paper) {
    commands.push_back(
        fmt::format("grove run experiments/specs/exp1.toml experiments/specs/exp2.toml "
                    "experiments/specs/exp3.toml --seeds '{}' --out DIR",
                    SeedsOption(PaperSeeds(contents))));
  }
  if (!contents.sweep_runs.empty()) {
    commands.push_back(fmt::format("grove run {} --out DIR", SpecFiles(contents.sweep_runs)));
  }
  commands.push_back("grove report DIR");
  return commands;
}

}  // namespace

bool PaperComesFirst(const ReportContents& contents) {
  std::set<std::string> swept;
  for (const RunRecord& run : contents.sweep_runs) swept.insert(run.experiment);
  return std::any_of(contents.runs.begin(), contents.runs.end(), [&](const StoredRun& run) {
    return run.settings.empty() && !run.datasets.empty() && !swept.contains(run.record->experiment);
  });
}

std::string ReportPage(const ReportContents& contents) {
  const Table failed = FailedRuns(contents.runs);
  const bool has_sweep = !contents.sweep_runs.empty();
  return FillHtml(
      "report",
      {{"title", contents.has_paper ? kPaperTitle : "Runs of " + SpecFiles(contents.sweep_runs)},
       {"style", PageFile("style.css")},
       {"warnings", contents.warnings},
       {"sweep_first", has_sweep && !PaperComesFirst(contents)},
       {"sweep", has_sweep ? SweepSection(contents) : ""},
       {"paper", contents.has_paper ? PaperSection(contents) : ""},
       {"failed", failed.empty() ? "" : failed.Html()},
       {"runs", contents.runs.size()},
       {"time", TrainingTime(contents.runs)},
       {"provenance", ProvenanceTable(contents.provenance).Html()},
       {"commands", Commands(contents)},
       {"files", contents.files}});
}

}  // namespace grove
