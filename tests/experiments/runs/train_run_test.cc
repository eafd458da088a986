// What the one road of training leaves of runs that do not end well, and of data that a stop cut
// short.
#include "experiments/runs/train_run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

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

// Long enough for some states, short enough for a test.
Job JobOfManyUpdates() {
  Job job = SmallJob();
  job.run.epochs = job.run.patience = 6;
  job.run.batch = 10;
  SetKey(job);
  return job;
}

std::optional<TrainedRun> Train(const Job& job, const RunFolder& folder,
                                const TrainRunOptions& options,
                                const std::atomic<bool>& stop = kGo) {
  const std::optional<LoadedData> data = LoadData(job, kGo);
  double seconds = 0;
  return TrainRun(job, *data, folder, stop, options, seconds);
}

// Copies the state at one update, as a process that is killed there leaves it.
TEST(TrainRunTest, GoesOnFromAStateWithTheSameBits) {
  const Job job = JobOfManyUpdates();
  const TemporaryFolder first, second;
  const RunFolder folder(first.path()), left(second.path());
  folder.Create();
  left.Create();
  TrainRunOptions options;
  options.states.seconds = 0;
  int updates = 0, states = 0;
  options.progress = [&](const TrainProgress&, const RunResult&) {
    if (folder.HasState(job.key)) ++states;  // that of the update before
    if (++updates != 34) return;             // in the fourth epoch
    std::filesystem::copy_file(folder.StatePath(job.key), left.StatePath(job.key));
  };
  const auto whole = Train(job, folder, options);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(updates, 60);
  EXPECT_EQ(states, 59) << "a state after every update";

  updates = 0;
  options.progress = [&](const TrainProgress&, const RunResult&) { ++updates; };
  const auto resumed = Train(job, left, options);
  ASSERT_TRUE(resumed.has_value());
  EXPECT_EQ(updates, 60 - 33);
  EXPECT_EQ(resumed->record.weights_xxh3, whole->record.weights_xxh3);
  EXPECT_EQ(resumed->record.test_accuracy, whole->record.test_accuracy);
}

TEST(TrainRunTest, WritesAStateWhenAskedTo) {
  const Job job = JobOfManyUpdates();
  const TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  folder.Create();
  std::atomic<unsigned> requests{0};
  TrainRunOptions options;
  options.states.seconds = 1e6;
  options.states.requests = &requests;
  int updates = 0;
  options.progress = [&](const TrainProgress&, const RunResult&) {
    ++updates;
    EXPECT_EQ(folder.HasState(job.key), updates > 20) << updates;
    if (updates == 20) ++requests;
  };
  EXPECT_TRUE(Train(job, folder, options).has_value());
}

TEST(TrainRunTest, AStateThatCannotBeWrittenCostsNothing) {
  const Job job = JobOfManyUpdates();
  const TemporaryFolder temporary;
  temporary.Write("state", "a file where the folder should be");
  std::vector<std::string> notes;
  TrainRunOptions options;
  options.states.seconds = 0;
  options.note = [&](const std::string& line) { notes.push_back(line); };
  const auto trained = Train(job, RunFolder(temporary.path(), {"state"}), options);
  ASSERT_TRUE(trained.has_value());
  EXPECT_EQ(trained->record.status, "done");
  ASSERT_EQ(notes.size(), 1u) << "said once";
  EXPECT_TRUE(notes[0].starts_with("no state is kept for now: " + temporary.path())) << notes[0];
}

TEST(TrainRunTest, ADamagedStateIsSetAside) {
  const Job job = JobOfManyUpdates();
  const TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  folder.Create();
  temporary.Write("state/" + job.key + ".safetensors", "not a state");
  std::vector<std::string> notes;
  TrainRunOptions options;
  options.note = [&](const std::string& line) { notes.push_back(line); };
  EXPECT_TRUE(Train(job, folder, options).has_value());
  ASSERT_EQ(notes.size(), 1u);
  const std::string aside = temporary.Path("damaged/" + job.key + ".safetensors");
  EXPECT_TRUE(notes[0].ends_with("; the run starts again, and the file is now " + aside));
  EXPECT_TRUE(std::filesystem::exists(aside));
}

// A limit of time ends a run, and a larger one goes on with it.
TEST(TrainRunTest, ARunThatTakesTooLongKeepsItsState) {
  const Job job = JobOfManyUpdates();
  const TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  folder.Create();
  TrainRunOptions options;
  options.max_seconds = 0;
  EXPECT_THROW(Train(job, folder, options), TookTooLong);
  ASSERT_TRUE(folder.HasState(job.key));
  options.max_seconds = 1e6;
  int updates = 0;
  options.progress = [&](const TrainProgress&, const RunResult&) { ++updates; };
  EXPECT_TRUE(Train(job, folder, options).has_value());
  EXPECT_EQ(updates, 59);
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
