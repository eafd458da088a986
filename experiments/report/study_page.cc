// What pages/study.md is filled with: rows of the study's tables as people read them, under the
// names of their columns, and what else the page tells. All prose stands there.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/report/figures.h"
#include "experiments/report/paper_tables.h"
#include "experiments/report/run_tables.h"
#include "experiments/report/study.h"
#include "experiments/report/template.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

using Json = nlohmann::json;

constexpr double kAlmostAll = 0.9;  // of the runs, where a dataset counts as solved
constexpr int kLuckLines = 4;       // all claims, all but one, ...
constexpr double kRhoThreshold = 0.7;
constexpr char kCode[] = "l2 = 0.001";  // the penalty of the authors' code

// The command that makes the runs of a figure, and their folder in out.
std::pair<std::string, std::string> SourceOf(const std::string& figure) {
  const std::string run = "build/release/grove run experiments/specs/";
  if (figure == "variants") return {"make -C experiments ablations", "/ablations"};
  if (figure == "length_depth") return {run + "exp4.toml --out out/exp4", "/exp4"};
  if (figure == "node_ratios" || figure == "gates") {
    return {run + "observed.toml --out out/observed", "/observed"};
  }
  return {"make -C experiments reproduce SEEDS=1-25", ""};
}

// The figures of these names that there is something to draw in.
std::string FiguresText(const std::vector<Figure>& figures, const std::set<std::string>& names) {
  std::string text;
  for (const Figure& figure : figures) {
    if (!names.contains(figure.name) || !figure.missing.empty()) continue;
    const auto [command, folder] = SourceOf(figure.name);
    text += FigureMarkdown(figure, command, "make -C experiments study FROM=../out" + folder);
  }
  return text;
}

// How many studies uphold at least `claims` claims.
int StudiesWith(const Judgements& judgements, int claims) {
  const std::vector<int>& held = judgements.claims_of_a_study;
  return static_cast<int>(
      std::count_if(held.begin(), held.end(), [&](int h) { return h >= claims; }));
}

// Up to which words almost all runs of rlstm solve the dataset, and how many these are.
Json Reach(const Study& study) {
  int solved = 0, runs = 0, dataset = 0;
  for (const Cell& cell : study.cells) {
    if (cell.name.experiment != 1 || cell.name.model != "rlstm") continue;
    if (cell.name.dataset != dataset + 1 || cell.solved < kAlmostAll * cell.spread.n) break;
    ++dataset;
    solved += cell.solved;
    runs += cell.spread.n;
  }
  if (dataset == 0) return false;
  const std::string words = WordsText({1, dataset});
  return {{"words", words.substr(words.find('-') + 1)}, {"solved", solved}, {"runs", runs}};
}

Json Luck(const Judgements& judgements) {
  Json lines = Json::array();
  const int claims = judgements.judged();
  for (int held = claims; held > claims - kLuckLines && held > 0; --held) {
    lines.push_back(
        {{"studies", StudiesWith(judgements, held)}, {"claims", held}, {"all", held == claims}});
  }
  return lines;
}

// Of experiment 1, the last three datasets.
Json LongestCells(const Study& study) {
  const std::vector<Json> rows = CellsTable(study.cells).Rows();
  Json cells = Json::array();
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto& [experiment, dataset, model] = study.cells[i].name;
    if (experiment == 1 && model == "rlstm" && dataset >= 8) cells.push_back(rows[i]);
  }
  return cells;
}

Json RhoValues(const Study& study, int after) {
  std::vector<double> rhos, epochs;
  for (const DevRho& run : DevRhos(study.paper, after)) {
    rhos.push_back(run.rho);
    epochs.push_back(run.epochs);
  }
  return {{"above",
           std::count_if(rhos.begin(), rhos.end(), [](double rho) { return rho > kRhoThreshold; })},
          {"runs", rhos.size()},
          {"epochs", FormatNumber(Median(epochs))},
          {"rho", FormatNumber(Median(rhos))}};
}

Json LastEpochs(const Study& study) {
  std::vector<double> train;
  for (const StoredRun& run : study.paper.Probes("rnn")) {
    train.push_back(run.record->history.back().train_accuracy);
  }
  Json epochs = Json::array();
  for (int epoch = 2; epoch <= 6; ++epoch) {
    epochs.push_back(
        {{"ratio", FormatNumber(RatioAdvantage(study.paper, epoch))}, {"epoch", epoch}});
  }
  return {{"train", FormatNumber(100 * Median(train))}, {"epochs", epochs}};
}

// The claims that do not hold, each with what is known of why.
Json Explained(const Study& study) {
  const std::vector<Json> rows = ClaimsTable(study.all).Rows();
  Json all = Json::array();
  for (size_t i = 0; i < rows.size(); ++i) {
    const Judgement& j = study.all.claims[i];
    if (!j.available || j.holds()) continue;
    Json& why = all.emplace_back(rows[i]);
    for (const char* reason : {"bimodal", "jump", "last_epochs", "other"}) why[reason] = false;
    why["share"] = FormatNumber(100 * j.upheld);
    why["many"] = !j.one_study;
    const std::string id = j.claim->id;
    if (id == "E1.5" && !j.one_study) {
      why["bimodal"] = {{"cells", LongestCells(study)}};
    } else if (id == "E3.7") {
      why["jump"] = {{"with", RhoValues(study, kEpochsAfterPeak)}, {"until", RhoValues(study, 0)}};
    } else if (id == "E3.8") {
      why["last_epochs"] = LastEpochs(study);
    } else {
      why["other"] = true;
    }
  }
  return all;
}

// The default settings on all seeds, and how they fare.
Json PaperSection(const Study& study, const std::vector<Figure>& figures) {
  if (study.paper.empty()) return false;
  const RunSpec run = Resolve(RunSpec());
  const bool many = study.all.many_studies();
  const bool apart = many && study.reported.judged() > 0;
  const Table solved = SolvedShown(study.all);
  return {{"held", study.all.held()},
          {"judged", study.all.judged() > 0},
          {"claims", study.all.claims.size()},
          {"seed_count", study.seeds.size()},
          {"seeds", SeedRanges(study.seeds)},
          {"reported", apart ? Json(study.reported.held()) : Json("")},
          {"as_lucky", StudiesWith(study.all, study.reported.held())},
          {"l2", FormatNumber(run.l2)},
          {"l2_on", run.l2_words ? "all parameters" : "all but the word vectors"},
          {"leaf_weights", run.leaf_weights},
          {"first_step", run.first_step},
          {"patience_against", run.patience_against},
          {"tree", DatasetSpec().tree},
          {"failing", study.all.Failing()},
          {"unjudged", study.all.Unjudged()},
          {"reach", Reach(study)},
          {"many", many},
          {"luck", Luck(study.all)},
          {"explained", Explained(study)},
          {"claims_table", ClaimsShown(study.all).Markdown()},
          {"claims_figure", FiguresText(figures, {"claims"})},
          {"solved", solved.empty() ? "" : solved.Markdown()},
          {"accuracy_figures", FiguresText(figures, {"experiment1", "experiment2"})},
          {"cells_table", CellsTable(study.cells).Markdown()},
          {"pairs_table", study.pairings.empty() ? "" : PairsTable(study.pairings).Markdown()},
          {"ratios_figure", FiguresText(figures, {"ratios"})}};
}

// "l2 = 0.0002 (again on seeds 1-5: 16 of 17), tree = merge".
std::string Names(const std::vector<const JudgedVariant*>& variants) {
  std::string names;
  for (const JudgedVariant* v : variants) {
    names += (names.empty() ? "" : ", ") + v->variant.label;
    if (v->confirmed.judged() > 0) {
      names += fmt::format(" ({} on seeds 1-5)", HeldOf(v->confirmed));
    }
  }
  return names;
}

// What the table tells of a variant; false unless it is judged.
Json VariantRow(const Study& study, const std::string& label) {
  const std::vector<Json> rows = VariantsTable(study.variants).Rows();
  for (size_t i = 0; i < rows.size(); ++i) {
    const JudgedVariant& v = study.variants[i];
    if (v.variant.label == label && v.judgements.judged() > 0) return rows[i];
  }
  return false;
}

// The penalty of the authors' code, and what the ends of the range do.
Json CodeValues(const Study& study) {
  Json values = VariantRow(study, kCode);
  if (values == false) return false;
  values["l2"] = FormatNumber(RunSpec().l2);
  values["median"] = "";
  for (const Json& row : VerdictsTable(study.variants).Rows()) {
    if (row["variant"] == kCode && row["claim"] == "E1.3") values["median"] = row["value"];
  }
  values["without"] = VariantRow(study, "l2 = 0");
  values["weights_only"] = VariantRow(study, "l2 = 0.001, l2_words = false");
  return values;
}

// How the default fares among the variants.
Json StandardValues(const Study& study) {
  const double share = study.standard().judgements.share();
  if (std::isnan(share)) return false;
  std::vector<const JudgedVariant*> better, equals;
  for (const JudgedVariant& v : study.variants) {
    if (v.is_default() || v.judgements.judged() == 0) continue;
    if (v.judgements.share() > share) better.push_back(&v);
    if (v.judgements.share() == share) equals.push_back(&v);
  }
  Json values = VariantRow(study, Variant().label);
  values["better"] = Names(better);
  values["equals"] = Names(equals);
  values["again"] = false;
  if (study.reported.judged() > 0) {
    const bool confirmed = study.confirming.judged() > 0;
    values["again"] = {{"reported", study.reported.held()},
                       {"confirming", confirmed ? Json(study.confirming.held()) : Json("")},
                       {"claims", study.all.claims.size()}};
  }
  return values;
}

Json VariantsSection(const Study& study, const std::vector<Figure>& figures) {
  const bool judged = std::any_of(study.variants.begin(), study.variants.end(),
                                  [](const JudgedVariant& v) { return v.judgements.judged() > 0; });
  if (!judged) return false;
  int equal = 0;
  for (size_t i = 0; i < study.all.claims.size(); ++i) {
    equal += study.all.claims[i].verdict() == study.deciding.claims[i].verdict();
  }
  Json deciding = false;
  if (study.all.judged() > 0) deciding = {{"equal", equal}, {"claims", study.all.claims.size()}};
  return {{"standard", StandardValues(study)},
          {"deciding", deciding},
          {"code", CodeValues(study)},
          {"table", VariantsTable(study.variants).Markdown()},
          {"figure", FiguresText(figures, {"variants"})}};
}

// The ranges of medians over the lengths, at the least and at the greatest depth.
Json LengthDepthSection(const Study& study, const std::vector<Figure>& figures) {
  if (study.length_depth.empty()) return false;
  const auto [least, greatest] = std::minmax_element(
      study.length_depth.begin(), study.length_depth.end(),
      [](const LengthDepth& a, const LengthDepth& b) { return a.depth < b.depth; });
  const auto range = [&](const std::string& model, int depth) {
    std::vector<double> medians;
    for (const LengthDepth& c : study.length_depth) {
      if (c.model == model && c.depth == depth) medians.push_back(c.median);
    }
    return fmt::format("{} to {} %", FormatNumber(Quantile(medians, 0)),
                       FormatNumber(Quantile(medians, 1)));
  };
  Json models = Json::array();
  std::set<std::string> seen;
  int runs = 0;
  for (const LengthDepth& c : study.length_depth) {
    runs += c.n;
    if (!seen.insert(c.model).second) continue;
    models.push_back({{"model", c.model},
                      {"least", range(c.model, least->depth)},
                      {"greatest", range(c.model, greatest->depth)}});
  }
  return {{"runs", runs},
          {"models", models},
          {"least_depth", least->depth},
          {"greatest_depth", greatest->depth},
          {"figure", FiguresText(figures, {"length_depth"})}};
}

Json ObservedSection(const Study& study, const std::vector<Figure>& figures) {
  if (study.observed.node_ratios.empty()) return false;
  return {{"figures", FiguresText(figures, {"node_ratios", "gates"})}};
}

}  // namespace

std::string StudyPage(const Study& study, const std::vector<Figure>& figures) {
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
                   {"time", TrainingTime(TotalSeconds(study.runs))},
                   {"failed", CountFailed(study.runs)},
                   {"again", again > 0 ? Json(again) : Json("")}});
}

}  // namespace grove
