#include "sched/run_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

namespace grove::sched {
namespace {

// Everything that happened, in order.
class Log {
 public:
  void Add(const std::string& event) {
    const std::lock_guard<std::mutex> lock(mutex_);
    events_.push_back(event);
  }
  std::vector<std::string> events() const { return events_; }
  size_t Count(const std::string& event) const {
    return static_cast<size_t>(std::count(events_.begin(), events_.end(), event));
  }
  // Position of the only such event; fails the test if there is none or more than one.
  size_t At(const std::string& event) const {
    EXPECT_EQ(Count(event), 1u) << event;
    return static_cast<size_t>(std::find(events_.begin(), events_.end(), event) - events_.begin());
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> events_;
};

class RunGraphTest : public testing::Test {
 protected:
  size_t AddResource(const std::string& name) {
    spec_.resources.push_back({name, [this, name] { log_.Add("build " + name); },
                               [this, name] { log_.Add("release " + name); }});
    return spec_.resources.size() - 1;
  }

  size_t AddJob(const std::string& name, double cost, std::vector<size_t> resources = {}) {
    Job job;
    job.key = job.label = name;
    job.cost = cost;
    job.resources = std::move(resources);
    job.work = [this, name](const std::atomic<bool>&) {
      log_.Add("run " + name);
      return Outcome::kFinished;
    };
    job.on_failure = [this, name](const std::exception& error) {
      log_.Add("failure " + name + ": " + error.what());
    };
    spec_.jobs.push_back(std::move(job));
    return spec_.jobs.size() - 1;
  }

  void AddSummary(const std::string& name, std::vector<size_t> jobs) {
    spec_.summaries.push_back({name, std::move(jobs), [this, name] { log_.Add("sum " + name); }});
  }

  void AddReport() {
    spec_.report = [this] { log_.Add("report"); };
  }

  GraphResult Run(int threads) { return RunGraph(spec_, threads, stop_); }

  static void ExpectResult(const GraphResult& result, size_t finished, size_t failed,
                           size_t stopped) {
    EXPECT_EQ(result.finished, finished);
    EXPECT_EQ(result.failed, failed);
    EXPECT_EQ(result.stopped, stopped);
  }

  Log log_;
  GraphSpec spec_;
  std::atomic<bool> stop_{false};
};

using Events = std::vector<std::string>;

TEST_F(RunGraphTest, OneThreadRunsResourceByResourceTheLongestFirst) {
  const size_t a = AddResource("a");
  const size_t b = AddResource("b");
  AddResource("unused");
  const size_t short_a = AddJob("short_a", 1, {a});
  const size_t long_b = AddJob("long_b", 9, {b});
  const size_t middle = AddJob("middle", 5);
  const size_t long_a = AddJob("long_a", 3, {a});
  const size_t equal = AddJob("equal", 3);
  AddSummary("a", {short_a, long_a});
  AddSummary("b", {long_b, middle, equal});
  AddReport();
  ExpectResult(Run(1), 5, 0, 0);
  EXPECT_EQ(log_.events(),
            (Events{"build b", "run long_b", "release b", "run middle", "build a", "run long_a",
                    "run short_a", "release a", "sum a", "run equal", "sum b", "report"}));
}

TEST_F(RunGraphTest, EmptyGraphReports) {
  AddReport();
  ExpectResult(Run(2), 0, 0, 0);
  EXPECT_EQ(log_.events(), Events{"report"});
}

TEST_F(RunGraphTest, SummaryWithoutJobsRuns) {
  AddSummary("nothing", {});
  AddReport();
  Run(2);
  EXPECT_EQ(log_.events(), (Events{"sum nothing", "report"}));
}

// Two hundred jobs on twenty shared resources, more threads than cores.
TEST_F(RunGraphTest, ManyThreadsKeepTheOrderOfEachResource) {
  constexpr size_t kResources = 20;
  constexpr size_t kJobs = 200;
  for (size_t r = 0; r < kResources; ++r) AddResource(std::to_string(r));
  std::map<size_t, std::vector<size_t>> users;
  for (size_t j = 0; j < kJobs; ++j) {
    const size_t r = j * 7 % kResources;
    users[r].push_back(AddJob(std::to_string(j), static_cast<double>(j % 13 + 1), {r}));
  }
  for (const auto& [r, jobs] : users) AddSummary(std::to_string(r), jobs);
  AddReport();
  ExpectResult(Run(8), kJobs, 0, 0);
  const size_t report = log_.At("report");
  EXPECT_EQ(report, log_.events().size() - 1);
  for (const auto& [r, jobs] : users) {
    const size_t build = log_.At("build " + std::to_string(r));
    const size_t release = log_.At("release " + std::to_string(r));
    const size_t sum = log_.At("sum " + std::to_string(r));
    for (size_t j : jobs) {
      const size_t run = log_.At("run " + std::to_string(j));
      EXPECT_LT(build, run);
      EXPECT_LT(run, release);
      EXPECT_LT(run, sum);
    }
  }
}

TEST_F(RunGraphTest, NeverMoreThreadsThanAllowed) {
  constexpr int kThreads = 3;
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  for (int j = 0; j < 60; ++j) {
    const size_t job = AddJob(std::to_string(j), 1);
    spec_.jobs[job].work = [&](const std::atomic<bool>&) {
      const int running = ++now;
      for (int seen = most; running > seen && !most.compare_exchange_weak(seen, running);) {
      }
      std::this_thread::yield();
      --now;
      return Outcome::kFinished;
    };
  }
  ExpectResult(Run(kThreads), 60, 0, 0);
  EXPECT_LE(most, kThreads);
  EXPECT_GE(most, 1);
}

// The two jobs can only end together: two threads are really there, even on one core.
TEST_F(RunGraphTest, TwoThreadsRunTwoJobsAtOnce) {
  std::atomic<int> arrived{0};
  for (int j = 0; j < 2; ++j) {
    const size_t job = AddJob(std::to_string(j), 1);
    spec_.jobs[job].work = [&](const std::atomic<bool>&) {
      ++arrived;
      while (arrived < 2) std::this_thread::yield();
      return Outcome::kFinished;
    };
  }
  ExpectResult(Run(2), 2, 0, 0);
}

TEST_F(RunGraphTest, FailedJobIsReportedAndTheOthersGoOn) {
  const size_t r = AddResource("r");
  const size_t bad = AddJob("bad", 3, {r});
  const size_t odd = AddJob("odd", 2, {r});
  const size_t good = AddJob("good", 1, {r});
  spec_.jobs[bad].work = [](const std::atomic<bool>&) -> Outcome {
    throw std::runtime_error("loss is not finite");
  };
  spec_.jobs[odd].work = [](const std::atomic<bool>&) -> Outcome { throw 7; };
  AddSummary("all", {bad, odd, good});
  AddReport();
  ExpectResult(Run(1), 1, 2, 0);
  EXPECT_EQ(log_.events(),
            (Events{"build r", "failure bad: loss is not finite", "failure odd: unknown exception",
                    "run good", "release r", "sum all", "report"}));
}

TEST_F(RunGraphTest, FailedResourceFailsItsJobsOnly) {
  const size_t bad = AddResource("bad");
  const size_t good = AddResource("good");
  spec_.resources[bad].build = [] { throw std::runtime_error("no such task"); };
  AddJob("one", 3, {good, bad});
  AddJob("two", 2, {bad});
  AddJob("three", 1, {good});
  AddReport();
  ExpectResult(Run(1), 1, 2, 0);
  EXPECT_EQ(log_.Count("failure one: no such task"), 1u);
  EXPECT_EQ(log_.Count("failure two: no such task"), 1u);
  EXPECT_EQ(log_.Count("run three"), 1u);
  EXPECT_EQ(log_.Count("release bad"), 0u);
  EXPECT_EQ(log_.Count("release good"), 1u);
  EXPECT_EQ(log_.Count("report"), 1u);
}

TEST_F(RunGraphTest, StopStartsNothingMoreAndSkipsWhatIsIncomplete) {
  const size_t r = AddResource("r");
  const size_t late = AddResource("late");
  const size_t first = AddJob("first", 9, {r});
  const size_t second = AddJob("second", 8, {r});
  AddJob("third", 7, {r});
  AddJob("fourth", 6, {late});
  spec_.jobs[second].work = [this](const std::atomic<bool>& stop) {
    stop_ = true;
    EXPECT_TRUE(stop);
    return Outcome::kStopped;
  };
  AddSummary("complete", {first});
  AddSummary("incomplete", {first, second});
  AddReport();
  ExpectResult(Run(1), 1, 0, 3);
  EXPECT_EQ(log_.events(), (Events{"build r", "run first", "sum complete", "release r"}));
}

TEST_F(RunGraphTest, StoppedBeforeTheStartDoesNothing) {
  AddJob("job", 1, {AddResource("r")});
  AddReport();
  stop_ = true;
  ExpectResult(Run(2), 0, 0, 1);
  EXPECT_EQ(log_.events(), Events{});
}

TEST_F(RunGraphTest, StopInTheLastJobStillReports) {
  const size_t job = AddJob("job", 1);
  spec_.jobs[job].work = [this](const std::atomic<bool>&) {
    stop_ = true;
    return Outcome::kFinished;
  };
  AddReport();
  ExpectResult(Run(1), 1, 0, 0);
  EXPECT_EQ(log_.events(), Events{"report"});
}

TEST_F(RunGraphTest, ExceptionOfOnFailureComesOut) {
  const size_t bad = AddJob("bad", 2, {AddResource("r")});
  AddJob("next", 1);
  spec_.jobs[bad].work = [](const std::atomic<bool>&) -> Outcome {
    throw std::runtime_error("work");
  };
  spec_.jobs[bad].on_failure = [](const std::exception&) { throw std::runtime_error("disk full"); };
  AddReport();
  try {
    Run(1);
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "disk full");
  }
  EXPECT_EQ(log_.events(), (Events{"build r", "release r"}));
}

TEST_F(RunGraphTest, ExceptionsOfSummaryReleaseAndReportComeOut) {
  AddSummary("bad", {AddJob("job", 1, {AddResource("r")})});
  spec_.summaries[0].work = [] { throw std::domain_error("summary"); };
  EXPECT_THROW(Run(2), std::domain_error);
  spec_.resources[0].release = [] { throw std::range_error("release"); };
  EXPECT_THROW(Run(2), std::range_error);
  spec_.resources[0].release = nullptr;
  spec_.summaries.clear();
  spec_.report = [] { throw std::length_error("report"); };
  EXPECT_THROW(Run(2), std::length_error);
}

TEST_F(RunGraphTest, BadIndicesAreRefusedBeforeAnythingRuns) {
  AddJob("job", 1, {0});
  EXPECT_THROW(Run(1), std::invalid_argument);
  spec_.jobs[0].resources.clear();
  AddSummary("summary", {1});
  EXPECT_THROW(Run(1), std::invalid_argument);
  spec_.summaries.clear();
  EXPECT_THROW(Run(0), std::invalid_argument);
  EXPECT_EQ(log_.events(), Events{});
}

}  // namespace
}  // namespace grove::sched
