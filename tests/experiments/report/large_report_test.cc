// Runs that are too many to be held with all that is known of them.
#include "experiments/report/large_report.h"

#include <gtest/gtest.h>

#include "experiments/report/run_tables.h"
#include "experiments/runs/sealed_line.h"
#include "experiments/stats/sweep_summary.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

std::vector<RunRecord> SomeRuns() {
  std::vector<RunRecord> runs;
  for (int i = 0; i < 60; ++i) {
    RunRecord run = testing::MadeUpRun("sweep", 1, i % 2 == 0 ? "rnn" : "rlstm",
                                       static_cast<uint64_t>(i / 10), 0.01 * i);
    run.key = std::to_string(i);
    run.axes = {{"l2", 0.001 * (i % 5)}};
    run.seconds = 2;
    if (i % 20 == 7) {
      run.status = i == 7 ? "failed" : "diverged";
      run.message = "it did";
    }
    runs.push_back(run);
  }
  return runs;
}

TEST(LargeReport, SaysOfASweepWhatAReportInDetailDoes) {
  const TemporaryFolder folder;
  std::string first = Seal("{\"provenance\":{\"version\":\"7\"}}") + "\n", second;
  const std::vector<RunRecord> runs = SomeRuns();
  for (size_t i = 0; i < runs.size(); ++i) {
    (i < 40 ? first : second) += Seal(ToJson(runs[i]).dump()) + "\n";
  }
  second += Seal(ToJson(runs[3]).dump()) + "\n";  // once more: it counts once
  Table table({});
  const EachRun each({folder.Write("a.jsonl", first), folder.Write("b.jsonl", second)}, nullptr);
  const Report report = SummariseRuns(each, table);
  EXPECT_EQ(report.run_count, 60u);
  EXPECT_EQ(report.seconds, 120);
  ASSERT_EQ(report.provenance.size(), 1u);
  EXPECT_EQ(report.provenance[0]["version"], "7");
  EXPECT_EQ(report.sweep_experiments, std::set<std::string>{"sweep"});
  EXPECT_EQ(report.failed.rows().size(), 3u);
  const SweepSummary summary = SummariseSweep(runs);
  EXPECT_EQ(report.metric, summary.metric);
  EXPECT_EQ(table.Csv(), SweepTable(summary).Csv());
  EXPECT_EQ(report.sweep.Csv(), table.Csv()) << "so few are all shown";
  ASSERT_EQ(report.warnings.size(), 1u);
  EXPECT_EQ(report.warnings[0],
            "60 runs are too many to be shown one by one: the journals have each of them");
}

}  // namespace
}  // namespace grove
