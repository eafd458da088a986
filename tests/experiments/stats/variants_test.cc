// Variants are made from the runs themselves.
#include "experiments/stats/variants.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

// Changes the settings of a run, and its key with them.
template <typename Change>
RunRecord With(RunRecord run, const std::string& label, Change change) {
  change(run.run);
  run.variant = label;
  run.key += " " + ToText(Differences(run.run, run.data)) + (run.run.probe ? " probe" : "");
  return run;
}

// The deciding cells of the paper's picture.
template <typename Change>
void AddDeciding(ReportData& data, uint64_t first_seed, const std::string& label, Change change) {
  for (const CellName& cell : DecidingCells()) {
    const std::string name = "exp" + std::to_string(cell.experiment);
    for (uint64_t i = 0; i < 5; ++i) {
      const double accuracy = testing::MadeUpAccuracy(cell.experiment == 3 ? "exp1" : name,
                                                      cell.dataset, cell.model, i + 1);
      data.runs.push_back(
          With(testing::MadeUpRun(name, cell.dataset, cell.model, first_seed + i, accuracy), label,
               change));
      if (cell.experiment != 3) continue;
      data.probes.push_back(
          {data.runs.size() - 1, SummariseRatios(testing::MadeUpRatios(cell.model, 8, 20))});
    }
  }
}

const auto kNothing = [](RunSpec&) {};
const auto kStronger = [](RunSpec& run) { run.l2 = 1e-3; };
const auto kHalfBatches = [](RunSpec& run) { run.batch = run.model == "rnn" ? 10 : 2; };
const auto kDoubleBatches = [](RunSpec& run) { run.batch = run.model == "rnn" ? 40 : 10; };
constexpr char kHalf[] = "batch = 10 (rnn), 2 (rlstm)";
constexpr char kDouble[] = "batch = 40 (rnn), 10 (rlstm)";

std::vector<std::string> Labels(const ReportData& data) {
  std::vector<std::string> labels;
  for (const Variant& variant : FindVariants(AllRuns(data))) labels.push_back(variant.label);
  return labels;
}

TEST(DecidingCells, AreNineOfTheClaims) {
  const std::vector<CellName> expected = {{1, 1, "rnn"},    {1, 2, "rnn"},   {1, 7, "rlstm"},
                                          {2, 2, "rnn"},    {2, 5, "rnn"},   {2, 7, "rlstm"},
                                          {2, 10, "rlstm"}, {3, 3, "rlstm"}, {3, 3, "rnn"}};
  EXPECT_EQ(DecidingCells(), expected);
}

TEST(FindVariants, AreSettingsAndNotNames) {
  ReportData data;
  data.runs.push_back(With(testing::MadeUpRun("exp1", 1, "rnn", 1, .9), "", kStronger));
  data.runs.push_back(With(testing::MadeUpRun("exp1", 1, "rnn", 2, .9), "mine", kStronger));
  data.runs.back().experiment = "another name";
  data.runs.push_back(With(testing::MadeUpRun("exp1", 7, "rlstm", 1, .9), "l2 = 0.001", kStronger));
  data.runs.push_back(With(testing::MadeUpRun("exp1", 7, "rlstm", 2, .9), "l2 = 3e-4", kNothing));
  EXPECT_EQ(Labels(data), (std::vector<std::string>{"default", "l2 = 0.001"}));
}

// rnn with 10 belongs to rlstm with 2, and not to rlstm with 10.
TEST(FindVariants, ModelsAreJoinedByTheLabelWhereTheyDiffer) {
  ReportData data;
  for (const std::string model : {"rnn", "rlstm"}) {
    data.runs.push_back(With(testing::MadeUpRun("exp1", 1, model, 1, .9), kHalf, kHalfBatches));
    data.runs.push_back(With(testing::MadeUpRun("exp1", 1, model, 1, .8), kDouble, kDoubleBatches));
  }
  const std::vector<StoredRun> all = AllRuns(data);
  const std::vector<Variant> variants = FindVariants(all);
  ASSERT_EQ(variants.size(), 3u);
  EXPECT_EQ(variants[1].label, kHalf);
  EXPECT_EQ(variants[1].factor, "batch");
  EXPECT_EQ(variants[2].label, kDouble);
  const PaperRuns half(all, variants[1]), twice(all, variants[2]);
  for (const std::string model : {"rnn", "rlstm"}) {
    EXPECT_EQ(Accuracies(half.Cell(1, 1, model)), std::vector<double>{90}) << model;
    EXPECT_EQ(Accuracies(twice.Cell(1, 1, model)), std::vector<double>{80}) << model;
  }
}

TEST(FindVariants, AModelThatALabelLeavesOutKeepsItsDefault) {
  ReportData data;
  data.runs.push_back(With(testing::MadeUpRun("exp1", 1, "rnn", 1, .7), "batch = 40 (rnn)",
                           [](RunSpec& run) { run.batch = 40; }));
  data.runs.push_back(testing::MadeUpRun("exp1", 1, "rlstm", 1, .9));
  const std::vector<StoredRun> all = AllRuns(data);
  EXPECT_EQ(Labels(data), (std::vector<std::string>{"default", "batch = 40 (rnn)"}));
  const PaperRuns runs(all, FindVariants(all)[1]);
  EXPECT_EQ(Accuracies(runs.Cell(1, 1, "rnn")), std::vector<double>{70});
  EXPECT_EQ(Accuracies(runs.Cell(1, 1, "rlstm")), std::vector<double>{90});
}

TEST(FindVariants, ALabelThatContradictsTheSettingsIsNotBelieved) {
  ReportData data;
  data.runs.push_back(With(testing::MadeUpRun("exp1", 1, "rnn", 1, .7), kHalf,
                           [](RunSpec& run) { run.batch = 30; }));
  EXPECT_EQ(Labels(data), (std::vector<std::string>{"default", "batch = 30"}));
}

TEST(FindVariants, OtherDataAndOtherModelsAreNone) {
  ReportData data;
  data.runs.push_back(With(testing::MadeUpRun("exp1", 1, "rnn", 1, .7), "", kStronger));
  data.runs.back().data.max_length = 12;
  EXPECT_EQ(Labels(data), std::vector<std::string>{"default"});
}

TEST(JudgeVariants, AVariantThatLacksARunIsNotJudged) {
  ReportData data;
  AddDeciding(data, 101, "", kNothing);
  AddDeciding(data, 101, "", kStronger);
  std::vector<JudgedVariant> judged = JudgeVariants(AllRuns(data));
  ASSERT_EQ(judged.size(), 2u);
  EXPECT_EQ(judged[1].runs, 45);
  EXPECT_EQ(judged[1].needed, 45);
  EXPECT_EQ(judged[1].judgements.Unjudged(), "E1.5") << "its runs take too long";
  EXPECT_EQ(judged[1].confirmed.judged(), 0) << "no run of seeds 1-5";
  std::erase_if(data.runs, [](const RunRecord& run) {
    return run.run.l2 == 1e-3 && run.experiment == "exp1" && run.dataset == 2 && run.seed == 103;
  });
  data.probes.clear();  // their positions moved
  for (size_t i = 0; i < data.runs.size(); ++i) {
    if (data.runs[i].experiment != "exp3") continue;
    data.probes.push_back({i, SummariseRatios(testing::MadeUpRatios(data.runs[i].model, 8, 20))});
  }
  judged = JudgeVariants(AllRuns(data));
  EXPECT_EQ(judged[1].runs, 44);
  EXPECT_EQ(judged[1].judgements.judged(), 0);
  EXPECT_TRUE(judged[0].is_default());
  EXPECT_GT(judged[0].judgements.judged(), 0);
}

TEST(JudgeVariants, AreRankedByTheShareOfJudgedClaims) {
  ReportData data;
  AddDeciding(data, 101, "", kNothing);
  AddDeciding(data, 101, "", kStronger);
  AddDeciding(data, 101, kHalf, kHalfBatches);
  for (RunRecord& run : data.runs) {
    if (run.run.l2 == 1e-3 && run.experiment == "exp2") run.status = "failed";
  }
  const std::vector<JudgedVariant> judged = JudgeVariants(AllRuns(data));
  ASSERT_EQ(judged.size(), 3u);
  EXPECT_TRUE(judged[0].is_default()) << "of equals the default comes first";
  EXPECT_EQ(judged[1].variant.label, kHalf);
  EXPECT_EQ(judged[1].judgements.share(), judged[0].judgements.share());
  EXPECT_EQ(judged[2].variant.label, "l2 = 0.001");
  EXPECT_EQ(judged[2].runs, 45) << "failed runs count";
  EXPECT_LT(judged[2].judgements.share(), judged[0].judgements.share());
}

}  // namespace
}  // namespace grove
