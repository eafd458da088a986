#include "experiments/study/story.h"

#include <algorithm>
#include <cmath>

#include "experiments/report/claim_statistics.h"
#include "experiments/study/tables.h"

namespace grove {
namespace {

std::string Number(double value, int digits = 3) { return FormatNumber(value, digits); }
std::string Count(int value) { return std::to_string(value); }

std::string Row(const std::vector<std::string>& fields) {
  std::string row = "|";
  for (const std::string& field : fields) row += " " + field + " |";
  return row + "\n";
}

std::string VerdictText(const Judgement& j) {
  if (!j.available) return "no data";
  return j.holds() ? "holds" : "**does not hold**";
}

std::string Range(const Interval& interval) {
  if (std::isnan(interval.low)) return "-";
  return Number(interval.low) + " to " + Number(interval.high);
}

std::string WithUnit(const std::string& number, const Condition& condition) {
  const std::string unit = Unit(condition.statistic);
  return unit.empty() ? number : number + " " + unit;
}

std::string Figure(const std::string& name) {
  return "\n![" + name + "](figures/" + name + ".svg)\n";
}

// The whole answer in a paragraph.
std::string Answer(const Study& study) {
  const Judgements& all = study.all;
  const Reading& winner = Winner(study.readings);
  const Reading& standard = study.readings.all.front();
  std::string text = "**" + Count(all.held()) + " of the paper's " +
                     Count(static_cast<int>(all.claims.size())) +
                     " checkable claims hold** over 25 seeds, under these settings: L2 penalty "
                     "3e-4 on all parameters, matrices of their own for leaves, a plain first "
                     "gradient step, trees split uniformly, patience against the best epoch.";
  if (!all.Failing().empty()) text += " Not: " + all.Failing() + ".";
  text += " On the seeds by which readings were compared, this one upholds " +
          Count(standard.judgements.held()) + " of " + Count(standard.judgements.judged()) +
          " judged claims; ";
  int best_other = 0;
  std::string names;
  for (const Reading& reading : study.readings.all) {
    if (&reading == &standard) continue;
    if (reading.judgements.held() > best_other) {
      best_other = reading.judgements.held();
      names.clear();
    }
    if (reading.judgements.held() == best_other)
      names += (names.empty() ? "" : "; ") + reading.label;
  }
  text += "the best of the others " + Count(best_other) + " (" + names + ").";
  if (best_other == standard.judgements.held()) {
    text += " The claims do not tell these apart; among equals the default stays.";
  }
  if (&winner != &standard) {
    text += " **" + winner.label + " does better than the default there.**";
  }
  for (const Reading& reading : study.readings.all) {
    if (reading.factor != "L2 penalty") continue;
    if (reading.label != "l2 = 0" && reading.label != "l2 = 0.001") continue;
    text += (reading.label == "l2 = 0" ? " Without the penalty "
                                       : " With 1e-3, the default of the authors' code, ") +
            Count(reading.judgements.held()) + " of " + Count(reading.judgements.judged()) +
            " hold.";
  }
  text += "\n";
  return text;
}

std::string ClaimsTable(const Study& study) {
  std::string text = Row({"claim", "the paper says", "verdict", "five-run studies that uphold it",
                          "a study's figure, 95 % interval", "threshold"}) +
                     Row({"---", "---", "---", "---:", "---", "---"});
  for (const Judgement& j : study.all.claims) {
    const Condition& condition = j.condition();
    text += Row({j.claim->id, j.claim->paper, VerdictText(j),
                 j.available ? Count(static_cast<int>(std::lround(j.upheld * kStudies))) + " of " +
                                   Count(kStudies)
                             : "-",
                 WithUnit(Number(j.value), condition) + " (" + Range(j.interval) + ")",
                 ToString(condition.relation) + " " + Number(condition.threshold)});
  }
  return text;
}

std::string Luck(const Study& study) {
  const int claims = static_cast<int>(study.all.claims.size());
  std::string text = "Of 1,000 studies of five runs a cell, drawn from the 25 seeds, ";
  for (int held = claims; held >= claims - 3; --held) {
    text += Count(StudiesWith(study.all, held)) +
            (held == claims ? " uphold all " + Count(claims) : " at least " + Count(held)) +
            (held > claims - 3 ? ", " : ".\n");
  }
  return text;
}

std::string ReadingsTable(const Study& study) {
  std::string text = Row({"what is varied", "reading", "claims that hold", "claims that fail"}) +
                     Row({"---", "---", "---:", "---"});
  for (const Reading& reading : study.readings.all) {
    const Judgements& j = reading.judgements;
    if (j.judged() == 0) {
      text += Row({reading.factor, reading.label, "not run", ""});
      continue;
    }
    text += Row(
        {reading.factor, reading.label, Count(j.held()) + " of " + Count(j.judged()), j.Failing()});
  }
  return text;
}

// What is known of each claim that fails; evidence computed here.
std::string Explanation(const Study& study, const Judgement& j) {
  const std::string id = j.claim->id;
  if (id == "E3.7") {
    const auto above = [](const std::vector<double>& rhos) {
      return Count(static_cast<int>(
                 std::count_if(rhos.begin(), rhos.end(), [](double r) { return r > 0.7; }))) +
             " of " + Count(static_cast<int>(rhos.size())) + " runs (median " +
             Number(Median(rhos)) + ")";
    };
    return "the correlation is taken over the few epochs up to two after the peak. Up to the peak "
           "itself it exceeds 0.7 in " +
           above(DevRhos(study.data, 0)) + ", two epochs later in " +
           above(DevRhos(study.data, 2)) +
           ": the jump and the accuracy do go together, and then part, because the ratios already "
           "come down (E3.5) while the dev accuracy still rises. The paper's sentence is about the "
           "jump; the window of this check reaches behind it.";
  }
  if (id == "E3.8") {
    std::string text =
        "in their last epochs, which are not the same ones for both models. The RNN goes on until "
        "patience ends, while it memorises the training trees at guessing on the dev trees, and "
        "its ratios rise all the while (E3.2). Epoch by epoch, RLSTM over RNN is";
    for (int epoch = 2; epoch <= 6; ++epoch) {
      text += std::string(epoch > 2 ? "," : "") + " " + Number(RatioAdvantage(study.data, epoch)) +
              " in epoch " + Count(epoch);
    }
    return text + "; in the last epochs " + Number(j.value) + ".";
  }
  return "a five-run study finds " + WithUnit(Number(j.value), j.condition()) + " where " +
         ToString(j.condition().relation) + " " + Number(j.condition().threshold) +
         " is needed, and the claim is upheld by " + Number(100 * j.upheld) +
         " % of such studies: it turns on chance (" + j.claim->holds_when + ").";
}

std::string Explanations(const Study& study) {
  std::string text;
  for (const Judgement& j : study.all.claims) {
    if (j.available && !j.holds()) {
      text += "- **" + std::string(j.claim->id) + "** (" + j.claim->paper +
              "): " + Explanation(study, j) + "\n";
    }
  }
  return text.empty() ? "None fails.\n" : text;
}

std::string CellsTable(const Study& study) {
  std::string text =
      Row({"experiment", "dataset", "model", "n", "lost", "median", "IQM", "95 % of the IQM",
           "solved (>= 50 %)", "95 %"}) +
      Row({"---", "---:", "---", "---:", "---:", "---:", "---:", "---", "---:", "---"});
  for (const Cell& c : study.cells) {
    text +=
        Row({c.experiment, Count(c.dataset), c.model, Count(c.n), Count(c.lost), Number(c.median),
             Number(c.interquartile_mean), Range(c.interval), Count(c.solved),
             Number(100 * c.solved_share.low) + " to " + Number(100 * c.solved_share.high) + " %"});
  }
  return text;
}

std::string PairsTable(const Study& study) {
  std::string text = Row({"experiment", "dataset", "pairs", "median rlstm - rnn (points)",
                          "p (Wilcoxon, exact)", "p (Holm, 20 tests)"}) +
                     Row({"---", "---:", "---:", "---:", "---:", "---:"});
  for (const Pairing& p : study.pairings) {
    text += Row({p.experiment, Count(p.dataset), Count(p.test.n), Number(p.test.median_difference),
                 Number(p.test.p, 2), Number(p.holm_p, 2)});
  }
  return text;
}

std::string LengthDepthText(const Study& study) {
  if (study.length_depth.empty()) return "";
  int runs = 0;
  for (const LengthDepth& c : study.length_depth) runs += c.n;
  return "\n## Beyond the paper: length and depth apart\n\n"
         "In experiment 1 longer sentences also have deeper keywords. Here every length is crossed "
         "with every depth (`experiments/exp4.toml`, " +
         Count(runs) + " runs, `length_depth.csv`).\n" + Figure("length_depth");
}

std::string Compute(const Study& study) {
  double hours = 0;
  int runs = 0, lost = 0;
  for (const Piece& piece : study.pieces) {
    hours += CoreHours(piece);
    runs += static_cast<int>(piece.runs.size());
    for (const RunRecord& run : piece.runs) lost += run.status != "done";
  }
  return Count(runs) + " runs in " + Count(static_cast<int>(study.pieces.size())) + " journals, " +
         Number(hours, 3) +
         " core-hours in all (the time each run held its thread, on shared "
         "cores); " +
         Count(lost) + " runs failed or diverged and count as 0 %.\n";
}

std::string DecidingText(const Study& study) {
  int equal = 0;
  for (size_t i = 0; i < study.all.claims.size(); ++i) {
    equal += study.all.claims[i].holds() == study.deciding.claims[i].holds();
  }
  return "Readings are compared on the cells that decide: of the datasets a claim ranges over the "
         "last (the longest, the deepest) where a figure must be high, and the first where it must "
         "be low. Of the default, on 25 seeds, these cells alone give the verdict of all cells "
         "in " +
         Count(equal) + " of " + Count(static_cast<int>(study.all.claims.size())) +
         " claims. E1.5 needs sentences beyond 70 words, which the comparison leaves out.\n";
}

}  // namespace

std::string StudyStory(const Study& study) {
  return "# Does Le & Zuidema (2016) hold, and under which settings?\n\n"
         "*This page is written by `grove study`; every figure comes from the journals beside "
         "it.*\n\n" +
         Answer(study) +
         "\n## The claims\n\n"
         "Default reading, seeds 1-25, all datasets. A claim holds if most five-run studies uphold "
         "it (`claims.csv`).\n\n" +
         ClaimsTable(study) + Figure("claims") + "\n### How lucky was the paper?\n\n" +
         Luck(study) + "\n### What does not hold, and why\n\n" + Explanations(study) +
         "\n## Which reading is the paper's?\n\n"
         "The paper does not state these settings. Each line changes one thing of the default; "
         "chosen on seeds 101-105, five runs a cell (`readings.csv`, `verdicts.csv`). " +
         DecidingText(study) + "\n" + ReadingsTable(study) + Figure("readings") +
         "\nThe default was then judged on seeds that this comparison did not use: seeds 1-5 "
         "uphold " +
         Count(study.reported.held()) + ", seeds 6-25 " + Count(study.confirming.held()) + " of " +
         Count(static_cast<int>(study.all.claims.size())) +
         " claims.\n\n### What the authors' code says\n\n"
         "The authors' public C++ code has leaf matrices of their own, a plain first step of each "
         "parameter, and the fan-in used here; its default penalty is 1e-3, not 3e-4. With 1e-3 "
         "the recursive LSTM stays at guessing where the paper reports more than 90 %.\n"
         "\n## Accuracy by dataset\n\nSeeds 1-25, percent (`cells.csv`).\n\n" +
         Figure("experiment1") + Figure("experiment2") + "\n" + CellsTable(study) +
         "\n### RLSTM against RNN, same dataset and seed\n\n(`pairs.csv`)\n\n" + PairsTable(study) +
         "\n## Gradient ratios\n" + Figure("ratios") + LengthDepthText(study) +
         "\n## The data\n\n" + Compute(study) +
         "\n`journals/` holds them (`pieces.csv` lists them). Made again by\n\n"
         "    make -C experiments reproduce SEEDS=1-25   # the default reading\n"
         "    make -C experiments ablations              # the others\n"
         "    make -C experiments study                  # this page and its tables\n";
}

}  // namespace grove
