#include "experiments/report/paper_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "experiments/stats/numbers.h"

namespace grove {
namespace {

constexpr auto kRight = Table::Align::kRight;

std::string ExperimentName(int experiment) { return fmt::format("exp{}", experiment); }

Value VerdictValue(const Judgement& j) {
  const Tone tone = !j.available ? Tone::kFaint : j.holds() ? Tone::kGood : Tone::kBad;
  return {ToString(j.verdict()), tone};
}

// "0.047 to 0.1 %"; nothing where there is no interval.
Value RangeValue(const Interval& interval, const std::string& unit = "") {
  if (std::isnan(interval.low)) return {};
  return fmt::format("{} to {}{}", FormatNumber(interval.low), FormatNumber(interval.high), unit);
}

Value WithUnit(const std::string& before, double number, const Condition& condition) {
  if (std::isnan(number)) return {};
  const std::string unit = Unit(condition.statistic);
  return fmt::format("{}{}{}{}", before, FormatNumber(number), unit.empty() ? "" : " ", unit);
}

bool HasManyStudies(const Judgements& judgements) {
  return std::any_of(judgements.claims.begin(), judgements.claims.end(),
                     [](const Judgement& j) { return j.available && !j.one_study; });
}

}  // namespace

Value Upheld(const Judgement& j) {
  if (!j.available || j.one_study) return {};
  return std::round(j.upheld * kStudies);
}

Table ClaimsTable(const Judgements& judgements) {
  Table table =
      Table::Named({"claim", "paper", "holds_when", "verdict", "upheld_of_1000", "measured",
                    "solved_runs", "value", "low", "high", "relation", "threshold", "unit"});
  for (const Judgement& j : judgements.claims) {
    table.Add({j.claim->id, j.claim->paper, j.claim->holds_when, ToString(j.verdict()), Upheld(j),
               j.available ? j.text : j.missing, ToText(j.solved), j.value, j.interval.low,
               j.interval.high, ToString(j.condition().relation), j.condition().threshold,
               Unit(j.condition().statistic)});
  }
  return table;
}

Table ClaimsShown(const Judgements& judgements) {
  const bool many = HasManyStudies(judgements);
  std::vector<Table::Column> columns = {{"claim"}, {"verdict"}};
  if (many) columns.push_back({"studies that uphold it", "", kRight});
  columns.insert(columns.end(), {{"value", "", kRight},
                                 {"95 % interval", "", kRight},
                                 {"threshold", "", kRight},
                                 {"the paper says"}});
  Table table(columns);
  for (const Judgement& j : judgements.claims) {
    std::vector<Value> row = {j.claim->id, VerdictValue(j)};
    if (many) {
      row.push_back(j.available
                        ? Value(fmt::format("{} of {}", std::round(j.upheld * kStudies), kStudies))
                        : Value());
    }
    row.push_back(WithUnit("", j.value, j.condition()));
    row.push_back(RangeValue(j.interval));
    row.push_back(
        WithUnit(ToString(j.condition().relation) + " ", j.condition().threshold, j.condition()));
    row.emplace_back(j.claim->paper);
    table.Add(std::move(row));
  }
  return table;
}

Table EvidenceShown(const Judgements& judgements) {
  Table table({{"claim"}, {"holds when"}, {"measured"}, {"runs that solve it"}});
  for (const Judgement& j : judgements.claims) {
    table.Add(
        {j.claim->id, j.claim->holds_when, j.available ? j.text : j.missing, ToText(j.solved)});
  }
  return table;
}

Table SolvedShown(const Judgements& judgements) {
  Table table({{"claim"}, {"words", "", kRight}, {"rlstm", "", kRight}, {"rnn", "", kRight}});
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
  Table table =
      Table::Named({"experiment", "dataset", "words", "depths", "model", "n", "failed_or_diverged",
                    "lowest", "q25", "median", "q75", "best", "mean", "interquartile_mean", "low",
                    "high", "solved", "solved_low", "solved_high"});
  for (const Cell& c : cells) {
    const PaperDataset dataset{c.name.experiment, c.name.dataset};
    const Spread& s = c.spread;
    table.Add({ExperimentName(dataset.experiment), dataset.dataset, WordsText(dataset),
               DepthsText(dataset), c.name.model, s.n, s.failed, s.lowest, s.q25, s.median, s.q75,
               s.best, s.mean, c.interquartile_mean, c.interval.low, c.interval.high, c.solved,
               c.solved_share.low, c.solved_share.high});
  }
  return table;
}

Table CellsShown(const std::vector<Cell>& cells) {
  Table table({{"experiment"},
               {"dataset", "", kRight},
               {"words", "", kRight},
               {"keyword depths", "", kRight},
               {"model"},
               {"runs", "", kRight},
               {"failed or diverged", "", kRight},
               {"lowest", "", kRight},
               {"median", "", kRight},
               {"best", "", kRight},
               {"IQM", "", kRight},
               {"95 % interval of the IQM", "", kRight},
               {"solved", "", kRight},
               {"95 % interval of the share", "", kRight}});
  for (const Cell& c : cells) {
    const PaperDataset dataset{c.name.experiment, c.name.dataset};
    const Interval share{100 * c.solved_share.low, 100 * c.solved_share.high};
    table.Add({ExperimentName(dataset.experiment), dataset.dataset, WordsText(dataset),
               DepthsText(dataset), c.name.model, c.spread.n, c.spread.failed, c.spread.lowest,
               c.spread.median, c.spread.best, c.interquartile_mean, RangeValue(c.interval),
               c.solved, RangeValue(share, " %")});
  }
  return table;
}

Table PairsTable(const std::vector<Pairing>& pairings) {
  Table table = Table::Named({"experiment", "dataset", "pairs", "equal_pairs", "median_difference",
                              "wilcoxon_v", "p", "holm_p"});
  for (const Pairing& p : pairings) {
    table.Add({ExperimentName(p.dataset.experiment), p.dataset.dataset, p.test.n, p.test.zeros,
               p.test.median_difference, p.test.statistic, p.test.p, p.holm_p});
  }
  return table;
}

Table PairsShown(const std::vector<Pairing>& pairings) {
  Table table({{"experiment"},
               {"dataset", "", kRight},
               {"pairs", "", kRight},
               {"median rlstm - rnn (points)", "", kRight},
               {"p (Wilcoxon, exact)", "", kRight, "", 2},
               {fmt::format("p (Holm, {} tests)", pairings.size()), "", kRight, "", 2}});
  for (const Pairing& p : pairings) {
    table.Add({ExperimentName(p.dataset.experiment), p.dataset.dataset, p.test.n,
               p.test.median_difference, p.test.p, p.holm_p});
  }
  return table;
}

Table VariantsTable(const std::vector<JudgedVariant>& variants) {
  Table table =
      Table::Named({"factor", "variant", "runs", "runs_needed", "claims_that_hold", "claims_judged",
                    "share_that_hold", "claims_that_fail", "claims_without_data", "confirmed_hold",
                    "confirmed_judged", "confirmed_fail"});
  for (const JudgedVariant& v : variants) {
    table.Add({v.variant.factor, v.variant.label, v.runs, v.needed, v.judgements.held(),
               v.judgements.judged(), v.judgements.share(), v.judgements.Failing(),
               v.judgements.Unjudged(), v.confirmed.held(), v.confirmed.judged(),
               v.confirmed.Failing()});
  }
  return table;
}

Table VariantsShown(const std::vector<JudgedVariant>& variants) {
  Table table({{"variant"},
               {"claims that hold", "", kRight},
               {"share", "", kRight, "%"},
               {"claims that fail"},
               {"again on seeds 1-5", "", kRight},
               {"that fail there"}});
  for (const JudgedVariant& v : variants) {
    const Judgements &first = v.judgements, &again = v.confirmed;
    if (first.judged() == 0) {
      table.Add(
          {v.variant.label, fmt::format("{} of {} runs", v.runs, v.needed), Value(), "", "", ""});
      continue;
    }
    table.Add({v.variant.label, fmt::format("{} of {}", first.held(), first.judged()),
               100 * first.share(), first.Failing(),
               again.judged() > 0 ? fmt::format("{} of {}", again.held(), again.judged()) : "",
               again.Failing()});
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
