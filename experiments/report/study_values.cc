#include "experiments/report/study_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/report/run_tables.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

using Json = nlohmann::json;

constexpr double kAlmostAll = 0.9;  // of the runs, where a dataset counts as solved
constexpr int kLuckLines = 4;       // all claims, all but one, ...
constexpr double kRhoThreshold = 0.7;

bool HasManyStudies(const Judgements& judgements) {
  return std::any_of(judgements.claims.begin(), judgements.claims.end(),
                     [](const Judgement& j) { return j.available && !j.one_study; });
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
    lines.push_back({{"studies", StudiesWith(judgements, held)},
                     {"claims", held},
                     {"all", held == claims},
                     {"last", held == claims - kLuckLines + 1 || held == 1}});
  }
  return lines;
}

// Of experiment 1, the last three datasets.
Json Bimodal(const Study& study, const Judgement& j) {
  Json cells = Json::array();
  for (const Cell& cell : study.cells) {
    const auto& [experiment, dataset, model] = cell.name;
    if (experiment != 1 || model != "rlstm" || dataset < 8) continue;
    cells.push_back({{"solved", cell.solved},
                     {"n", cell.spread.n},
                     {"words", WordsText({experiment, dataset})},
                     {"last", dataset == kPaperDatasets}});
  }
  return {{"cells", cells}, {"share", FormatNumber(100 * j.upheld)}};
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

Json LastEpochs(const Study& study, const Judgement& j) {
  std::vector<double> train;
  for (const StoredRun& run : study.paper.Probes("rnn")) {
    train.push_back(run.record->history.back().train_accuracy);
  }
  constexpr int kFirst = 2, kLast = 6;
  Json epochs = Json::array();
  for (int epoch = kFirst; epoch <= kLast; ++epoch) {
    epochs.push_back({{"ratio", FormatNumber(RatioAdvantage(study.paper, epoch))},
                      {"epoch", epoch},
                      {"last", epoch == kLast}});
  }
  return {{"train", FormatNumber(100 * Median(train))},
          {"epochs", epochs},
          {"value", FormatNumber(j.value)}};
}

std::string WithUnit(double number, const Condition& condition) {
  const std::string unit = Unit(condition.statistic);
  return FormatNumber(number) + (unit.empty() ? "" : " " + unit);
}

Json Explained(const Study& study, const Judgement& j) {
  const std::string id = j.claim->id;
  Json why = {{"id", id},      {"paper_says", j.claim->paper}, {"bimodal", false},
              {"jump", false}, {"last_epochs", false},         {"other", false}};
  if (id == "E1.5" && !j.one_study) {
    why["bimodal"] = Bimodal(study, j);
  } else if (id == "E3.7") {
    why["jump"] = {{"with", RhoValues(study, kEpochsAfterPeak)}, {"until", RhoValues(study, 0)}};
  } else if (id == "E3.8") {
    why["last_epochs"] = LastEpochs(study, j);
  } else {
    why["other"] = {{"value", WithUnit(j.value, j.condition())},
                    {"threshold", ToString(j.condition().relation) + " " +
                                      WithUnit(j.condition().threshold, j.condition())},
                    {"share", FormatNumber(100 * j.upheld)},
                    {"many", !j.one_study},
                    {"holds_when", j.claim->holds_when}};
  }
  return why;
}

// "14 of 17".
std::string HeldOf(const Judgements& judgements) {
  return fmt::format("{} of {}", judgements.held(), judgements.judged());
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

const JudgedVariant* FindVariant(const Study& study, const std::string& label) {
  for (const JudgedVariant& v : study.variants) {
    if (v.variant.label == label && v.judgements.judged() > 0) return &v;
  }
  return nullptr;
}

Json HeldValues(const JudgedVariant* variant) {
  if (variant == nullptr) return false;
  return {{"held", variant->judgements.held()}, {"judged", variant->judgements.judged()}};
}

// The penalty of the authors' code, and what the ends of the range do.
Json CodeValues(const Study& study) {
  const JudgedVariant* code = FindVariant(study, "l2 = 0.001");
  if (code == nullptr) return false;
  Json values = HeldValues(code);
  values["l2"] = FormatNumber(RunSpec().l2);
  values["median"] = "";
  for (const Judgement& j : code->judgements.claims) {
    if (j.claim->id == std::string("E1.3") && j.available) values["median"] = FormatNumber(j.value);
  }
  values["without"] = HeldValues(FindVariant(study, "l2 = 0"));
  values["weights_only"] = HeldValues(FindVariant(study, "l2 = 0.001, l2_words = false"));
  return values;
}

Json StandardValues(const Study& study) {
  const JudgedVariant& standard = study.standard();
  const double share = standard.judgements.share();
  if (std::isnan(share)) return false;
  std::vector<const JudgedVariant*> better, equals;
  for (const JudgedVariant& v : study.variants) {
    if (v.is_default() || v.judgements.judged() == 0) continue;
    if (v.judgements.share() > share) better.push_back(&v);
    if (v.judgements.share() == share) equals.push_back(&v);
  }
  Json values = HeldValues(&standard);
  values["share"] = FormatNumber(100 * share);
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

}  // namespace

nlohmann::json PaperValues(const Study& study) {
  const RunSpec run = Resolve(RunSpec());
  const bool many = HasManyStudies(study.all);
  const bool apart = many && study.reported.judged() > 0;
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
          {"luck", Luck(study.all)}};
}

nlohmann::json ExplainedValues(const Study& study) {
  Json all = Json::array();
  for (const Judgement& j : study.all.claims) {
    if (j.available && !j.holds()) all.push_back(Explained(study, j));
  }
  return all;
}

nlohmann::json VariantValues(const Study& study) {
  int equal = 0;
  for (size_t i = 0; i < study.all.claims.size(); ++i) {
    equal += study.all.claims[i].verdict() == study.deciding.claims[i].verdict();
  }
  Json deciding = false;
  if (study.all.judged() > 0) deciding = {{"equal", equal}, {"claims", study.all.claims.size()}};
  return {{"standard", StandardValues(study)}, {"deciding", deciding}, {"code", CodeValues(study)}};
}

nlohmann::json LengthDepthValues(const Study& study) {
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
                      {"least_depth", least->depth},
                      {"greatest", range(c.model, greatest->depth)},
                      {"greatest_depth", greatest->depth}});
  }
  return {{"runs", runs}, {"models", models}};
}

}  // namespace grove
