// A study of made-up runs: from journals to tables and the page, the same every time.
#include "experiments/report/study.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "engine/error.h"
#include "engine/files/files.h"
#include "experiments/plan/plan.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

const std::string kRoot = GROVE_SOURCE_DIR;

// The runs of the default reading, with the accuracies of the paper's picture; every seventh seed
// of rlstm diverged.
std::vector<RunRecord> MadeUpStudyRuns(const std::string& seeds) {
  std::vector<RunRecord> runs;
  for (const std::string name : {"exp1", "exp2", "exp3"}) {
    Spec experiment = ReadSpec(kRoot + "/experiments/specs/" + name + ".toml");
    SetSeeds(experiment, ParseSeeds(seeds));
    for (const Job& planned : Plan({experiment}).runs) {
      const uint64_t seed = planned.run.seed;
      RunRecord run = testing::MadeUpRun(
          name, planned.dataset, planned.run.model, seed,
          testing::MadeUpAccuracy(name == "exp3" ? "exp1" : name, planned.dataset,
                                  planned.run.model, seed % 5 + 1));
      run.key = planned.key;
      run.run = planned.run;
      run.data = planned.data;
      if (seed % 7 == 0 && run.model == "rlstm" && name != "exp3") run.status = "diverged";
      runs.push_back(run);
    }
  }
  return runs;
}

class StudyTest : public ::testing::Test {
 protected:
  StudyTest() {
    std::filesystem::create_directories(folder_.Path("results/journals"));
    Keep("a", MadeUpStudyRuns("1-25"));
    Keep("b", MadeUpStudyRuns("101-105"));
  }
  // The journal of a folder of these runs, among those of the study.
  void Keep(const std::string& name, const std::vector<RunRecord>& runs) const {
    testing::WriteRunFolder(folder_.Path(name), runs, 4);
    std::filesystem::rename(folder_.Path(name + "/journal.jsonl"),
                            folder_.Path("results/journals/" + name + ".jsonl"));
  }
  Study Compute() const { return ComputeStudy(folder_.Path("results/journals")); }
  TemporaryFolder folder_;
};

TEST_F(StudyTest, CountsEveryRun) {
  const Study study = Compute();
  EXPECT_EQ(study.all.judged(), 17);
  EXPECT_EQ(study.store.journals().size(), 2u);
  ASSERT_EQ(study.cells.size(), 40u);
  for (const Cell& cell : study.cells) {
    EXPECT_EQ(cell.spread.n, 25) << cell.name.experiment << cell.name.dataset << cell.name.model;
    EXPECT_EQ(cell.spread.failed, cell.name.model == "rlstm" ? 3 : 0);  // seeds 7, 14, 21
    EXPECT_LE(cell.interval.low, cell.interquartile_mean);
    EXPECT_GE(cell.interval.high, cell.interquartile_mean);
  }
  const Cell& easy = study.cells[1];  // exp1, dataset 1, rlstm: all solved but for the lost
  EXPECT_EQ(easy.solved, 22);
  EXPECT_LT(easy.solved_share.low, 0.88);
  EXPECT_GT(easy.solved_share.high, 0.88);
  ASSERT_EQ(study.pairings.size(), 20u);
  EXPECT_GT(study.pairings[2].test.median_difference, 80);  // dataset 3
  EXPECT_GE(study.pairings[2].holm_p, study.pairings[2].test.p);
  // The default alone was run: it is judged, and there is nothing else.
  ASSERT_EQ(study.variants.size(), 1u);
  EXPECT_TRUE(study.standard().is_default());
  EXPECT_GE(study.standard().judgements.judged(), 16);
}

TEST_F(StudyTest, IsWrittenTheSameEveryTime) {
  std::vector<std::string> first;
  for (const std::string& path : WriteStudy(Compute(), folder_.Path("results"))) {
    first.push_back(ReadFile(path));
    EXPECT_FALSE(first.back().empty()) << path;
  }
  size_t i = 0;
  for (const std::string& path : WriteStudy(Compute(), folder_.Path("results"))) {
    EXPECT_EQ(ReadFile(path), first[i++]) << path;
  }
  // Seeds 7, 14, 21 and 105 on twenty datasets.
  const std::string page = folder_.Read("results/README.md");
  EXPECT_NE(page.find("of the paper's 17 checkable claims hold"), std::string::npos);
  EXPECT_NE(page.find("80 of them failed or diverged"), std::string::npos);
  EXPECT_NE(page.find("1,000 studies of five runs"), std::string::npos);
  EXPECT_NE(
      folder_.Read("results/ARTIFACT.md")
          .find("| `make -C experiments reproduce ONLY='experiment=exp1,model=rnn,dataset=1'` | "
                "2.5 core-minutes | holds, "),
      std::string::npos)
      << "five runs of 30 seconds";
}

TEST_F(StudyTest, OfFiveSeedsIsOneStudy) {
  Keep("five", MadeUpStudyRuns("1-5"));
  const Study study = ComputeStudy(folder_.Path("results/journals/five.jsonl"));
  WriteStudy(study, folder_.Path("five"));
  const std::string page = folder_.Read("five/README.md");
  EXPECT_NE(page.find("claims hold over 5 seeds**"), std::string::npos);
  EXPECT_NE(page.find("this is one study, and it decides"), std::string::npos);
  EXPECT_EQ(page.find("1,000 studies"), std::string::npos);
  EXPECT_EQ(page.find("Which settings are the paper's?"), std::string::npos);
  EXPECT_EQ(page.find("claims.svg"), std::string::npos) << "it shows shares of many studies";
  EXPECT_EQ(page.find("length_depth.svg"), std::string::npos) << "there are no such runs";
  EXPECT_EQ(page.find("\n\n\n"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(folder_.Path("five/ARTIFACT.md")));
}

TEST_F(StudyTest, WithoutThePapersDataIsAnError) {
  std::vector<RunRecord> runs = MadeUpStudyRuns("1-1");
  runs.resize(1);
  runs[0].data.min_length = 3;
  Keep("other", runs);
  EXPECT_THROW(ComputeStudy(folder_.Path("results/journals/other.jsonl")), Error);
}

TEST_F(StudyTest, TwoResultsOfOneRunAreRefused) {
  std::vector<RunRecord> runs = MadeUpStudyRuns("1-25");
  runs.resize(1);
  runs[0].weights_xxh3 = "fedcba9876543210";
  Keep("c", runs);
  EXPECT_THROW(Compute(), Error);
}

}  // namespace
}  // namespace grove
