// The page of every cell, of made-up runs: what was chosen, what is shown, and what is said of it.
#include "experiments/report/cells_page.h"

#include <gtest/gtest.h>

#include "engine/error.h"
#include "engine/files/files.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

// gru solves everything at rate 0.1, and rnn nothing beyond dataset 1.
class CellsPageTest : public ::testing::Test {
 protected:
  void Add(const std::string& experiment, int dataset, const std::string& model, uint64_t seed,
           double rate) {
    const bool solves = model == "gru" ? rate == 0.1 : dataset == 1;
    RunRecord run = testing::MadeUpRun(experiment, dataset, model, seed,
                                       (solves ? 0.9 : 0.1) + 0.01 * static_cast<double>(seed % 5));
    run.key += "-" + std::to_string(rate);
    run.run.learning_rate = rate;
    runs_.push_back(run);
  }
  void AddGrid() {
    for (const std::string model : {"rnn", "gru"}) {
      for (uint64_t seed = 101; seed <= 105; ++seed) {
        for (const double rate : {0.05, 0.1}) Add("exp1", 3, model, seed, rate);
      }
    }
  }
  void AddReported(const std::string& model, double rate) {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      for (const int dataset : {1, 2}) Add("exp1", dataset, model, seed, rate);
      Add("exp2", 4, model, seed, rate);
      Add("exp3", 3, model, seed, rate);
    }
  }
  std::string Runs() const {
    testing::WriteRunFolder(folder_.Path("runs"), runs_, 3);
    return folder_.Path("runs");
  }
  std::vector<RunRecord> runs_;
  TemporaryFolder folder_;
};

TEST_F(CellsPageTest, ShowsRunsThatChoseNothing) {
  AddGrid();
  AddReported("rnn", 0.05);
  AddReported("gru", 0.1);
  const CellStudy study = ComputeCellStudy(Runs());
  EXPECT_EQ(study.reported.models(), (std::vector<std::string>{"rnn", "gru"}));
  EXPECT_EQ(AccuracyTable(study, 1).Csv(),
            "model,1-10,11-20,21-30\nrnn,92.0,12.0,12.0\ngru,92.0,92.0,92.0\n");
  EXPECT_EQ(AccuracyTable(study, 1).Rows()[0]["1-10"], "92 (5/5)");
  const std::vector<std::string> paths = WriteCellStudy(study, folder_.Path("page"));
  for (const std::string& path : paths) EXPECT_TRUE(std::filesystem::exists(path)) << path;
  const std::string page = ReadFile(folder_.Path("page/README.md"));
  for (const char* text :
       {"(figures/lengths.svg)", "(figures/depths.svg)", "(figures/ratios.svg)",
        "On 21-30 words the median run learns the task with 1 of 2 cells; not with rnn",
        "| gru | 92 (5/5) | 92 (5/5) | 92 (5/5) |"}) {
    EXPECT_NE(page.find(text), std::string::npos) << text << "\n" << page;
  }
  EXPECT_EQ(page.find("Without runs"), std::string::npos);
  EXPECT_EQ(WriteCellStudy(study, folder_.Path("again")).size(), paths.size());
  EXPECT_EQ(ReadFile(folder_.Path("again/README.md")), page);
}

TEST_F(CellsPageTest, NamesCellsThatLackTheirChosenRuns) {
  AddGrid();
  AddReported("rnn", 0.05);
  AddReported("gru", 0.05);  // not what the grid says
  const CellStudy study = ComputeCellStudy(Runs());
  WriteCellStudy(study, folder_.Path("page"));
  EXPECT_NE(
      ReadFile(folder_.Path("page/README.md"))
          .find("Without runs on seeds 1-5 at their best settings: gru (learning_rate = 0.1)"),
      std::string::npos);
}

TEST_F(CellsPageTest, SaysWhatMustBeRunFirst) {
  const auto fault = [&] {
    try {
      ComputeCellStudy(Runs());
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  AddReported("gru", 0.1);
  EXPECT_NE(fault().find("no run to choose settings by"), std::string::npos) << fault();
  runs_.clear();
  AddGrid();
  EXPECT_NE(fault().find("no run on seeds 1-5 with the settings that the grid chose"),
            std::string::npos)
      << fault();
}

}  // namespace
}  // namespace grove
