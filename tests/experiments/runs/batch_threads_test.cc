// Where the threads of a batch run, who watches them, and where its runs have their memory: the
// arrays of a run live in its own task. The thread that trains it is the first to write them, so
// that they stand in memory near its core, and as many runs have memory as there are threads.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <vector>

#include "engine/error.h"
#include "experiments/runs/batch.h"
#include "sched/cores.h"
#include "simd/pages.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

// Wide enough for large arrays (simd/pages.h), which are counted.
std::vector<Job> WideRuns(int count) {
  std::vector<Job> runs;
  for (int seed = 1; seed <= count; ++seed) {
    Job job;
    job.run.model = "rnn";
    job.run.dim = 60;
    job.run.epochs = 1;
    job.run.seed = static_cast<uint32_t>(seed);
    job.run = Resolve(job.run);
    job.data.min_length = 1;
    job.data.max_length = 6;
    job.data.train = 40;
    job.data.dev = job.data.test = 20;
    SetKey(job);
    runs.push_back(job);
  }
  return runs;
}

uint64_t LivePages() {
  const simd::PageCounts pages = simd::CountPages();
  return pages.taken - pages.given_back;
}

class CoreWatcher : public BatchWatcher {
 public:
  void OnProgress(const Job&, const TrainProgress&, const RunResult&) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    in_training.insert(sched::AllowedCores());
  }

  std::set<std::vector<int>> in_training;

 private:
  std::mutex mutex_;
};

class PageWatcher : public BatchWatcher {
 public:
  void OnStart(const sched::ProgressMeter&, size_t) override { at_start = LivePages(); }
  void OnProgress(const Job&, const TrainProgress&, const RunResult&) override {
    in_training.push_back(LivePages());
  }
  void OnRecord(const Job&, const RunRecord&) override { after_runs.push_back(LivePages()); }

  uint64_t at_start = 0;
  std::vector<uint64_t> in_training, after_runs;
};

// Asks the meter for the last time when it is told of the end.
class EndWatcher : public BatchWatcher {
 public:
  void OnStart(const sched::ProgressMeter& meter, size_t) override { meter_ = &meter; }
  void OnEnd() override { finished = meter_->Snapshot().finished; }

  size_t finished = 0;

 private:
  const sched::ProgressMeter* meter_ = nullptr;
};

TEST(BatchThreadsTest, WhoWatchesHearsOfTheEndHoweverItComes) {
  const TemporaryFolder folder;
  std::atomic<bool> stop{false};
  EndWatcher watcher;
  const auto report = [] { throw Error("the report cannot be written"); };
  EXPECT_THROW(RunBatch(WideRuns(2), RunFolder(folder.path()), {}, stop, watcher, report), Error);
  EXPECT_EQ(watcher.finished, 2u);
}

TEST(BatchThreadsTest, RunsAreTrainedOnTheCoresThatTheyAreBoundTo) {
  const TemporaryFolder folder;
  std::atomic<bool> stop{false};
  CoreWatcher watcher;
  const std::vector<int> all = sched::AllowedCores();
  BatchOptions options;
  options.cores = {all.back()};
  RunBatch(WideRuns(2), RunFolder(folder.path()), options, stop, watcher, nullptr);
  EXPECT_EQ(watcher.in_training, std::set<std::vector<int>>{{all.back()}});
  EXPECT_EQ(sched::AllowedCores(), all);
}

TEST(BatchThreadsTest, ARunTakesItsArraysInItsTaskAndGivesThemBack) {
  const TemporaryFolder folder;
  std::atomic<bool> stop{false};
  PageWatcher watcher;
  const uint64_t before = LivePages();
  RunBatch(WideRuns(3), RunFolder(folder.path()), {}, stop, watcher, nullptr);
  EXPECT_EQ(watcher.at_start, before) << "taken before the graph started";
  ASSERT_FALSE(watcher.in_training.empty());
  for (const uint64_t pages : watcher.in_training) {
    EXPECT_GT(pages, before);
    EXPECT_EQ(pages, watcher.in_training[0]) << "of more runs than one";
  }
  EXPECT_EQ(watcher.after_runs, std::vector<uint64_t>(3, before));
}

}  // namespace
}  // namespace grove
