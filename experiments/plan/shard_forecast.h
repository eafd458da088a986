// What the shards of a plan (plan/shards.h) will take on a cluster, by the cost model and the
// memory model alone, and what to ask of its scheduler for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "experiments/plan/job.h"

namespace grove {

struct ShardForecast {
  size_t runs = 0;
  double seconds = 0;  // of the clock, with so many threads
  uint64_t bytes = 0;  // at most
};

// Of each of `count` shards, with `threads` runs at a time in each.
std::vector<ShardForecast> ForecastShards(const std::vector<Job>& runs, int count, int threads);

// A shard should be worth its start and short enough to find a gap in the queue: so many seconds.
inline constexpr double kShortShard = 600;
inline constexpr double kLongShard = 3600;

// The number of shards that take about half of kLongShard each: at least 1, at most one a run.
int ChooseShards(const std::vector<Job>& runs, int threads);

// Machines differ in speed, and early stopping makes runs vary: what is asked for is this many
// times what is expected.
inline constexpr double kTimeMargin = 3;
inline constexpr double kMemoryMargin = 1.5;

// A task is told to stop so many seconds before its time is over.
inline constexpr int kWarningSeconds = 120;

// Minutes of the clock: kTimeMargin times the seconds, and the time of the warning; at least 10.
int64_t MinutesToAskFor(double seconds);
// Megabytes of 2^20: kMemoryMargin times the bytes, and 256 for what the model does not count.
int64_t MegabytesToAskFor(uint64_t bytes);

}  // namespace grove
