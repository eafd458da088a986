#include "experiments/plan/run_filter.h"

#include <gtest/gtest.h>

#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

// 2 datasets x 2 models x 2 values of l2 x 3 seeds of "a", and one run of "b".
std::vector<Job> Runs() {
  std::vector<Job> runs;
  for (const int dataset : {1, 10}) {
    for (const char* model : {"rnn", "rlstm"}) {
      for (const double l2 : {0.0, 1e-4}) {
        for (const uint64_t seed : {1, 2, 3}) {
          Job& run = runs.emplace_back();
          run.experiment = "a";
          run.dataset = dataset;
          run.run.model = model;
          run.run.seed = seed;
          run.axes["l2"] = l2;
        }
      }
    }
  }
  runs.emplace_back().experiment = "b";
  return runs;
}

size_t Count(const std::vector<std::string>& clauses) { return SelectRuns(Runs(), clauses).size(); }

std::string Refusal(const std::string& clause) {
  return ErrorMessage([&] { SelectRuns(Runs(), {clause}); });
}

TEST(RunFilter, SelectsByAxis) {
  EXPECT_EQ(Count({}), 25u);
  EXPECT_EQ(Count({"experiment=b"}), 1u);
  EXPECT_EQ(Count({"dataset=1"}), 12u);
  EXPECT_EQ(Count({"dataset=1|10"}), 24u);
  EXPECT_EQ(Count({"experiment=a,seed=2-3"}), 16u);
  EXPECT_EQ(Count({"experiment=a,seed=1|3"}), 16u);
  EXPECT_EQ(Count({"l2=1e-4"}), 12u);
  EXPECT_EQ(Count({"l2=0.0001|0"}), 24u);
  EXPECT_EQ(Count({"dataset=10,model=rlstm,l2=0,seed=2"}), 1u);
}

TEST(RunFilter, AKeyIsARun) {
  std::vector<Job> runs = Runs();
  runs[3].key = "00000000000000e1";
  runs[4].key = "e1";
  const std::vector<Job> chosen = SelectRuns(runs, {"key=00000000000000e1"});
  ASSERT_EQ(chosen.size(), 1u);
  EXPECT_EQ(chosen[0].key, runs[3].key);
}

TEST(RunFilter, NumbersAreComparedAsNumbers) {
  for (const char* zero : {"l2=0", "l2=0.0", "l2=-0.0", "l2=0e5"}) EXPECT_EQ(Count({zero}), 12u);
  for (const char* small : {"l2=1e-4", "l2=0.0001", "l2=1E-04", "l2=0.00010"}) {
    EXPECT_EQ(Count({small}), 12u) << small;
  }
  EXPECT_EQ(Count({"seed=2.0"}), 8u);
  EXPECT_EQ(Count({"seed=2-2"}), 8u);
  std::vector<Job> runs(3);
  for (int i = 0; i < 3; ++i) runs[static_cast<size_t>(i)].axes["depth"] = i - 2;
  EXPECT_EQ(SelectRuns(runs, {"depth=-2--1"}).size(), 2u);
  runs[0].run.seed = 18446744073709551615u;
  runs[1].run.seed = 18446744073709551614u;
  EXPECT_EQ(SelectRuns(runs, {"seed=18446744073709551615"}).size(), 1u);
}

TEST(RunFilter, ClausesAddUpWithoutDoublesInPlanOrder) {
  const std::vector<Job> runs =
      SelectRuns(Runs(), {"dataset=10,seed=1", "dataset=1,seed=1", "seed=1,dataset=1"});
  ASSERT_EQ(runs.size(), 8u);
  EXPECT_EQ(runs[0].dataset, 1);
  EXPECT_EQ(runs[7].dataset, 10);
}

TEST(RunFilter, ErrorsNameWhatThereIs) {
  EXPECT_EQ(Refusal("datset=1"),
            "--only 'datset=1': unknown axis 'datset'; did you mean 'dataset'?");
  EXPECT_EQ(Refusal("dataset=5"), "--only 'dataset=5': no dataset is '5'; there are 1, 10, 0");
  EXPECT_EQ(Refusal("dataset=1|5"), "--only 'dataset=1|5': no dataset is '5'; there are 1, 10, 0");
  EXPECT_EQ(Refusal("model=gru"), "--only 'model=gru': no model is 'gru'; there are rnn, rlstm");
  EXPECT_EQ(Refusal("seed=7-9"), "--only 'seed=7-9': no seed is '7-9'; there are 1, 2, 3");
  EXPECT_EQ(Refusal("dataset"), "--only 'dataset': 'dataset' must be AXIS=VALUE");
  EXPECT_EQ(Refusal("dataset=1,"), "--only 'dataset=1,': '' must be AXIS=VALUE");
  EXPECT_EQ(Refusal("experiment=b,dataset=1"),
            "--only 'experiment=b,dataset=1': no run has all of this");
}

}  // namespace
}  // namespace grove
