// The part of the page in which runs are looked through; tests/browser/run has what its script
// does.
#include "experiments/report/explorer.h"

#include <limits>

#include "gtest/gtest.h"
#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

using Json = nlohmann::json;
using ::grove::testing::MadeUpRun;

std::vector<std::string> Names(const Table& table) {
  std::vector<std::string> names;
  for (const Table::Column& column : table.columns()) names.push_back(column.name);
  return names;
}

std::vector<StoredRun> Stored(const std::vector<RunRecord>& runs) {
  return {runs.begin(), runs.end()};
}

TEST(ExplorerTable, HasLabelsThenResultsThenWhatElseDiffers) {
  std::vector<RunRecord> runs = {MadeUpRun("exp1", 1, "rnn", 1, 0.9034),
                                 MadeUpRun("exp1", 1, "rnn", 2, 0.5)};
  runs[0].axes["l2"] = 0.001;
  runs[0].run.l2 = 0.001;
  runs[0].axes["words"] = "few";
  runs[1].run.dim = 70;
  runs[1].status = "failed";
  runs[1].test_accuracy = std::numeric_limits<double>::quiet_NaN();
  const Table table = ExplorerTable(Stored(runs), {});
  EXPECT_EQ(Names(table), (std::vector<std::string>{
                              "experiment", "dataset", "model", "seed", "l2", "words", "status",
                              "test_accuracy", "dev_accuracy", "train_accuracy", "best_epoch",
                              "epochs", "seconds", "trees_per_second", "dim", "key"}));
  const std::string html = table.Html();
  EXPECT_NE(html.find("<th scope=\"col\" class=\"number\">l2</th><th scope=\"col\">words</th>"),
            std::string::npos);
  EXPECT_NE(html.find("<td class=\"number\">0.001</td><td>few</td><td>done</td>"
                      "<td class=\"number\">90.34</td>"),
            std::string::npos);
  EXPECT_NE(html.find("<td class=\"number\">&ndash;</td><td>&ndash;</td><td>failed</td>"
                      "<td class=\"number\">&ndash;</td>"),
            std::string::npos)
      << "a run that is on no axis, and one without accuracy";
  EXPECT_NE(html.find("<td class=\"number\">70</td><td>exp1-1-rnn-2</td>"), std::string::npos);
}

TEST(ExplorerTable, TellsFoldersApart) {
  const std::vector<RunRecord> runs = {MadeUpRun("exp1", 1, "rnn", 1, 0.9),
                                       MadeUpRun("exp1", 1, "rnn", 1, 0.9)};
  const Table table = ExplorerTable(Stored(runs), {"old <1>", "new"});
  EXPECT_EQ(Names(table).front(), "folder");
  EXPECT_EQ(Names(table).back(), "key");
  EXPECT_NE(table.Html().find("<tr><td>old &lt;1&gt;</td>"), std::string::npos);
}

TEST(CurvesJson, HasEveryCurveInPercentAndNullForWhatIsMissing) {
  RunRecord run = MadeUpRun("exp3", 3, "rnn", 1, 0.9);
  run.history = {{1, 2.302585093, 0.1, 2.4, 0.12345}, {2, 1, 0.25, 2, 0.5}};
  run.history[1].dev_loss = std::numeric_limits<double>::infinity();
  StoredRun stored(run);
  const std::vector<RatioSummary> ratios =
      SummariseRatios({{1, 2, 0.5f}, {1, 10, 0.25f}, {2, 10, 4.0f}});
  stored.ratios = &ratios;
  EXPECT_EQ(Json::parse(CurvesJson({stored})), Json::parse(R"([{
      "every": 1, "loss": [2.303, 1.0], "train_accuracy": [10.0, 25.0],
      "dev_loss": [2.4, null], "dev_accuracy": [12.35, 50.0],
      "ratios": {"2": [0.5, null], "10": [0.25, 4.0]}}])"));
}

TEST(CurvesJson, OfLongRunsHasEveryFewEpochs) {
  RunRecord run = MadeUpRun("exp1", 1, "rnn", 1, 0.9);
  run.history.clear();
  for (int epoch = 1; epoch <= 401; ++epoch) {
    run.history.push_back({epoch, static_cast<double>(epoch), 0, 0, 0});
  }
  const Json curves = Json::parse(CurvesJson({StoredRun(run)}))[0];
  EXPECT_EQ(curves["every"], 3);
  ASSERT_EQ(curves["loss"].size(), 134u);
  EXPECT_EQ(curves["loss"][0], 1.0);
  EXPECT_EQ(curves["loss"][1], 4.0);
  EXPECT_FALSE(curves.contains("ratios"));
}

TEST(RunExplorer, SaysHowManyOfTheRunsItShows) {
  const RunRecord run = MadeUpRun("exp1", 1, "rnn", 1, 0.9);
  std::vector<StoredRun> runs(3, StoredRun(run));
  EXPECT_NE(RunExplorer(runs).find("All 3 runs"), std::string::npos);
  runs.resize(kMostRunsExplored + 1, StoredRun(run));
  const std::string page = RunExplorer(runs);
  EXPECT_NE(page.find("The first 2000 of 2001 runs"), std::string::npos);
  EXPECT_NE(page.find("<code>runs.csv</code> has every run"), std::string::npos);
  size_t rows = 0;
  for (size_t at = page.find("<tr><td>"); at != std::string::npos;
       at = page.find("<tr><td>", at + 1)) {
    ++rows;
  }
  EXPECT_EQ(rows, kMostRunsExplored);
}

}  // namespace
}  // namespace grove
