// What the one road of training leaves of runs that do not end well, and of data that a stop cut
// short.
#include "experiments/runs/train_run.h"

#include <gtest/gtest.h>

#include <cmath>

#include "experiments/runs/load_data.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

const std::atomic<bool> kGo{false}, kStop{true};

Job SmallJob() {
  Job job;
  job.run.model = "rnn";
  job.run.dim = 5;
  job.data.min_length = 1;
  job.data.max_length = 6;
  job.data.train = 100;
  job.data.dev = job.data.test = 20;
  job.run = Resolve(job.run);
  SetKey(job);
  return job;
}

// With such an L2 term every weight becomes twice its negative, update by update.
TEST(TrainRunTest, ADivergedRunKeepsItsBestEpoch) {
  Job job = SmallJob();
  job.run.rule = "sgd";
  job.run.learning_rate = 1;
  job.run.l2 = 3;
  job.run.patience = job.run.epochs = 1000;
  const TemporaryFolder folder;
  const std::optional<LoadedData> data = LoadData(job, kGo);
  ASSERT_TRUE(data.has_value());
  double seconds = 0;
  const auto trained = TrainRun(job, *data, RunFolder(folder.path()), kGo, {}, seconds);
  ASSERT_TRUE(trained.has_value());
  const RunRecord& record = trained->record;
  EXPECT_EQ(record.status, "diverged");
  EXPECT_NE(record.message.find("non-finite in epoch"), std::string::npos) << record.message;
  ASSERT_GE(record.history.size(), 2u);
  EXPECT_EQ(record.epochs, static_cast<int>(record.history.size()));
  ASSERT_GE(record.best_epoch, 1);
  ASSERT_LE(record.best_epoch, record.epochs);
  const EpochRecord& best = record.history[static_cast<size_t>(record.best_epoch) - 1];
  EXPECT_EQ(record.dev_accuracy, best.dev_accuracy);
  EXPECT_EQ(record.train_accuracy, best.train_accuracy);
  EXPECT_TRUE(std::isnan(record.test_accuracy)) << "no weights were chosen to be tested";
}

TEST(TrainRunTest, AStopWhileTreesAreMadeOrReadLeavesNoData) {
  EXPECT_FALSE(LoadData(SmallJob(), kStop).has_value());
  const TemporaryFolder folder;
  const DataFile file = {folder.Write("a.ptb", "(1 (0 a) (1 b))\n"), ""};
  Job job = SmallJob();
  job.files.emplace();
  job.files->train = job.files->dev = file;
  EXPECT_FALSE(LoadData(job, kStop).has_value());
}

}  // namespace
}  // namespace grove
