#include "experiments/report/study_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/report/paper_tables.h"
#include "experiments/report/run_tables.h"
#include "experiments/report/study_values.h"
#include "experiments/report/template.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

using Json = nlohmann::json;

constexpr char kReproduce[] = "make -C experiments reproduce SEEDS=1-25";

// The commands that make the runs of a figure, and the page from them.
std::pair<std::string, std::string> CommandsOf(const std::string& figure) {
  const auto page = [](const std::string& folder) {
    return "make -C experiments study FROM=../out" + folder;
  };
  if (figure == "variants") return {"make -C experiments ablations", page("/ablations")};
  if (figure == "length_depth") {
    return {"build/release/grove run experiments/specs/exp4.toml --out out/exp4", page("/exp4")};
  }
  if (figure == "node_ratios" || figure == "gates") {
    return {"build/release/grove run experiments/specs/observed.toml --out out/observed",
            page("/observed")};
  }
  return {kReproduce, page("")};
}

// The figures of these names that there is something to draw in.
std::string FiguresText(const std::vector<Figure>& figures, const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    for (const Figure& figure : figures) {
      if (figure.name != name || !figure.missing.empty()) continue;
      const auto [command, page_command] = CommandsOf(name);
      text += FillPage("figure.md", Markup::kMarkdown,
                       {{"title", figure.title},
                        {"name", name},
                        {"caption", figure.caption},
                        {"command", command},
                        {"page_command", page_command}});
    }
  }
  return text;
}

Json PaperSection(const Study& study, const std::vector<Figure>& figures) {
  if (study.paper.empty()) return false;
  Json paper = PaperValues(study);
  paper["claims_table"] = ClaimsShown(study.all).Markdown();
  paper["claims_figure"] = FiguresText(figures, {"claims"});
  const Table solved = SolvedShown(study.all);
  paper["solved"] = solved.empty() ? "" : solved.Markdown();
  paper["explained"] = ExplainedValues(study);
  paper["accuracy_figures"] = FiguresText(figures, {"experiment1", "experiment2"});
  paper["cells_table"] = CellsShown(study.cells).Markdown();
  paper["pairs_table"] = study.pairings.empty() ? "" : PairsShown(study.pairings).Markdown();
  paper["ratios_figure"] = FiguresText(figures, {"ratios"});
  return paper;
}

Json VariantsSection(const Study& study, const std::vector<Figure>& figures) {
  const bool judged = std::any_of(study.variants.begin(), study.variants.end(),
                                  [](const JudgedVariant& v) { return v.judgements.judged() > 0; });
  if (!judged) return false;
  Json variants = VariantValues(study);
  variants["table"] = VariantsShown(study.variants).Markdown();
  variants["figure"] = FiguresText(figures, {"variants"});
  return variants;
}

Json LengthDepthSection(const Study& study, const std::vector<Figure>& figures) {
  if (study.length_depth.empty()) return false;
  Json values = LengthDepthValues(study);
  values["figure"] = FiguresText(figures, {"length_depth"});
  return values;
}

Json ObservedSection(const Study& study, const std::vector<Figure>& figures) {
  if (study.node_ratios.empty()) return false;
  return {{"figures", FiguresText(figures, {"node_ratios", "gates"})}};
}

}  // namespace

Table StudyClaimsTable(const Study& study) {
  Table table = Table::Named({"claim", "paper", "holds_when", "verdict", "upheld_of_1000",
                              "upheld_of_1000_seeds_6_25", "holds_seeds_1_5", "value", "low",
                              "high", "relation", "threshold", "unit", "deciding_cells_alone",
                              "measured", "solved_runs"});
  for (size_t i = 0; i < study.all.claims.size(); ++i) {
    const Judgement& j = study.all.claims[i];
    table.Add({j.claim->id, j.claim->paper, j.claim->holds_when, ToString(j.verdict()), Upheld(j),
               Upheld(study.confirming.claims[i]), ToString(study.reported.claims[i].verdict()),
               j.value, j.interval.low, j.interval.high, ToString(j.condition().relation),
               j.condition().threshold, Unit(j.condition().statistic),
               ToString(study.deciding.claims[i].verdict()), j.available ? j.text : j.missing,
               ToText(j.solved)});
  }
  return table;
}

Table JournalsTable(const Study& study) {
  Table table = Table::Named({"journal", "runs", "failed", "diverged", "core_hours", "commits",
                              "simd_target", "first_started"});
  for (const Journal& journal : study.store.journals()) {
    int failed = 0, diverged = 0;
    double seconds = 0;
    for (const RunRecord& run : journal.records) {
      failed += run.status == "failed";
      diverged += run.status == "diverged";
      seconds += run.seconds;
    }
    std::string commits, target, date;
    for (const Json& provenance : journal.provenance) {
      const std::string commit = provenance.value("commit", "");
      if (commits.find(commit) == std::string::npos) {
        commits += (commits.empty() ? "" : " ") + commit;
      }
      if (target.empty()) target = provenance.value("simd_target", "");
      if (date.empty()) date = provenance.value("date", "");
    }
    table.Add({journal.name, journal.records.size(), failed, diverged,
               std::round(seconds / 36) / 100, commits, target, date});
  }
  return table;
}

std::string StudyPage(const Study& study, const std::vector<Figure>& figures) {
  int failed = 0;
  for (const StoredRun& run : study.runs) failed += run.failed();
  size_t trained = 0;
  for (const Journal& journal : study.store.journals()) trained += journal.records.size();
  const size_t again = trained - study.runs.size();
  return FillPage("study.md", Markup::kMarkdown,
                  {{"paper", PaperSection(study, figures)},
                   {"variants", VariantsSection(study, figures)},
                   {"observed", ObservedSection(study, figures)},
                   {"length_depth", LengthDepthSection(study, figures)},
                   {"runs", study.runs.size()},
                   {"journals", study.store.journals().size()},
                   {"time", TrainingTime(study.runs)},
                   {"failed", failed},
                   {"again", again > 0 ? Json(again) : Json("")}});
}

}  // namespace grove
