#include "experiments/report/paper_tables.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "experiments/stats/numbers.h"

namespace grove {
namespace {

Value VerdictValue(const Judgement& j) {
  const Tone tone = !j.available ? Tone::kFaint : j.holds() ? Tone::kGood : Tone::kBad;
  return {ToString(j.verdict()), tone};
}

// How many of 1,000 studies uphold the claim; nothing in files where one study decides.
Value Upheld(const Judgement& j) {
  if (!j.available) return {};
  const double upheld = std::round(j.upheld * kStudies);
  return {j.one_study ? Value() : Value(upheld), fmt::format("{} of {}", upheld, kStudies)};
}

// The low end of an interval, of which people read both: "4.7 to 10 %".
Value RangeValue(const Interval& interval, double scale = 1, const std::string& unit = "") {
  if (std::isnan(interval.low)) return {};
  return {interval.low, fmt::format("{} to {}{}", FormatNumber(scale * interval.low),
                                    FormatNumber(scale * interval.high), unit)};
}

Value WithUnit(const std::string& before, double number, const Condition& condition) {
  if (std::isnan(number)) return {};
  const std::string unit = Unit(condition.statistic);
  return {number,
          fmt::format("{}{}{}{}", before, FormatNumber(number), unit.empty() ? "" : " ", unit)};
}

}  // namespace

Table ClaimsTable(const Judgements& judgements) {
  Table table({Words("claim"), Words("paper", "the paper says"), Words("holds_when", "holds when"),
               Words("verdict"), Numbers("upheld_of_1000", "studies that uphold it"),
               Words("measured"), Words("solved_runs", "runs that solve it"), Numbers("value"),
               Numbers("low", "95 % interval"), Hidden("high"), Hidden("relation"),
               Numbers("threshold"), Hidden("unit")});
  for (const Judgement& j : judgements.claims) {
    const std::string relation = ToString(j.condition().relation);
    table.Add({j.claim->id, j.claim->paper, j.claim->holds_when, VerdictValue(j), Upheld(j),
               j.available ? j.text : j.missing, ToText(j.solved),
               WithUnit("", j.value, j.condition()), RangeValue(j.interval), j.interval.high,
               relation, WithUnit(relation + " ", j.condition().threshold, j.condition()),
               Unit(j.condition().statistic)});
  }
  return table;
}

Table ClaimsShown(const Judgements& judgements) {
  std::vector<std::string> names = {"claim", "verdict",   "upheld_of_1000", "value",
                                    "low",   "threshold", "paper"};
  if (!judgements.many_studies()) std::erase(names, "upheld_of_1000");
  return ClaimsTable(judgements).Select(names);
}

Table EvidenceShown(const Judgements& judgements) {
  return ClaimsTable(judgements).Select({"claim", "holds_when", "measured", "solved_runs"});
}

Table SolvedShown(const Judgements& judgements) {
  Table table({Words("claim"), Numbers("words"), Numbers("rlstm"), Numbers("rnn")});
  for (const Judgement& j : judgements.claims) {
    std::map<int, std::map<std::string, std::string>> by_dataset;
    for (const SolvedRuns& s : j.solved) {
      by_dataset[s.cell.dataset][s.cell.model] =
          fmt::format("{} of {} ({:.0f} %)", s.solved, s.n, 100.0 * s.solved / s.n);
    }
    for (auto& [dataset, models] : by_dataset) {
      table.Add({j.claim->id, WordsText({1, dataset}), models["rlstm"], models["rnn"]});
    }
  }
  return table;
}

Table CellsTable(const std::vector<Cell>& cells) {
  Table table({Words("experiment"), Numbers("dataset"), Numbers("words"),
               Numbers("depths", "keyword depths"), Words("model"), Numbers("n", "runs"),
               Numbers("failed_or_diverged", "failed or diverged"), Numbers("lowest"),
               Hidden("q25"), Numbers("median"), Hidden("q75"), Numbers("best"), Hidden("mean"),
               Numbers("interquartile_mean", "IQM"), Numbers("low", "95 % interval of the IQM"),
               Hidden("high"), Numbers("solved"),
               Numbers("solved_low", "95 % interval of the share"), Hidden("solved_high")});
  for (const Cell& c : cells) {
    const PaperDataset dataset{c.name.experiment, c.name.dataset};
    const Spread& s = c.spread;
    table.Add({ExperimentName(dataset.experiment), dataset.dataset, WordsText(dataset),
               DepthsText(dataset), c.name.model, s.n, s.failed, s.lowest, s.q25, s.median, s.q75,
               s.best, s.mean, c.interquartile_mean, RangeValue(c.interval), c.interval.high,
               c.solved, RangeValue(c.solved_share, 100, " %"), c.solved_share.high});
  }
  return table;
}

Table CellRunsTable(const PaperRuns& runs) {
  Table table =
      Table::Named({"experiment", "dataset", "model", "seed", "test_accuracy", "status", "key"});
  for (const auto& [experiment, dataset] : AccuracyDatasets()) {
    for (const std::string& model : runs.models()) {
      for (const StoredRun& run : runs.Cell(experiment, dataset, model)) {
        table.Add({ExperimentName(experiment), dataset, model, run.record->seed, run.accuracy(),
                   run.record->status, run.record->key});
      }
    }
  }
  return table;
}

Table PairsTable(const std::vector<Pairing>& pairings) {
  constexpr auto kRight = Table::Align::kRight;
  Table table({Words("experiment"),
               Numbers("dataset"),
               Numbers("pairs"),
               Hidden("equal_pairs"),
               Numbers("median_difference", "median rlstm - rnn (points)"),
               Hidden("wilcoxon_v"),
               {"p", "p (Wilcoxon, exact)", kRight, "", 2},
               {"holm_p", fmt::format("p (Holm, {} tests)", pairings.size()), kRight, "", 2}});
  for (const Pairing& p : pairings) {
    table.Add({ExperimentName(p.dataset.experiment), p.dataset.dataset, p.test.n, p.test.zeros,
               p.test.median_difference, p.test.statistic, p.test.p, p.holm_p});
  }
  return table;
}

Table VariantsTable(const std::vector<JudgedVariant>& variants) {
  Table table({Hidden("factor"), Words("variant"), Hidden("runs"), Hidden("runs_needed"),
               Numbers("claims_that_hold", "claims that hold"), Hidden("claims_judged"),
               Numbers("share_that_hold", "share"), Words("claims_that_fail", "claims that fail"),
               Hidden("claims_without_data"), Numbers("confirmed_hold", "again on seeds 1-5"),
               Hidden("confirmed_judged"), Words("confirmed_fail", "that fail there")});
  for (const JudgedVariant& v : variants) {
    const Judgements &first = v.judgements, &again = v.confirmed;
    const bool judged = first.judged() > 0;
    Value share = first.share();
    if (judged) share.shown = FormatNumber(100 * first.share()) + " %";
    table.Add({v.variant.factor, v.variant.label, v.runs, v.needed,
               Value(first.held(),
                     judged ? HeldOf(first) : fmt::format("{} of {} runs", v.runs, v.needed)),
               first.judged(), share, first.Failing(), first.Unjudged(),
               Value(again.held(), judged && again.judged() > 0 ? HeldOf(again) : ""),
               again.judged(), Value(again.Failing(), judged ? again.Failing() : "")});
  }
  return table;
}

Table VerdictsTable(const std::vector<JudgedVariant>& variants) {
  Table table = Table::Named({"factor", "variant", "claim", "verdict", "value", "low", "high",
                              "relation", "threshold", "unit"});
  for (const JudgedVariant& v : variants) {
    for (const Judgement& j : v.judgements.claims) {
      if (!j.available) continue;
      table.Add({v.variant.factor, v.variant.label, j.claim->id, ToString(j.verdict()), j.value,
                 j.interval.low, j.interval.high, ToString(j.condition().relation),
                 j.condition().threshold, Unit(j.condition().statistic)});
    }
  }
  return table;
}

Table LengthDepthTable(const std::vector<LengthDepth>& cells) {
  Table table =
      Table::Named({"min_length", "max_length", "keyword_depth", "model", "n", "median", "solved"});
  for (const LengthDepth& c : cells) {
    table.Add({c.min_length, c.max_length, c.depth, c.model, c.n, c.median, c.solved});
  }
  return table;
}

Table RatioMediansTable(const std::vector<RatioMedian>& medians) {
  Table table = Table::Named({"model", "depth", "epoch", "runs", "q25", "median", "q75"});
  for (const RatioMedian& m : medians) {
    table.Add({m.model, kRatioDepth, m.epoch, m.runs, m.q25, m.median, m.q75});
  }
  return table;
}

Table NodeRatiosTable(const std::vector<NodeRatioMedian>& medians) {
  Table table = Table::Named({"model", "epoch", "kind", "depth", "runs", "median_ratio"});
  for (const NodeRatioMedian& m : medians) {
    table.Add({m.model, m.epoch, m.kind, m.depth, m.runs, m.median});
  }
  return table;
}

Table GatesTable(const std::vector<GateMean>& means) {
  Table table = Table::Named({"epoch", "gate", "place", "runs", "mean_activation"});
  for (const GateMean& m : means) table.Add({m.epoch, m.gate, m.place, m.runs, m.mean});
  return table;
}

}  // namespace grove
