#include "experiments/plan/shards.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "experiments/plan/cost_model.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

std::vector<Job> MadeUpJobs(int count) {
  std::vector<Job> jobs;
  for (int i = 0; i < count; ++i) {
    Job& job = jobs.emplace_back();
    job.run.model = i % 3 == 0 ? "rnn" : "rlstm";
    job.run.seed = static_cast<uint64_t>(i);
    job.data.min_length = 1 + 10 * (i % 7);
    job.data.max_length = job.data.min_length + 9;
    job.run = Resolve(job.run);
    SetKey(job);
  }
  return jobs;
}

TEST(Shards, EveryRunIsInExactlyOne) {
  const std::vector<Job> jobs = MadeUpJobs(50);
  for (const int count : {1, 2, 7, 50, 80}) {
    std::multiset<std::string> keys;
    for (int index = 0; index < count; ++index) {
      for (const Job& job : RunsOf(jobs, {index, count})) keys.insert(job.key);
    }
    EXPECT_EQ(keys.size(), jobs.size()) << count;
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), jobs.size()) << count;
  }
}

// Whatever order the files on the command line have, a run belongs to the same shard.
TEST(Shards, TheOrderOfTheRunsDoesNotMatter) {
  std::vector<Job> jobs = MadeUpJobs(40);
  const auto keys_of = [](const std::vector<Job>& runs) {
    std::set<std::string> keys;
    for (const Job& run : runs) keys.insert(run.key);
    return keys;
  };
  const std::set<std::string> before = keys_of(RunsOf(jobs, {1, 4}));
  std::shuffle(jobs.begin(), jobs.end(), std::mt19937(1));
  EXPECT_EQ(keys_of(RunsOf(jobs, {1, 4})), before);
}

// Largest first to the least loaded: no shard has more than the mean and one run.
TEST(Shards, AreBalancedByTheCostModel) {
  const std::vector<Job> jobs = MadeUpJobs(60);
  std::vector<double> load(4);
  double total = 0, longest = 0;
  const std::vector<int> shard_of = DealRuns(jobs, 4);
  for (size_t i = 0; i < jobs.size(); ++i) {
    const double seconds = PredictSeconds(jobs[i].run, jobs[i].data);
    load[static_cast<size_t>(shard_of[i])] += seconds;
    total += seconds;
    longest = std::max(longest, seconds);
  }
  EXPECT_LE(*std::max_element(load.begin(), load.end()), total / 4 + longest);
  EXPECT_LE(*std::max_element(load.begin(), load.end()), 1.1 * total / 4);
}

TEST(Shards, AreReadAndNamed) {
  EXPECT_EQ(ParseShard("0/1"), (Shard{0, 1}));
  EXPECT_EQ(ParseShard("7/8"), (Shard{7, 8}));
  for (const char* bad : {"", "/", "1", "8/8", "-1/8", "1/0", "1/8x", " 1/8", "1/100001", "+1/8"}) {
    EXPECT_EQ(ErrorMessage([&] { ParseShard(bad); }),
              "'" + std::string(bad) +
                  "' is no shard; allowed: I/N, part I of 0 to N-1, N at most 100000");
  }
  EXPECT_EQ(ShardedName({0, 1}, "journal", ".jsonl"), "journal.jsonl");
  EXPECT_EQ(ShardedName({3, 8}, "journal", ".jsonl"), "journal.3-of-8.jsonl");
  for (const char* name : {"journal.jsonl", "journal.3-of-8.jsonl", "journal.0-of-100000.jsonl"}) {
    EXPECT_TRUE(IsShardedName(name, "journal", ".jsonl")) << name;
  }
  for (const char* name : {"journal", "journal..jsonl", "journal.8-of-8.jsonl", "journal.jsonl.gz",
                           "journal.3-of-8.json", "xjournal.jsonl", "journal.3-of-.jsonl"}) {
    EXPECT_FALSE(IsShardedName(name, "journal", ".jsonl")) << name;
  }
}

}  // namespace
}  // namespace grove
