// Every claim at its threshold, from both sides, on small made-up records.
#include "experiments/stats/claims.h"

#include <cmath>
#include <map>

#include "experiments/stats/numbers.h"
#include "gtest/gtest.h"
#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

using ::grove::testing::AddProbe;
using ::grove::testing::JudgeDefault;
using ::grove::testing::MadeUpExperiments;
using ::grove::testing::MadeUpRatios;
using ::grove::testing::MadeUpRun;

Judgement Evaluate(const ReportData& data, const std::string& id) {
  for (Judgement& judgement : JudgeDefault(data).claims) {
    if (judgement.claim->id == id) return std::move(judgement);
  }
  ADD_FAILURE() << "no claim " << id;
  return {};
}

// Three runs a cell with these accuracies: low, middle, best.
void AddCell(ReportData& data, const std::string& experiment, int dataset, const std::string& model,
             double low, double middle, double best) {
  data.runs.push_back(MadeUpRun(experiment, dataset, model, 1, middle));
  data.runs.push_back(MadeUpRun(experiment, dataset, model, 2, best));
  data.runs.push_back(MadeUpRun(experiment, dataset, model, 3, low));
}

// Datasets first..last all with the same accuracies but for dataset `odd`.
ReportData Cells(const std::string& experiment, const std::string& model, int first, int last,
                 std::array<double, 3> all, int odd, std::array<double, 3> other) {
  ReportData data;
  for (int dataset = first; dataset <= last; ++dataset) {
    const auto& [low, middle, best] = dataset == odd ? other : all;
    AddCell(data, experiment, dataset, model, low, middle, best);
  }
  return data;
}

struct AccuracyCase {
  const char* claim;
  const char* experiment;
  const char* model;
  int first, last;
  std::array<double, 3> all;  // low, middle, best of every dataset but the odd one
  int odd;
  std::array<double, 3> holds, fails;  // of the odd dataset, just on either side
};

class AccuracyClaim : public ::testing::TestWithParam<AccuracyCase> {};

TEST_P(AccuracyClaim, TurnsAtItsThreshold) {
  const AccuracyCase& c = GetParam();
  const auto verdict = [&](std::array<double, 3> odd) {
    return Evaluate(Cells(c.experiment, c.model, c.first, c.last, c.all, c.odd, odd), c.claim)
        .verdict();
  };
  EXPECT_EQ(verdict(c.holds), Verdict::kHolds);
  EXPECT_EQ(verdict(c.fails), Verdict::kDoesNotHold);
}

INSTANTIATE_TEST_SUITE_P(
    All, AccuracyClaim,
    ::testing::Values(
        AccuracyCase{"E1.1", "exp1", "rnn", 1, 1, {}, 1, {.1, .2, .7}, {.1, .2, .699}},
        AccuracyCase{"E1.2", "exp1", "rnn", 2, 10, {.1, .1, .15}, 7, {.1, .1, .2}, {.1, .1, .201}},
        AccuracyCase{"E1.3", "exp1", "rlstm", 1, 3, {.9, .95, 1}, 2, {0, .901, 1}, {.8, .9, 1}},
        AccuracyCase{"E1.4", "exp1", "rlstm", 1, 7, {.5, .5, .5}, 6, {.1, .1, .2}, {.1, .1, .199}},
        AccuracyCase{"E2.1", "exp2", "rnn", 1, 2, {.9, .9, .9}, 2, {.1, .1, .85}, {.8, .8, .849}},
        AccuracyCase{"E2.2", "exp2", "rnn", 5, 10, {.1, .1, .15}, 5, {.1, .1, .2}, {.1, .1, .201}},
        AccuracyCase{"E2.3", "exp2", "rlstm", 1, 7, {.9, .95, 1}, 7, {0, .901, 1}, {.8, .9, 1}},
        AccuracyCase{
            "E2.4", "exp2", "rlstm", 1, 10, {.5, .5, .5}, 9, {.1, .1, .2}, {.1, .1, .199}}),
    [](const auto& info) {
      std::string name = info.param.claim;
      return name.replace(2, 1, "_");
    });

TEST(Claims, LongSentencesMustBeHarder) {
  // E1.4's second condition: no run is below 20 %, but longer is not worse.
  const Judgement claim =
      Evaluate(Cells("exp1", "rlstm", 1, 7, {.5, .5, .5}, 6, {.5, .5, .5}), "E1.4");
  EXPECT_EQ(claim.verdict(), Verdict::kDoesNotHold);
  EXPECT_EQ(claim.decisive, 1u);
  EXPECT_EQ(claim.value, 0);
  const Judgement easier =
      Evaluate(Cells("exp2", "rlstm", 1, 10, {.5, .5, .5}, 8, {.5, .6, .7}), "E2.4");
  EXPECT_EQ(easier.verdict(), Verdict::kDoesNotHold);
  EXPECT_NEAR(easier.value, 10.0 / 3, 1e-9);
}

TEST(Claims, ModelsAreAlikeUpToFivePoints) {
  for (const double rlstm : {0.155, 0.156, 0.055, 0.054}) {
    ReportData data;
    for (int dataset = 8; dataset <= 10; ++dataset) {
      AddCell(data, "exp1", dataset, "rnn", .1, .105, .2);
      AddCell(data, "exp1", dataset, "rlstm", .0, dataset == 9 ? rlstm : .105, .9);
    }
    const bool alike = rlstm == 0.155 || rlstm == 0.055;
    EXPECT_EQ(Evaluate(data, "E1.5").verdict(), alike ? Verdict::kHolds : Verdict::kDoesNotHold)
        << rlstm;
  }
}

// Ratios of one model: by (epoch, depth), `share` of ten trees have 2, the rest `ratio`.
using Ratios = std::vector<GradientRatio>;
void Put(Ratios& ratios, int epoch, int depth, double ratio) {
  ratios.push_back({epoch, depth, static_cast<float>(ratio)});
}

Verdict OfProbe(const std::string& id, const std::string& model, const Ratios& ratios) {
  ReportData data;
  AddProbe(data, model, 1, ratios);
  return Evaluate(data, id).verdict();
}

TEST(Claims, FirstEpochRatiosAreSmallBelowDepthFive) {
  for (const double deep : {0.0999, 0.1001}) {
    const Ratios ratios = {
        {1, 5, 0.5f}, {1, 6, 0.01f}, {1, 12, static_cast<float>(deep)}, {2, 12, 5.0f}};
    EXPECT_EQ(OfProbe("E3.1", "rnn", ratios), deep < 0.1 ? Verdict::kHolds : Verdict::kDoesNotHold);
  }
}

TEST(Claims, RnnRatiosGrowThreefold) {
  EXPECT_EQ(OfProbe("E3.2", "rnn", {{1, 10, 1}, {2, 10, 9}, {3, 10, 3.001f}}), Verdict::kHolds);
  EXPECT_EQ(OfProbe("E3.2", "rnn", {{1, 10, 1}, {2, 10, 9}, {3, 10, 3}}), Verdict::kDoesNotHold);
  EXPECT_EQ(OfProbe("E3.2", "rnn", {{1, 9, 1}, {3, 9, 4}}), Verdict::kNoData);
}

TEST(Claims, RnnRatiosShrinkWithDepth) {
  // Five depths: one swap of neighbours gives rho = -0.9, two give -0.8.
  EXPECT_EQ(
      OfProbe("E3.3", "rnn", {{1, 1, 9}, {2, 1, 4}, {2, 2, 5}, {2, 3, 3}, {2, 4, 2}, {2, 5, 1}}),
      Verdict::kHolds);
  EXPECT_EQ(
      OfProbe("E3.3", "rnn", {{1, 1, 9}, {2, 1, 4}, {2, 2, 5}, {2, 3, 3}, {2, 4, 1}, {2, 5, 2}}),
      Verdict::kDoesNotHold);
}

// 1,000 trees an epoch, of which so many have a ratio of 2 and the rest 0.5.
Ratios Shares(const std::vector<int>& above_1) {
  Ratios ratios;
  for (size_t epoch = 0; epoch < above_1.size(); ++epoch) {
    for (int tree = 0; tree < 1000; ++tree) {
      Put(ratios, static_cast<int>(epoch) + 1, 2 + tree % 3, tree < above_1[epoch] ? 2 : 0.5);
    }
  }
  return ratios;
}

TEST(Claims, SomeRlstmRatiosExplode) {
  EXPECT_EQ(OfProbe("E3.4", "rlstm", Shares({9, 100, 50})), Verdict::kHolds);
  EXPECT_EQ(OfProbe("E3.4", "rlstm", Shares({9, 99, 50})), Verdict::kDoesNotHold);
  EXPECT_EQ(OfProbe("E3.4", "rlstm", Shares({10, 100, 50})), Verdict::kDoesNotHold);
}

TEST(Claims, FewerRlstmRatiosExplodeInTheEnd) {
  EXPECT_EQ(OfProbe("E3.5", "rlstm", Shares({0, 200, 179})), Verdict::kHolds);
  EXPECT_EQ(OfProbe("E3.5", "rlstm", Shares({0, 200, 180})), Verdict::kDoesNotHold);
}

TEST(Claims, RlstmRatiosDoNotVanishAtDepthTwelveAndThirteen) {
  EXPECT_EQ(OfProbe("E3.6", "rlstm", {{1, 12, 0}, {2, 12, 0.9f}, {2, 13, 0.0501f}}),
            Verdict::kHolds);
  EXPECT_EQ(OfProbe("E3.6", "rlstm", {{1, 12, 1}, {2, 12, 0.0499f}, {2, 13, 0.9f}}),
            Verdict::kDoesNotHold);
  EXPECT_EQ(OfProbe("E3.6", "rlstm", {{1, 13, 1}, {2, 12, 0.9f}}), Verdict::kNoData);
}

TEST(Claims, RlstmRatiosJumpWithTheDevAccuracy) {
  // Dev accuracy of the made-up runs rises with every epoch. The peak share is in epoch 3, so
  // epochs 1 to 5 count and the fall in epochs 6 to 8 does not.
  const auto verdict = [](const std::vector<double>& medians) {
    Ratios ratios;
    for (int epoch = 1; epoch <= 8; ++epoch) {
      Put(ratios, epoch, 10, medians[static_cast<size_t>(epoch) - 1]);
      Put(ratios, epoch, 4, epoch == 3 ? 2 : 0.1);
    }
    return OfProbe("E3.7", "rlstm", ratios);
  };
  EXPECT_EQ(verdict({.1, .2, .3, .5, .4, .03, .02, .01}), Verdict::kHolds);        // rho 0.9
  EXPECT_EQ(verdict({.1, .2, .5, .3, .4, .03, .02, .01}), Verdict::kDoesNotHold);  // rho 0.7
}

TEST(Claims, RlstmCarriesMoreThanRnn) {
  for (const float rlstm : {0.31f, 0.3f}) {
    ReportData data;
    AddProbe(data, "rnn", 1, {{1, 10, 5}, {2, 10, 0.3f}});
    AddProbe(data, "rlstm", 1, {{1, 10, 0}, {2, 10, rlstm}});
    EXPECT_EQ(Evaluate(data, "E3.8").verdict(),
              rlstm > 0.3f ? Verdict::kHolds : Verdict::kDoesNotHold);
  }
}

TEST(Claims, AProbeClaimTakesTheMedianOverRuns) {
  ReportData data;
  AddProbe(data, "rnn", 1, {{1, 10, 1}, {2, 10, 2}});
  AddProbe(data, "rnn", 2, {{1, 10, 1}, {2, 10, 4}});
  AddProbe(data, "rnn", 3, {{1, 10, 1}, {2, 10, 100}});
  const Judgement claim = Evaluate(data, "E3.2");
  EXPECT_EQ(claim.verdict(), Verdict::kHolds);
  EXPECT_EQ(claim.value, 4);
  EXPECT_EQ(claim.interval.low, 2);
  EXPECT_EQ(claim.interval.high, 100);
}

// E1.4 and E1.5 turn on which runs leave the plateau: those are told beside the figure.
TEST(Claims, SolvedRunsOfBothModelsAreCounted) {
  ReportData data;
  for (int dataset = 8; dataset <= 10; ++dataset) {
    AddCell(data, "exp1", dataset, "rnn", .1, .105, .2);
    AddCell(data, "exp1", dataset, "rlstm", .1, dataset == 9 ? .5 : .499, .9);
  }
  data.runs[5].status = "failed";  // dataset 8, rlstm: one that got 10 %
  const Judgement judgement = Evaluate(data, "E1.5");
  EXPECT_EQ(ToText(judgement.solved), "rlstm 1/3 2/3 1/3; rnn 0/3 0/3 0/3");
  EXPECT_EQ(ToText(Evaluate(data, "E1.1").solved), "");
}

TEST(Claims, MissingRunsAreNamed) {
  ReportData data = Cells("exp1", "rnn", 2, 7, {.1, .1, .1}, 0, {});
  const Judgement claim = Evaluate(data, "E1.2");
  EXPECT_EQ(claim.verdict(), Verdict::kNoData);
  EXPECT_EQ(claim.missing, "no run of rnn on dataset 8, 9, 10 of experiment 1");
  EXPECT_EQ(claim.text, "");
}

TEST(Claims, AllHoldOnThePapersPicture) {
  ReportData data;
  data.runs = MadeUpExperiments(5);
  for (const std::string model : {"rnn", "rlstm"}) {
    for (uint64_t seed = 1; seed <= 2; ++seed)
      AddProbe(data, model, seed, MadeUpRatios(model, 8, 50));
  }
  const Judgements judgements = JudgeDefault(data);
  ASSERT_EQ(judgements.claims.size(), 17u);
  for (const Judgement& claim : judgements.claims) {
    EXPECT_EQ(claim.verdict(), Verdict::kHolds) << claim.claim->id << ": " << claim.text;
    // The largest of several differences only grows when cells are drawn anew.
    if (claim.condition().statistic == Statistic::kLargestGap) continue;
    EXPECT_LE(claim.interval.low, claim.value) << claim.claim->id;
    EXPECT_GE(claim.interval.high, claim.value) << claim.claim->id;
  }
  EXPECT_EQ(VerdictLine(judgements), "17 of 17 claims hold");
}

TEST(Claims, WordsNameTheThresholds) {
  for (const ClaimSpec& spec : ClaimTable()) {
    for (const Condition& condition : spec.conditions) {
      const bool comparison = condition.statistic == Statistic::kMeanDrop ||
                              condition.statistic == Statistic::kRlstmOverRnn;
      const std::string threshold = comparison
                                        ? (condition.relation == Relation::kBelow ? "<" : ">")
                                        : FormatNumber(condition.threshold);
      EXPECT_NE(std::string(spec.holds_when).find(threshold), std::string::npos) << spec.id;
    }
  }
}

}  // namespace
}  // namespace grove
