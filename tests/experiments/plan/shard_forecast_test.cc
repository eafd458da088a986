#include "experiments/plan/shard_forecast.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "engine/run_spec.h"
#include "experiments/plan/cost_model.h"
#include "experiments/plan/shards.h"

namespace grove {
namespace {

// Runs that take about as long as the cost model says for so many training trees.
std::vector<Job> Runs(size_t count, int train) {
  std::vector<Job> runs(count);
  for (size_t i = 0; i < count; ++i) {
    runs[i].run = Resolve(RunSpec());
    runs[i].run.seed = i + 1;
    runs[i].data.train = train;
    SetKey(runs[i]);
  }
  return runs;
}

double SecondsOfAll(const std::vector<Job>& runs) {
  return std::accumulate(runs.begin(), runs.end(), 0.0, [](double sum, const Job& run) {
    return sum + PredictSeconds(run.run, run.data);
  });
}

TEST(ShardForecast, EveryRunIsInOneShard) {
  const std::vector<Job> runs = Runs(10, 2000);
  const std::vector<ShardForecast> shards = ForecastShards(runs, 3, 1);
  ASSERT_EQ(shards.size(), 3u);
  EXPECT_EQ(shards[0].runs + shards[1].runs + shards[2].runs, 10u);
  EXPECT_EQ(shards[0].runs, 4u);
}

TEST(ShardForecast, TimeIsThatOfItsRunsAndThreadsShareIt) {
  const std::vector<Job> runs = Runs(8, 2000);
  const double all = SecondsOfAll(runs);
  const double one = ForecastShards(runs, 1, 1)[0].seconds;
  // Medians of draws around what is expected, and the dataset.
  EXPECT_NEAR(one / all, 1, 0.3);
  EXPECT_NEAR(ForecastShards(runs, 4, 1)[2].seconds / one, 0.25, 0.08);
  EXPECT_NEAR(ForecastShards(runs, 1, 4)[0].seconds / one, 0.25, 0.12);
}

TEST(ShardForecast, MoreThreadsNeedMoreMemory) {
  const std::vector<Job> runs = Runs(8, 2000);
  EXPECT_GT(ForecastShards(runs, 1, 4)[0].bytes, ForecastShards(runs, 1, 1)[0].bytes);
}

TEST(ShardForecast, ChosenShardsTakeBetweenTenMinutesAndAnHour) {
  for (const size_t count : {400u, 2000u}) {
    const std::vector<Job> runs = Runs(count, 40'000);
    ASSERT_GT(SecondsOfAll(runs), 2 * kLongShard) << "several shards are needed";
    for (const int threads : {1, 2}) {
      const int chosen = ChooseShards(runs, threads);
      ASSERT_GT(chosen, 1);
      for (const ShardForecast& shard : ForecastShards(runs, chosen, threads)) {
        EXPECT_GT(shard.seconds, kShortShard);
        EXPECT_LT(shard.seconds, kLongShard);
      }
    }
    EXPECT_NEAR(ChooseShards(runs, 1), 2.0 * ChooseShards(runs, 2), 1);
  }
}

TEST(ShardForecast, ShortPlansAreOneShardAndLongRunsOneEach) {
  EXPECT_EQ(ChooseShards(Runs(8, 100), 1), 1);
  EXPECT_EQ(ChooseShards(Runs(3, 50'000'000), 1), 3);
}

TEST(ShardForecast, AsksForMoreThanIsExpected) {
  EXPECT_EQ(MinutesToAskFor(0), 10);
  EXPECT_EQ(MinutesToAskFor(1800), 92) << "three times half an hour, and two minutes";
  EXPECT_EQ(MinutesToAskFor(1801), 93) << "rounded up";
  EXPECT_EQ(MegabytesToAskFor(100 << 20), 406);
}

}  // namespace
}  // namespace grove
