#include "experiments/plan/shard_forecast.h"

#include <algorithm>
#include <cmath>

#include "experiments/plan/forecast.h"
#include "experiments/plan/predictor.h"
#include "experiments/plan/shards.h"

namespace grove {
namespace {

constexpr double kLeastMinutes = 10;
constexpr double kMoreMegabytes = 256;

std::vector<Prediction> Predict(const std::vector<Job>& runs) {
  const Predictor predictor({});
  std::vector<Prediction> predictions;
  predictions.reserve(runs.size());
  for (size_t i = 0; i < runs.size(); ++i) {
    const bool as_before = i > 0 && SameButSeed(runs[i], runs[i - 1]);
    predictions.push_back(as_before ? predictions.back()
                                    : predictor.Predict(runs[i].run, runs[i].data));
  }
  return predictions;
}

}  // namespace

std::vector<ShardForecast> ForecastShards(const std::vector<Job>& runs, int count, int threads) {
  const std::vector<int> shard_of = DealRuns(runs, count);
  const std::vector<Prediction> predictions = Predict(runs);
  std::vector<std::vector<const Job*>> shards(static_cast<size_t>(count));
  std::vector<std::vector<Prediction>> predicted(shards.size());
  for (size_t i = 0; i < runs.size(); ++i) {
    const auto shard = static_cast<size_t>(shard_of[i]);
    shards[shard].push_back(&runs[i]);
    predicted[shard].push_back(predictions[i]);
  }
  std::vector<ShardForecast> forecasts;
  for (size_t shard = 0; shard < shards.size(); ++shard) {
    const CorePlan plan =
        PlanCores(MakeWorkload(shards[shard], predicted[shard]), {.cores = threads});
    forecasts.push_back({shards[shard].size(), plan.seconds, plan.bytes});
  }
  return forecasts;
}

int ChooseShards(const std::vector<Job>& runs, int threads) {
  double seconds = 0;
  for (const Prediction& prediction : Predict(runs)) seconds += prediction.seconds;
  const double wanted = std::ceil(seconds / threads / (kLongShard / 2));
  const double most = static_cast<double>(std::min<size_t>(runs.size(), kMaxShards));
  return static_cast<int>(std::max(1.0, std::min(wanted, most)));
}

int64_t MinutesToAskFor(double seconds) {
  const double minutes = (kTimeMargin * seconds + kWarningSeconds) / 60;
  return static_cast<int64_t>(std::ceil(std::max(kLeastMinutes, minutes)));
}

int64_t MegabytesToAskFor(uint64_t bytes) {
  const double megabytes = kMemoryMargin * static_cast<double>(bytes) / (1 << 20);
  return static_cast<int64_t>(std::ceil(megabytes + kMoreMegabytes));
}

}  // namespace grove
