// Threads of a graph that are bound to cores: a core each while they work, and free again
// afterwards.
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "sched/cores.h"
#include "sched/run_graph.h"

namespace grove::sched {
namespace {

using Cores = std::vector<int>;

class BoundThreadsTest : public testing::Test {
 protected:
  // A job that notes the cores that its thread has, once as many others are there as there are
  // threads.
  void AddJobs(int count, int threads) {
    const size_t r = spec_.resources.size();
    spec_.resources.push_back({"r", [this] { Note(built_); }, nullptr});
    for (int j = 0; j < count; ++j) {
      Job job;
      job.resources = {r};
      job.work = [this, threads](const std::atomic<bool>&) {
        ++arrived_;
        while (arrived_ < threads) std::this_thread::yield();
        Note(worked_);
        return Outcome::kFinished;
      };
      spec_.jobs.push_back(job);
    }
    spec_.report = [this] { Note(reported_); };
  }

  void Note(std::map<std::thread::id, std::set<Cores>>& seen) {
    const Cores cores = AllowedCores();
    const std::lock_guard<std::mutex> lock(mutex_);
    seen[std::this_thread::get_id()].insert(cores);
  }

  void Run(int threads, const Cores& cores) {
    EXPECT_EQ(RunGraph(spec_, threads, go_, nullptr, cores).finished, spec_.jobs.size());
  }

  const std::atomic<bool> go_{false};
  GraphSpec spec_;
  std::atomic<int> arrived_{0};
  std::mutex mutex_;
  std::map<std::thread::id, std::set<Cores>> built_, worked_, reported_;  // masks, by thread
};

// As many jobs as threads, which all wait for each other: what they see, they have at the same
// time.
TEST_F(BoundThreadsTest, EachThreadHasACoreOfItsOwn) {
  const Cores all = AllowedCores();
  const int threads = static_cast<int>(all.size());
  AddJobs(threads, threads);
  Run(threads, SpreadCores(all));
  ASSERT_EQ(worked_.size(), all.size());
  std::set<int> used;
  for (const auto& [thread, masks] : worked_) {
    ASSERT_EQ(masks.size(), 1u);
    ASSERT_EQ(masks.begin()->size(), 1u) << "a thread had several cores";
    used.insert(masks.begin()->front());
  }
  EXPECT_EQ(used, std::set<int>(all.begin(), all.end()));
  EXPECT_EQ(built_.begin()->second.begin()->size(), 1u);
}

// Threads come and go while there are more jobs than threads.
TEST_F(BoundThreadsTest, EveryJobIsBound) {
  const Cores all = AllowedCores();
  const int threads = static_cast<int>(all.size());
  AddJobs(20 * threads, threads);
  Run(threads, all);
  for (const auto& [thread, masks] : worked_) {
    for (const Cores& mask : masks) EXPECT_EQ(mask.size(), 1u);
  }
}

TEST_F(BoundThreadsTest, TheFirstCoresAreTaken) {
  const Cores all = AllowedCores();
  AddJobs(3, 1);
  Run(1, {all.back()});
  EXPECT_EQ(worked_.begin()->second, std::set<Cores>{{all.back()}});
}

// A later graph on the same threads, and programs that the report starts, have all cores.
TEST_F(BoundThreadsTest, AreFreeAfterwards) {
  const Cores all = AllowedCores();
  const int threads = static_cast<int>(all.size());
  AddJobs(threads, threads);
  Run(threads, all);
  EXPECT_EQ(AllowedCores(), all);
  EXPECT_EQ(reported_.begin()->second, std::set<Cores>{all});
  worked_.clear();
  arrived_ = 0;
  Run(threads, {});
  for (const auto& [thread, masks] : worked_) EXPECT_EQ(masks, std::set<Cores>{all});
}

TEST_F(BoundThreadsTest, WithoutCoresNoneIsBound) {
  AddJobs(3, 1);
  Run(1, {});
  EXPECT_EQ(worked_.begin()->second, std::set<Cores>{AllowedCores()});
}

TEST_F(BoundThreadsTest, MoreThreadsThanCoresAreRefused) {
  const Cores all = AllowedCores();
  AddJobs(1, 1);
  EXPECT_THROW(Run(static_cast<int>(all.size()) + 1, all), std::invalid_argument);
  EXPECT_TRUE(worked_.empty());
}

// A core that went away meanwhile.
TEST_F(BoundThreadsTest, ACoreThatTheSystemRefusesIsNotBoundTo) {
  constexpr int kNoSuchCore = 100'000;
  AddJobs(3, 1);
  Run(1, {kNoSuchCore});
  EXPECT_EQ(worked_.begin()->second, std::set<Cores>{AllowedCores()});
}

}  // namespace
}  // namespace grove::sched
