#include "experiments/plan/shards.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <queue>
#include <string_view>
#include <utility>

#include "engine/error.h"
#include "experiments/plan/cost_model.h"

namespace grove {
namespace {

// The number that all of `text` is, or -1.
int Number(std::string_view text) {
  int number = -1;
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  return code == std::errc{} && stop == end && text.front() != '-' ? number : -1;
}

// The two numbers around `separator`, or {-1, -1}.
Shard Split(std::string_view text, std::string_view separator) {
  const size_t at = text.find(separator);
  if (at == std::string_view::npos) return {-1, -1};
  return {Number(text.substr(0, at)), Number(text.substr(at + separator.size()))};
}

bool IsShard(Shard shard) {
  return shard.count >= 1 && shard.count <= kMaxShards && shard.index >= 0 &&
         shard.index < shard.count;
}

}  // namespace

Shard ParseShard(const std::string& text) {
  const Shard shard = Split(text, "/");
  if (!IsShard(shard)) {
    throw Error("'" + text + "' is no shard; allowed: I/N, part I of 0 to N-1, N at most " +
                std::to_string(kMaxShards));
  }
  return shard;
}

std::vector<int> DealRuns(const std::vector<Job>& runs, int shards) {
  std::vector<double> seconds;
  std::vector<std::string> keys;
  for (size_t i = 0; i < runs.size(); ++i) {
    const bool as_before = i > 0 && SameButSeed(runs[i], runs[i - 1]);
    seconds.push_back(as_before ? seconds.back() : PredictSeconds(runs[i].run, runs[i].data));
    keys.push_back(runs[i].key);
  }
  return DealCosts(seconds, keys, shards);
}

std::vector<int> DealCosts(const std::vector<double>& seconds, const std::vector<std::string>& keys,
                           int shards) {
  // Whole microseconds: sums of them are the same on every machine.
  std::vector<int64_t> cost;
  cost.reserve(seconds.size());
  for (const double each : seconds) cost.push_back(std::llround(1e6 * each));
  std::vector<size_t> order(cost.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return cost[a] != cost[b] ? cost[a] > cost[b] : keys[a] < keys[b];
  });
  using Load = std::pair<int64_t, int>;  // so far, shard
  std::priority_queue<Load, std::vector<Load>, std::greater<>> least;
  for (int shard = 0; shard < shards; ++shard) least.emplace(0, shard);
  std::vector<int> shard_of(cost.size());
  for (const size_t run : order) {
    const auto [load, shard] = least.top();
    least.pop();
    shard_of[run] = shard;
    least.emplace(load + cost[run], shard);
  }
  return shard_of;
}

std::vector<Job> RunsOf(std::vector<Job> runs, Shard shard) {
  if (shard.IsWhole()) return runs;
  const std::vector<int> shard_of = DealRuns(runs, shard.count);
  std::vector<Job> own;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (shard_of[i] == shard.index) own.push_back(std::move(runs[i]));
  }
  return own;
}

std::string ShardedName(Shard shard, const std::string& name, const std::string& ending) {
  if (shard.IsWhole()) return name + ending;
  return name + "." + std::to_string(shard.index) + "-of-" + std::to_string(shard.count) + ending;
}

bool IsShardedName(const std::string& file, const std::string& name, const std::string& ending) {
  if (file == name + ending) return true;
  if (!file.starts_with(name + ".") || !file.ends_with(ending)) return false;
  if (file.size() <= name.size() + 1 + ending.size()) return false;
  const std::string_view part =
      std::string_view(file).substr(name.size() + 1, file.size() - name.size() - 1 - ending.size());
  return IsShard(Split(part, "-of-"));
}

}  // namespace grove
