#include "experiments/report/tables.h"

#include <algorithm>
#include <cmath>

#include "experiments/report/report_tables.h"

namespace grove {
namespace {

std::string Text(int value) { return std::to_string(value); }

std::string ExperimentText(PaperDataset dataset) {
  return "exp" + std::to_string(dataset.experiment);
}

}  // namespace

std::string StudyClaimsCsv(const Study& study) {
  std::string csv =
      CsvLine({"claim", "paper", "holds_when", "verdict", "upheld_of_1000",
               "upheld_of_1000_seeds_6_25", "holds_seeds_1_5", "value", "low", "high", "relation",
               "threshold", "unit", "deciding_cells_alone", "measured", "solved_runs"});
  for (size_t i = 0; i < study.all.claims.size(); ++i) {
    const Judgement& j = study.all.claims[i];
    csv += CsvLine({j.claim->id, j.claim->paper, j.claim->holds_when, ToString(j.verdict()),
                    UpheldText(j), UpheldText(study.confirming.claims[i]),
                    ToString(study.reported.claims[i].verdict()), CsvNumber(j.value),
                    CsvNumber(j.interval.low), CsvNumber(j.interval.high),
                    ToString(j.condition().relation), CsvNumber(j.condition().threshold),
                    Unit(j.condition().statistic), ToString(study.deciding.claims[i].verdict()),
                    j.available ? j.text : j.missing, ToText(j.solved)});
  }
  return csv;
}

std::string StudyVariantsCsv(const Study& study) {
  std::string csv =
      CsvLine({"factor", "variant", "runs", "runs_needed", "claims_that_hold", "claims_judged",
               "share_that_hold", "claims_that_fail", "claims_without_data", "confirmed_hold",
               "confirmed_judged", "confirmed_fail"});
  for (const JudgedVariant& v : study.variants) {
    csv +=
        CsvLine({v.variant.factor, v.variant.label, Text(v.runs), Text(v.needed),
                 Text(v.judgements.held()), Text(v.judgements.judged()),
                 CsvNumber(v.judgements.share()), v.judgements.Failing(), v.judgements.Unjudged(),
                 Text(v.confirmed.held()), Text(v.confirmed.judged()), v.confirmed.Failing()});
  }
  return csv;
}

std::string StudyVerdictsCsv(const Study& study) {
  std::string csv = CsvLine({"factor", "variant", "claim", "verdict", "value", "low", "high",
                             "relation", "threshold", "unit"});
  for (const JudgedVariant& v : study.variants) {
    for (const Judgement& j : v.judgements.claims) {
      if (!j.available) continue;
      csv += CsvLine({v.variant.factor, v.variant.label, j.claim->id, ToString(j.verdict()),
                      CsvNumber(j.value), CsvNumber(j.interval.low), CsvNumber(j.interval.high),
                      ToString(j.condition().relation), CsvNumber(j.condition().threshold),
                      Unit(j.condition().statistic)});
    }
  }
  return csv;
}

std::string CellsCsv(const std::vector<Cell>& cells) {
  std::string csv =
      CsvLine({"experiment", "dataset", "words", "depths", "model", "n", "failed_or_diverged",
               "lowest", "q25", "median", "q75", "best", "mean", "interquartile_mean", "low",
               "high", "solved", "solved_low", "solved_high"});
  for (const Cell& c : cells) {
    const PaperDataset dataset{c.name.experiment, c.name.dataset};
    const Spread& s = c.spread;
    csv += CsvLine({ExperimentText(dataset), Text(dataset.dataset), WordsText(dataset),
                    DepthsText(dataset), c.name.model, Text(s.n), Text(s.failed),
                    CsvNumber(s.lowest), CsvNumber(s.q25), CsvNumber(s.median), CsvNumber(s.q75),
                    CsvNumber(s.best), CsvNumber(s.mean), CsvNumber(c.interquartile_mean),
                    CsvNumber(c.interval.low), CsvNumber(c.interval.high), Text(c.solved),
                    CsvNumber(c.solved_share.low), CsvNumber(c.solved_share.high)});
  }
  return csv;
}

std::string StudyPairsCsv(const Study& study) {
  std::string csv = CsvLine({"experiment", "dataset", "pairs", "equal_pairs", "median_difference",
                             "wilcoxon_v", "p", "holm_p"});
  for (const Pairing& p : study.pairings) {
    csv += CsvLine({ExperimentText(p.dataset), Text(p.dataset.dataset), Text(p.test.n),
                    Text(p.test.zeros), CsvNumber(p.test.median_difference),
                    CsvNumber(p.test.statistic), CsvNumber(p.test.p), CsvNumber(p.holm_p)});
  }
  return csv;
}

std::string StudyLengthDepthCsv(const Study& study) {
  std::string csv =
      CsvLine({"min_length", "max_length", "keyword_depth", "model", "n", "median", "solved"});
  for (const LengthDepth& c : study.length_depth) {
    csv += CsvLine({Text(c.min_length), Text(c.max_length), Text(c.depth), c.model, Text(c.n),
                    CsvNumber(c.median), Text(c.solved)});
  }
  return csv;
}

std::string StudyNodeRatiosCsv(const Study& study) {
  std::string csv = CsvLine({"model", "epoch", "kind", "depth", "runs", "median_ratio"});
  for (const NodeRatioMedian& m : study.node_ratios) {
    csv +=
        CsvLine({m.model, Text(m.epoch), m.kind, Text(m.depth), Text(m.runs), CsvNumber(m.median)});
  }
  return csv;
}

std::string StudyGatesCsv(const Study& study) {
  std::string csv = CsvLine({"epoch", "gate", "place", "runs", "mean_activation"});
  for (const GateMean& m : study.gates) {
    csv += CsvLine({Text(m.epoch), m.gate, m.place, Text(m.runs), CsvNumber(m.mean)});
  }
  return csv;
}

std::string StudyJournalsCsv(const Study& study) {
  std::string csv = CsvLine({"journal", "runs", "failed", "diverged", "core_hours", "commits",
                             "simd_target", "first_started"});
  for (const Journal& journal : study.store.journals()) {
    int failed = 0, diverged = 0;
    for (const RunRecord& run : journal.records) {
      failed += run.status == "failed";
      diverged += run.status == "diverged";
    }
    std::string commits, target, date;
    for (const nlohmann::json& provenance : journal.provenance) {
      const std::string commit = provenance.value("commit", "");
      if (commits.find(commit) == std::string::npos)
        commits += (commits.empty() ? "" : " ") + commit;
      if (target.empty()) target = provenance.value("simd_target", "");
      if (date.empty()) date = provenance.value("date", "");
    }
    csv += CsvLine({journal.name, std::to_string(journal.records.size()), Text(failed),
                    Text(diverged), CsvNumber(CoreHours(journal)), commits, target, date});
  }
  return csv;
}

int StudiesWith(const Judgements& judgements, int claims) {
  const std::vector<int>& held = judgements.claims_of_a_study;
  return static_cast<int>(
      std::count_if(held.begin(), held.end(), [&](int h) { return h >= claims; }));
}

double CoreHours(const Journal& journal) {
  double seconds = 0;
  for (const RunRecord& run : journal.records) seconds += run.seconds;
  return std::round(seconds / 36) / 100;
}

}  // namespace grove
