// Where runs stand in the paper: settings decide, names do not.
#include "experiments/stats/paper.h"

#include <gtest/gtest.h>

#include "experiments/plan/plan.h"

namespace grove {
namespace {

using Places = std::vector<PaperDataset>;

DatasetSpec Data(int low, int high, int min_depth = 0, int max_depth = -1) {
  DatasetSpec data;
  data.min_length = low;
  data.max_length = high;
  data.min_keyword_depth = min_depth;
  data.max_keyword_depth = max_depth;
  return data;
}

TEST(PaperDatasets, AreKnownByLengthsAndDepths) {
  const RunSpec run;
  EXPECT_EQ(PaperDatasets(run, Data(1, 10)), (Places{{1, 1}}));
  EXPECT_EQ(PaperDatasets(run, Data(91, 100)), (Places{{1, 10}}));
  EXPECT_EQ(PaperDatasets(run, Data(21, 30, 1, 2)), (Places{{2, 1}}));
  EXPECT_EQ(PaperDatasets(run, Data(21, 30, 10, 11)), (Places{{2, 10}}));
  for (const DatasetSpec& other :
       {Data(1, 20), Data(2, 10), Data(11, 21), Data(101, 110), Data(0, 0), Data(21, 30, 0, 1),
        Data(21, 30, 11, 12), Data(21, 30, 3, 3), Data(21, 30, 3, 5), Data(31, 40, 3, 4),
        Data(21, 30, 3, -1), Data(21, 30, 0, 9)}) {
    EXPECT_EQ(PaperDatasets(run, other), Places())
        << other.min_length << "-" << other.max_length << " " << other.min_keyword_depth << "-"
        << other.max_keyword_depth;
  }
}

TEST(PaperDatasets, AProbeRunStandsForItsTwinToo) {
  RunSpec probe;
  probe.probe = true;
  EXPECT_EQ(PaperDatasets(probe, Data(21, 30)), (Places{{1, 3}, {3, 3}}));
  EXPECT_EQ(PaperDatasets(probe, Data(31, 40)), (Places{{1, 4}}));
  EXPECT_EQ(PaperDatasets(probe, Data(21, 30, 2, 3)), (Places{{2, 2}}));
}

// The files of the experiments are the paper's runs, all of them and under their numbers.
TEST(PaperDatasets, AreThoseOfTheExperimentFiles) {
  for (const int number : {1, 2, 3}) {
    const std::string name = "exp" + std::to_string(number);
    const Spec experiment = ReadSpec(GROVE_SOURCE_DIR "/experiments/specs/" + name + ".toml");
    for (const Job& planned : Plan({experiment}).runs) {
      const Places places = PaperDatasets(planned.run, planned.data);
      ASSERT_FALSE(places.empty()) << planned.Label();
      EXPECT_EQ(places.back(), (PaperDataset{number, planned.dataset})) << planned.Label();
      EXPECT_EQ(ToText(Differences(planned.run, planned.data)), "") << planned.Label();
    }
  }
}

TEST(PaperDatasets, HaveTextsForTables) {
  EXPECT_EQ(WordsText({1, 3}), "21-30");
  EXPECT_EQ(DepthsText({1, 3}), "");
  EXPECT_EQ(WordsText({2, 7}), "21-30");
  EXPECT_EQ(DepthsText({2, 7}), "7-8");
}

TEST(Differences, StandInOneOrderWhateverTheSweep) {
  RunSpec run;
  run.l2_words = false;
  run.l2 = 1e-5;
  DatasetSpec data;
  data.tree = "merge";
  data.seed = 2;
  EXPECT_EQ(ToText(Differences(run, data)),
            "l2 = 1e-05, l2_words = false, tree = merge, data.seed = 2");
}

TEST(Differences, AreNoneWhereASettingIsTheDefaultOfItsModel) {
  RunSpec run;
  run.model = "rnn";
  run.batch = 20;
  EXPECT_EQ(ToText(Differences(run, DatasetSpec())), "");
  run.batch = 5;  // rlstm's
  EXPECT_EQ(ToText(Differences(run, DatasetSpec())), "batch = 5");
  run.batch = 0;
  run.seed = 7;
  run.probe = run.observe = true;
  run.gemm = "openblas";
  EXPECT_EQ(ToText(Differences(run, Data(1, 10, 3, 4))), "") << "these change no result";
}

}  // namespace
}  // namespace grove
